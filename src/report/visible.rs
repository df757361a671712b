//! Characters that a terminal or a reader would obey, or that nobody can see: they are shown, each by its number.
//!
//! A submission may hold an escape sequence that clears the screen, a sign that turns the direction of the line, or a
//! letter of no width that makes two names look alike. What is printed for a person goes through here as a whole, so
//! that no report has to think of it.

use std::borrow::Cow;
use unicode_normalization::char::is_combining_mark;

/// Marks that may stand on one letter before the others are only counted.
const MOST_MARKS: usize = 4;

/// Whether a character has no picture of its own and changes how others look: a control character, a sign that turns
/// the direction of writing, a separator of lines, or one without width.
pub(super) fn is_hidden(c: char) -> bool {
    match c {
        ' '..='~' | '\n' | '\t' => false,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{70f}' | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{feff}' => true,
        '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{fe00}'..='\u{fe0f}' => true,
        '\u{fff0}'..='\u{fff8}' | '\u{fffe}' | '\u{ffff}' | '\u{13430}'..='\u{1343f}' => true,
        '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' => true,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}' => true,
        c => c.is_control(),
    }
}

/// A hidden character by its number.
fn number(c: char) -> String {
    format!("‹U+{:04X}›", u32::from(c))
}

/// A text as it may be shown: hidden characters by their numbers, and a flood of marks on one letter counted.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if is_plain(text) { Cow::Borrowed(text) } else { Cow::Owned(mapped(text).0) }
}

/// Whether nothing of a text has to be shown otherwise.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b'\n' | b'\t' | b' '..=b'~'))
}

/// The same, and for each byte of the text where it begins in what is shown.
pub(super) fn mapped(text: &str) -> (String, Vec<usize>) {
    let mut out = String::with_capacity(text.len() + 16);
    let mut places = Vec::with_capacity(text.len() + 1);
    let (mut marks, mut dropped) = (0, 0);
    for c in text.chars() {
        marks = if is_combining_mark(c) { marks + 1 } else { 0 };
        if marks == 0 && dropped > 0 {
            out.push_str(&format!("‹+{dropped}›"));
            dropped = 0;
        }
        places.resize(places.len() + c.len_utf8(), out.len());
        match c {
            _ if marks > MOST_MARKS => dropped += 1,
            c if is_hidden(c) => out.push_str(&number(c)),
            c => out.push(c),
        }
    }
    if dropped > 0 {
        out.push_str(&format!("‹+{dropped}›"));
    }
    places.push(out.len());
    (out, places)
}

/// JSON as it may be written to a terminal: what is hidden stands as an escape, which is the same string to a program.
#[must_use]
pub fn escaped(json: &str) -> Cow<'_, str> {
    if !json.chars().any(is_hidden) {
        return Cow::Borrowed(json);
    }
    // Outside of strings JSON has no such characters, and inside them control characters are escapes already.
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if is_hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_shown() {
        assert_eq!(visible("a\u{1b}[2Jb\rc\u{9b}d"), "a‹U+001B›[2Jb‹U+000D›c‹U+009B›d");
        assert_eq!(visible("W\u{fe0f}\u{180b}"), "W‹U+FE0F›‹U+180B›");
        assert_eq!(visible("W\u{202e}x\u{200b}y\u{feff}\u{e0041}"), "W‹U+202E›x‹U+200B›y‹U+FEFF›‹U+E0041›");
        assert_eq!(visible("αᵀ x̂\n\tü"), "αᵀ x̂\n\tü");
    }

    #[test]
    fn a_flood_of_marks_is_counted() {
        let flood = format!("x{}y", "\u{301}".repeat(1000));
        assert_eq!(visible(&flood), format!("x{}‹+996›y", "\u{301}".repeat(4)));
    }

    #[test]
    fn places_follow_what_is_shown() {
        let (shown, places) = mapped("a\u{202e}b");
        assert_eq!(places.len(), 6);
        assert_eq!(&shown[places[4]..places[5]], "b");
        assert_eq!(&shown[places[1]..places[4]], "‹U+202E›");
    }

    #[test]
    fn escaped_json_says_the_same() {
        let value = serde_json::json!({"a\u{202e}": "\u{1b}[2J\u{9b}\u{e0041}α"});
        let text = value.to_string();
        let safe = escaped(&text);
        assert!(!safe.chars().any(is_hidden), "{safe}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&safe).unwrap(), value);
    }
}
