//! Diagnostics for a person: the source with a caret under the place, the hint and the code.

use super::visible::{mapped, visible};
use crate::text::{Code, Diagnostic, Span};
use codespan_reporting::diagnostic as shown;
use codespan_reporting::files::SimpleFile;
use codespan_reporting::term::{self, Config, Styles, StylesWriter, termcolor};

/// Longest source that is shown around a place.
const LONGEST: usize = 4096;

/// A diagnostic as text; `origin` names the source, and without a source only the message is shown.
#[must_use]
pub fn diagnostic(d: &Diagnostic, origin: &str, source: Option<&str>, colour: bool) -> String {
    let subject = match (&d.source, source) {
        (Some(key), None) => format!("{key}: {}", d.message),
        _ => d.message.clone(),
    };
    let mut out = severity(d.code).with_code(d.code.to_string()).with_message(visible(&subject));
    let mut text = String::new();
    if let Some(source) = source {
        let (piece, offset) = near(source, d.span);
        let (shown_piece, places) = mapped(piece);
        let place = |s: Span| {
            let r = within(piece, s.range().start.saturating_sub(offset)..s.range().end.saturating_sub(offset));
            places[r.start]..places[r.end]
        };
        let mut labels = vec![shown::Label::primary((), place(d.span))];
        labels.extend(
            d.labels.iter().map(|(s, words)| shown::Label::secondary((), place(*s)).with_message(visible(words))),
        );
        out = out.with_labels(labels);
        text = shown_piece;
    }
    if let Some(hint) = &d.hint {
        out = out.with_notes(vec![format!("hint: {}", visible(hint))]);
    }
    let file = SimpleFile::new(visible(origin), text);
    let config = Config { start_context_lines: 1, end_context_lines: 1, ..Config::default() };
    if colour {
        let styles = Styles::default();
        let mut ansi = termcolor::Ansi::new(Vec::new());
        let mut writer = StylesWriter::new(&mut ansi, &styles);
        if term::emit_to_write_style(&mut writer, &config, &file, &out).is_ok() {
            return String::from_utf8_lossy(&ansi.into_inner()).into_owned();
        }
    }
    term::emit_into_string(&config, &file, &out)
        .unwrap_or_else(|_| format!("error[{}]: {}\n", d.code, visible(&d.message)))
}

fn severity(code: Code) -> shown::Diagnostic<()> {
    // What these say stops nothing.
    match code {
        Code::AMBIGUOUS_ALIAS | Code::NOT_GRADABLE | Code::KEPT_DECISION => shown::Diagnostic::warning(),
        _ => shown::Diagnostic::error(),
    }
}

/// The part of a long source that is worth showing, and where it begins.
fn near(source: &str, span: Span) -> (&str, usize) {
    if source.len() <= LONGEST || source.lines().all(|l| l.len() <= LONGEST) {
        return (source, 0);
    }
    let at = (span.start as usize).min(source.len());
    let (start, end) = (boundary(source, at.saturating_sub(40)), boundary(source, (at + 80).min(source.len())));
    (source.get(start..end).unwrap_or_default(), start)
}

fn within(source: &str, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let start = boundary(source, range.start.min(source.len()));
    let mut end = range.end.clamp(start, source.len());
    while !source.is_char_boundary(end) {
        end += 1;
    }
    start..end
}

fn boundary(source: &str, mut at: usize) -> usize {
    while !source.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Code;

    #[test]
    fn a_caret_stands_under_the_place() {
        let d = Diagnostic::new(Code::UNKNOWN_SYMBOL, Span::new(3, 5), "β is not declared").hint("declare it");
        let text = diagnostic(&d, "formula", Some("α β + γ"), false);
        assert!(text.contains("error[E0201]: β is not declared"), "{text}");
        assert!(text.contains("α β + γ") && text.contains("  ^"), "{text}");
        assert!(text.contains("hint: declare it"), "{text}");
    }

    #[test]
    fn what_is_hidden_is_shown_and_the_caret_still_stands_under_the_place() {
        let d = Diagnostic::new(Code::UNKNOWN_SYMBOL, Span::new(5, 6), "\u{1b}[2J is not declared");
        let text = diagnostic(&d, "a\u{202e}", Some("W\u{202e} β"), false);
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
        let lines: Vec<&str> = text.lines().collect();
        let at = |line: &str, c: char| line.chars().position(|x| x == c);
        let source = lines.iter().position(|l| l.contains("W‹U+202E› β")).unwrap();
        assert_eq!(at(lines[source], 'β'), at(lines[source + 1], '^'), "{text}");
    }

    #[test]
    fn places_outside_the_source_are_brought_inside() {
        let d = Diagnostic::new(Code::UNKNOWN_SYMBOL, Span::new(1, 900), "x");
        assert!(diagnostic(&d, "formula", Some("α"), false).contains("E0201"));
        let long = "é".repeat(5000);
        assert!(diagnostic(&d, "formula", Some(&long), false).len() < 2000);
    }
}
