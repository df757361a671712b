//! Colour, where it is wanted.

use super::visible::visible;
use std::borrow::Cow;

/// The sequences that begin a colour and that end it.
const CODES: [&str; 6] = ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m", "\u{1b}[1;31m", "\u{1b}[1;32m", "\u{1b}[1;33m"];

/// Paints words for a terminal, or leaves them as they are.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Paint {
    /// Whether there is colour.
    pub colour: bool,
}

impl Paint {
    fn with(self, code: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// A whole report as a terminal may get it: nothing but this palette is obeyed.
    #[must_use]
    pub fn shown(self, text: &str) -> Cow<'_, str> {
        if !self.colour || !text.contains('\u{1b}') {
            return visible(text);
        }
        let mut out = String::with_capacity(text.len());
        let mut pieces = text.split('\u{1b}');
        out.push_str(&visible(pieces.next().unwrap_or_default()));
        for piece in pieces {
            match CODES.iter().find(|code| piece.starts_with(&code[1..])) {
                Some(code) => {
                    out.push_str(code);
                    out.push_str(&visible(&piece[code.len() - 1..]));
                }
                None => {
                    out.push_str(&visible("\u{1b}"));
                    out.push_str(&visible(piece));
                }
            }
        }
        Cow::Owned(out)
    }

    /// What is right.
    #[must_use]
    pub fn good(self, text: &str) -> String {
        self.with("1;32", text)
    }

    /// What is wrong.
    #[must_use]
    pub fn bad(self, text: &str) -> String {
        self.with("1;31", text)
    }

    /// What is open.
    #[must_use]
    pub fn open(self, text: &str) -> String {
        self.with("1;33", text)
    }

    /// What matters most.
    #[must_use]
    pub fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    /// What stands beside.
    #[must_use]
    pub fn faint(self, text: &str) -> String {
        self.with("2", text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_palette_is_obeyed() {
        let paint = Paint { colour: true };
        let text = format!("{}\u{1b}[2J{}", paint.good("a\u{202e}"), paint.faint("b"));
        let shown = "\u{1b}[1;32ma‹U+202E›\u{1b}[0m‹U+001B›[2J\u{1b}[2mb\u{1b}[0m";
        assert_eq!(paint.shown(&text), shown);
        assert!(!Paint::default().shown(&text).contains('\u{1b}'));
    }
}
