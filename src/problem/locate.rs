//! Where in a problem file a key or a value stands, for messages about it.

use crate::text::Span;
use serde_spanned::Spanned;
use toml::de::{DeTable, DeValue};

type Value<'a> = Spanned<DeValue<'a>>;

/// The value that stands under a name in one of the sections of a problem (the n-th of a list, or the file itself):
/// of a formula its text without the quotes, otherwise the name. A name may stand in several sections: `first` is looked
/// into first. Nothing in a JSON file.
#[must_use]
pub fn locate(file: &str, problem: Option<usize>, key: &str, first: Option<&str>) -> Option<Span> {
    let root = DeTable::parse(file).ok()?;
    let table = table(root.get_ref(), problem)?;
    if let Some(v) = table.get(key) {
        return Some(span(v));
    }
    if let Some(DeValue::Table(t)) = first.and_then(|f| table.get(f)).map(Spanned::get_ref) {
        if let Some((name, _)) = t.get_key_value(key) {
            return Some(Span::new(name.span().start, name.span().end));
        }
    }
    for section in ["definitions", "objectives"] {
        let value = match table.get(section).map(Spanned::get_ref) {
            Some(DeValue::Table(t)) => t.get(key),
            Some(DeValue::Array(pairs)) => pairs.iter().find_map(|p| match p.get_ref() {
                DeValue::Array(pair) if pair.first().and_then(|k| k.get_ref().as_str()) == Some(key) => pair.get(1),
                _ => None,
            }),
            _ => None,
        };
        if let Some(v) = value {
            return Some(content(file, v));
        }
    }
    for section in ["symbols", "properties", "aliases"] {
        if let Some(DeValue::Table(t)) = table.get(section).map(Spanned::get_ref) {
            if let Some((name, _)) = t.get_key_value(key) {
                let at = name.span();
                return Some(Span::new(at.start, at.end));
            }
        }
    }
    None
}

/// The value of a field of a question.
#[must_use]
pub fn locate_in_question(file: &str, problem: Option<usize>, question: usize, field: &str) -> Option<Span> {
    let root = DeTable::parse(file).ok()?;
    let DeValue::Array(questions) = table(root.get_ref(), problem)?.get("questions")?.get_ref() else { return None };
    let DeValue::Table(t) = questions.get(question)?.get_ref() else { return None };
    t.get(field).map(|v| content(file, v))
}

fn table<'t, 'a>(root: &'t DeTable<'a>, problem: Option<usize>) -> Option<&'t DeTable<'a>> {
    let Some(n) = problem else { return Some(root) };
    match root.get("problems")?.get_ref() {
        DeValue::Array(list) => match list.get(n)?.get_ref() {
            DeValue::Table(t) => Some(t),
            _ => None,
        },
        _ => None,
    }
}

fn span(v: &Value<'_>) -> Span {
    Span::new(v.span().start, v.span().end)
}

/// A string without its quotes, where it stands in the file as it is; otherwise the whole value.
fn content(file: &str, v: &Value<'_>) -> Span {
    let at = v.span();
    let (Some(text), Some(source)) = (v.get_ref().as_str(), file.get(at.clone())) else { return span(v) };
    match source.find(text) {
        Some(offset) if !text.is_empty() => Span::new(at.start + offset, at.start + offset + text.len()),
        _ => span(v),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_found_without_their_quotes() {
        let file = "[symbols]\nW = [\"m\"]\n[definitions]\n\"K\" = '''W W\\''''\n[[questions]]\nof = \"L\"\n";
        let text = |s: Option<Span>| s.and_then(|s| file.get(s.range())).map(str::to_owned);
        assert_eq!(text(locate(file, None, "K", None)).as_deref(), Some("W W\\'"));
        assert_eq!(text(locate(file, None, "W", None)).as_deref(), Some("W"));
        assert_eq!(text(locate_in_question(file, None, 0, "of")).as_deref(), Some("L"));
        assert_eq!(locate(file, Some(0), "K", None), None);
    }
}
