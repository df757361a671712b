//! A named mistake: for a program, for a person, and as a hint that does not yet say how it is repaired.

use super::json;
use super::paint::Paint;
use crate::diagnosis::Diagnosed;
use crate::mark::Class;
use crate::text::Span;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthChar;

/// Columns of a source line that is marked.
const WIDTH: usize = 96;
/// Columns kept before a place in a source that is cut.
const BEFORE: usize = 40;

/// How much of a mistake is shown: where it is, of what kind, or all of it with the repair.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Hint {
    /// Only where to look.
    Where,
    /// What kind of mistake it is.
    Kind,
    /// What has to be done.
    Repair,
}

impl Hint {
    /// The hint of a level from 1 to 3.
    #[must_use]
    pub fn of_level(level: u8) -> Self {
        match level {
            0 | 1 => Self::Where,
            2 => Self::Kind,
            _ => Self::Repair,
        }
    }

    /// How many of the three hints are given.
    fn count(self) -> usize {
        match self {
            Self::Where => 1,
            Self::Kind => 2,
            Self::Repair => 3,
        }
    }
}

/// A mistake under the keys of the contract, with its key for statistics and its hints; of a hint, only what it tells.
pub(super) fn mistake(d: &Diagnosed, hint: Option<Hint>) -> Value {
    let span = d.span.map(json::span);
    let Some(hint) = hint else {
        return json!({"kind": d.kind, "message": d.message, "span": span, "repaired": d.repaired, "key": d.key,
            "hints": d.hints});
    };
    let told = &d.hints[..hint.count()];
    let kind = (hint >= Hint::Kind).then_some(d.kind);
    let key = (hint >= Hint::Kind).then_some(&d.key);
    let repaired = d.repaired.as_ref().filter(|_| hint == Hint::Repair);
    json!({"kind": kind, "message": told.last(), "span": span, "repaired": repaired, "key": key, "hints": told})
}

/// The words of a mistake: all of them, or those of a hint and the ones before it.
pub(super) fn words(d: &Diagnosed, hint: Option<Hint>) -> String {
    match hint {
        None => d.message.clone(),
        Some(hint) => {
            let mut told: Vec<&str> = d.hints[..hint.count()].iter().map(String::as_str).collect();
            told.dedup();
            told.join(" ")
        }
    }
}

/// The class with of each mistake only what a hint tells; nothing where there is no hint.
#[must_use]
pub fn hinted(class: &Class, hint: Option<Hint>) -> Option<Class> {
    let hint = hint?;
    let mut class = class.clone();
    for graded in class.entries.iter_mut().filter_map(|e| e.result.as_mut().ok()) {
        for claim in &mut graded.sheet.claims {
            for slip in &mut claim.diagnosis {
                slip.message = words(&slip.diagnosed(), Some(hint));
                slip.repaired = slip.repaired.take().filter(|_| hint == Hint::Repair);
            }
            claim.counterexample = claim.counterexample.take().filter(|_| hint == Hint::Repair);
        }
    }
    Some(class)
}

/// The source on one line with carets under the place; nothing where the place is all of it or none.
pub(super) fn marked(source: &str, span: Option<Span>, paint: Paint) -> Option<String> {
    let range = span?.range();
    let (before, place, after) = (source.get(..range.start)?, source.get(range.clone())?, source.get(range.end..)?);
    if place.trim().is_empty() || before.trim().is_empty() && after.trim().is_empty() {
        return None;
    }
    let line = |text: &str| -> String { text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect() };
    let (before, place, after) = (line(before), line(place), line(after));
    let place = beginning(&place, WIDTH - BEFORE);
    let is_long = width(&before) + width(&place) + width(&after) > WIDTH;
    let (before, after) = match is_long {
        true => {
            let before = ending(before.trim_start(), BEFORE);
            let rest = WIDTH.saturating_sub(width(&before) + width(&place)).max(BEFORE / 2);
            (before, beginning(after.trim_end(), rest))
        }
        false => (before.trim_start().to_owned(), after.trim_end().to_owned()),
    };
    let carets = "^".repeat(width(&place).max(1));
    Some(format!("{before}{place}{after}\n{}{}", " ".repeat(width(&before)), paint.bad(&carets)))
}

/// Columns that a text takes.
fn width(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// The end of a text, of at most so many columns.
fn ending(text: &str, most: usize) -> String {
    let kept: Vec<char> = text.chars().rev().take(most).collect();
    let cut = if text.chars().count() > most { "…" } else { "" };
    format!("{cut}{}", kept.into_iter().rev().collect::<String>())
}

/// The beginning of a text, of at most so many columns.
fn beginning(text: &str, most: usize) -> String {
    let cut = if text.chars().count() > most { "…" } else { "" };
    format!("{}{cut}", text.chars().take(most).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistaken() -> Diagnosed {
        Diagnosed {
            kind: "sign",
            message: "The sign of a term is wrong. `b` is added here. Repaired: `a - b`.".into(),
            span: Some(Span::new(4, 5)),
            repaired: Some("a - b".into()),
            key: "sign:b".into(),
            hints: ["Look again at `b`.".into(), "The sign of a term is wrong.".into(), "Repaired: `a - b`.".into()],
        }
    }

    #[test]
    fn carets_cover_the_place_and_nothing_else() {
        let paint = Paint::default();
        let shown = |source: &str, start, end| marked(source, Some(Span::new(start, end)), paint);
        assert_eq!(shown("a + b", 4, 5).as_deref(), Some("a + b\n    ^"));
        // Two columns of a letter with its accent are one, and bytes are not columns.
        assert_eq!(shown("βᵀ + 2xᵀ", 8, 13).as_deref(), Some("βᵀ + 2xᵀ\n     ^^^"));
        assert_eq!(shown("a + b", 0, 5), None);
        assert_eq!(shown("a + b", 4, 9), None);
        assert_eq!(marked("a + b", None, paint), None);
    }

    #[test]
    fn a_long_source_is_cut_around_the_place() {
        let source = format!("{} + w + {}", "a ".repeat(80), "b ".repeat(80));
        let at = source.find('w').unwrap_or(0);
        let shown = marked(&source, Some(Span::new(at, at + 1)), Paint::default()).unwrap_or_default();
        let lines: Vec<&str> = shown.lines().collect();
        assert!(lines[0].starts_with('…') && lines[0].ends_with('…') && width(lines[0]) <= WIDTH + 2, "{shown}");
        assert_eq!(lines[0].chars().nth(lines[1].len() - 1), Some('w'), "{shown}");
    }

    #[test]
    fn a_hint_says_no_more_than_its_level() {
        let d = mistaken();
        let first = mistake(&d, Some(Hint::Where));
        assert_eq!(first["message"], "Look again at `b`.");
        assert!(first["kind"].is_null() && first["repaired"].is_null() && first["key"].is_null());
        let second = mistake(&d, Some(Hint::Kind));
        assert_eq!((&second["kind"], second["repaired"].is_null()), (&json!("sign"), true));
        assert_eq!(mistake(&d, Some(Hint::Repair))["repaired"], "a - b");
        assert_eq!(mistake(&d, None)["key"], "sign:b");
        assert_eq!(words(&d, Some(Hint::Kind)), "Look again at `b`. The sign of a term is wrong.");
    }
}
