//! Folding Unicode into the characters the lexers know, with a way back to the bytes of the source.
//!
//! Normalisation forms would destroy meaning here (`xᵀ` would become `xT`), so scripts are folded by our own
//! table, into the script notation of both languages: `⁻¹` becomes `^{-1}`, `ᵢⱼ` becomes `_{ij}`.

use crate::text::Span;
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, decompose_canonical};

const SUPERSCRIPTS: &[(char, char)] = &[
    ('⁰', '0'),
    ('¹', '1'),
    ('²', '2'),
    ('³', '3'),
    ('⁴', '4'),
    ('⁵', '5'),
    ('⁶', '6'),
    ('⁷', '7'),
    ('⁸', '8'),
    ('⁹', '9'),
    ('⁺', '+'),
    ('⁻', '-'),
    ('⁼', '='),
    ('⁽', '('),
    ('⁾', ')'),
    ('ᵀ', '⊤'),
    ('ᵃ', 'a'),
    ('ᵇ', 'b'),
    ('ᶜ', 'c'),
    ('ᵈ', 'd'),
    ('ᵉ', 'e'),
    ('ᶠ', 'f'),
    ('ᵍ', 'g'),
    ('ʰ', 'h'),
    ('ⁱ', 'i'),
    ('ʲ', 'j'),
    ('ᵏ', 'k'),
    ('ˡ', 'l'),
    ('ᵐ', 'm'),
    ('ⁿ', 'n'),
    ('ᵒ', 'o'),
    ('ᵖ', 'p'),
    ('ʳ', 'r'),
    ('ˢ', 's'),
    ('ᵗ', 't'),
    ('ᵘ', 'u'),
    ('ᵛ', 'v'),
    ('ʷ', 'w'),
    ('ˣ', 'x'),
    ('ʸ', 'y'),
    ('ᶻ', 'z'),
    ('ᴷ', 'K'),
    ('ᴺ', 'N'),
    ('ᴹ', 'M'),
];

const SUBSCRIPTS: &[(char, char)] = &[
    ('₀', '0'),
    ('₁', '1'),
    ('₂', '2'),
    ('₃', '3'),
    ('₄', '4'),
    ('₅', '5'),
    ('₆', '6'),
    ('₇', '7'),
    ('₈', '8'),
    ('₉', '9'),
    ('₊', '+'),
    ('₋', '-'),
    ('₌', '='),
    ('₍', '('),
    ('₎', ')'),
    ('ₐ', 'a'),
    ('ₑ', 'e'),
    ('ₕ', 'h'),
    ('ᵢ', 'i'),
    ('ⱼ', 'j'),
    ('ₖ', 'k'),
    ('ₗ', 'l'),
    ('ₘ', 'm'),
    ('ₙ', 'n'),
    ('ₒ', 'o'),
    ('ₚ', 'p'),
    ('ᵣ', 'r'),
    ('ₛ', 's'),
    ('ₜ', 't'),
    ('ᵤ', 'u'),
    ('ᵥ', 'v'),
    ('ₓ', 'x'),
    ('ᵦ', 'β'),
    ('ᵧ', 'γ'),
    ('ᵨ', 'ρ'),
    ('ᵩ', 'φ'),
    ('ᵪ', 'χ'),
];

fn lookup(table: &[(char, char)], c: char) -> Option<char> {
    table.iter().find(|(s, _)| *s == c).map(|(_, plain)| *plain)
}

/// A text in the lexers' alphabet.
pub(super) struct Folded<'a> {
    pub(super) text: Cow<'a, str>,
    /// For each byte of `text`, the bytes of the source it comes from; empty where they are the same.
    map: Vec<(u32, u32)>,
}

impl Folded<'_> {
    /// The place in the source of a range of the folded text.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        if self.map.is_empty() {
            return Span::new(start, end);
        }
        let last = self.map.last().map_or(0, |m| m.1 as usize);
        let from = self.map.get(start).map_or(last, |m| m.0 as usize);
        let to = if end > start { self.map.get(end - 1).map_or(last, |m| m.1 as usize) } else { from };
        Span::new(from, to)
    }
}

/// Folds a text.
pub(super) fn fold(text: &str) -> Folded<'_> {
    if text.is_ascii() {
        return Folded { text: Cow::Borrowed(text), map: Vec::new() };
    }
    let mut folding = Folding { text: String::with_capacity(text.len() + 16), map: Vec::new(), script: None };
    for (at, c) in text.char_indices() {
        folding.character(c, (at as u32, (at + c.len_utf8()) as u32));
    }
    folding.close_script();
    Folded { text: Cow::Owned(folding.text), map: folding.map }
}

/// Script characters and what they stand for.
type Table = &'static [(char, char)];

struct Folding {
    text: String,
    map: Vec<(u32, u32)>,
    /// The table of the run of scripts that is open, and where its last character stands.
    script: Option<(Table, (u32, u32))>,
}

impl Folding {
    fn push(&mut self, c: char, from: (u32, u32)) {
        self.text.push(c);
        self.map.resize(self.text.len(), from);
    }

    fn close_script(&mut self) {
        if let Some((_, from)) = self.script.take() {
            self.push('}', from);
        }
    }

    fn script(&mut self, table: &'static [(char, char)], sign: char, c: char, from: (u32, u32)) {
        // A transpose is a script of its own (`ᵀᵀ`, `²ᵀ`, `ᵀ²`), but for its sign in `⁻ᵀ`.
        if c == '⊤' && self.text.ends_with('-') && !self.text.ends_with("^{-") {
            // `⁻¹⁻ᵀ`: the sign belongs to the transpose.
            let sign = self.map.last().copied().unwrap_or(from);
            self.text.pop();
            self.map.truncate(self.text.len());
            self.close_script();
            for c in ['^', '{', '-'] {
                self.push(c, sign);
            }
            self.script = Some((table, from));
        } else if self.text.ends_with('⊤') || (c == '⊤' && !self.text.ends_with("^{-")) {
            self.close_script();
        }
        match &mut self.script {
            Some((open, last)) if std::ptr::eq(*open, table) => *last = from,
            _ => {
                self.close_script();
                self.push(sign, from);
                self.push('{', from);
                self.script = Some((table, from));
            }
        }
        self.push(c, from);
    }

    fn character(&mut self, c: char, from: (u32, u32)) {
        if c.is_ascii() {
            self.close_script();
            return self.push(c, from);
        }
        if let Some(plain) = lookup(SUPERSCRIPTS, c) {
            return self.script(SUPERSCRIPTS, '^', plain, from);
        }
        if let Some(plain) = lookup(SUBSCRIPTS, c) {
            return self.script(SUBSCRIPTS, '_', plain, from);
        }
        self.close_script();
        match c {
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{fe0e}' | '\u{fe0f}' | '\u{feff}' => {}
            '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => self.push(' ', from),
            '−' | '–' | '—' | '‐' | '‑' | '﹣' | '-' => self.push('-', from),
            '∥' | '‖' | '║' => self.push('‖', from),
            '∣' | '│' | '|' => self.push('|', from),
            '⊺' | '⊤' => self.push('⊤', from),
            '′' | '’' | '‘' | 'ʹ' => self.push('\'', from),
            '″' => {
                self.push('\'', from);
                self.push('\'', from);
            }
            '⟨' | '〈' | '⟩' | '〉' => self.push(if matches!(c, '⟨' | '〈') { '⟨' } else { '⟩' }, from),
            '…' | '⋯' | '⋮' | '⋱' => self.push('…', from),
            'µ' => self.push('μ', from),
            '𝟏' | '𝟙' | '𝟎' | '𝟘' | 'ℓ' => self.push(c, from),
            '\u{1d6db}' | '\u{1d715}' | '\u{1d74f}' | '\u{1d789}' | '\u{1d7c3}' => self.push('∂', from),
            '\u{1d6c1}' | '\u{1d6fb}' | '\u{1d735}' | '\u{1d76f}' | '\u{1d7a9}' => self.push('∇', from),
            '\u{1d400}'..='\u{1d7ff}' | '\u{2100}'..='\u{214f}' | '\u{ff01}'..='\u{ff5e}' => {
                for plain in std::iter::once(c).nfkc() {
                    self.push(plain, from);
                }
            }
            _ if c.is_alphabetic() && canonical_combining_class(c) == 0 => {
                // An accented letter falls apart into the letter and its mark, which the lexers put into its name.
                decompose_canonical(c, |part| self.push(part, from));
            }
            _ => self.push(c, from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(fold(text).text, expected);
    }

    #[test]
    fn scripts_become_script_notation() {
        check("Aᵀᵀ⁻¹ᵀ", "A^{⊤}^{⊤}^{-1}^{⊤}");
        check("A⁻ᵀ", "A^{-⊤}");
        check("WᵀW", "W^{⊤}W");
        check("K⁻¹x₁₂", "K^{-1}x_{12}");
        check("x²ᵢ", "x^{2}_{i}");
    }

    #[test]
    fn fonts_and_signs() {
        check("𝐗 − ℝ", "X - R");
        check("ŷ", "y\u{302}");
        check("∥x∥", "‖x‖");
    }

    #[test]
    fn spans_count_original_bytes() {
        let folded = fold("xᵀA");
        let at = folded.text.find('A').unwrap();
        assert_eq!(folded.span(at, at + 1), Span::new(4, 5));
        assert_eq!(folded.span(1, 2), Span::new(1, 4));
    }
}
