//! Looking names up: the longest declared name with its scripts, and runs of letters as products of names.

use super::super::letter::greek;
use super::super::token::{Bracket, Tok};
use super::super::{Name, Syntax};
use super::Reader;

impl Reader<'_> {
    /// The longest declared name that begins with all letters of the run, with digits and scripts after it.
    pub(super) fn declared_at(&mut self, at: usize, end: usize) -> Option<(Name, usize)> {
        if self.names.is_empty() {
            return None;
        }
        self.compose(at, end);
        let mut found = self.names.resolve(&self.name).map(|n| (n, end));
        let mut next = end;
        if self.digits_follow(end) {
            let digits = self.characters(end);
            let letters = self.name.len();
            self.name.push_str(digits);
            next = end + 1;
            if let Some(name) = self.names.resolve(&self.name) {
                found = Some((name, next));
            } else {
                // `W1` for the declared `W_1`.
                self.name.insert(letters, '_');
                if let Some(name) = self.names.resolve(&self.name) {
                    found = Some((name, next));
                }
            }
        }
        // Σ with an equation below it is a sum whatever is declared.
        if found.as_ref().is_some_and(|(n, _)| n == "Sigma") && self.script_has_equation(end) {
            return None;
        }
        for _ in 0..3 {
            let Some(after) = self.flat_script(next) else { break };
            next = after;
            if let Some(name) = self.names.resolve(&self.name).or_else(|| self.numbered()) {
                found = Some((name, next));
            }
        }
        found
    }

    /// The declared `W1` for `W_1` in the scratch name, where `W` is no name of which this could be an element.
    fn numbered(&self) -> Option<Name> {
        let (base, number) = self.name.split_once('_')?;
        if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) || self.names.resolve(base).is_some() {
            return None;
        }
        self.names.resolve(&format!("{base}{number}"))
    }

    /// Appends a script that could belong to a name (`_1`, `_{xy}`, `^{[1]}`, `^*`) to the scratch name.
    pub(super) fn flat_script(&mut self, at: usize) -> Option<usize> {
        let sign = self.token(at).tok;
        if !matches!(sign, Tok::Subscript | Tok::Superscript) {
            return None;
        }
        self.name.push('_');
        let mut at = at + 1;
        match self.token(at).tok {
            Tok::Open(Bracket::Group) => {
                at += 1;
                let inner = match self.token(at).tok {
                    Tok::Open(b @ (Bracket::Round | Bracket::Square)) if sign == Tok::Superscript => {
                        at += 1;
                        Some(b)
                    }
                    _ => None,
                };
                let from = at;
                // A bare superscript is a power, a transpose or a member; only a star is part of a name.
                let star = is_star(self.characters(from));
                if star {
                    self.name.push_str("star");
                    at += 1;
                }
                while !star && self.flat_token(at) {
                    at += 1;
                }
                if at == from || (sign == Tok::Superscript && inner.is_none() && !star) {
                    return None;
                }
                if let Some(bracket) = inner {
                    if self.token(at).tok != Tok::Close(bracket) {
                        return None;
                    }
                    at += 1;
                }
                if inner.is_some() && self.turns_inside(at) {
                    return Some(at);
                }
                (self.token(at).tok == Tok::Close(Bracket::Group)).then_some(at + 1)
            }
            Tok::Letter(_) | Tok::Number if sign == Tok::Subscript => {
                if self.syntax == Syntax::Latex {
                    self.flat_token(at);
                    return Some(at + 1);
                }
                let mut next = at;
                while (next == at || self.token(next).glued) && self.flat_token(next) {
                    next += 1;
                }
                Some(next)
            }
            Tok::Infix(_) | Tok::Mark if is_star(self.characters(at)) => {
                self.name.push_str("star");
                Some(at + 1)
            }
            _ => None,
        }
    }

    /// Appends a letter or number, where one stands at `at`, to the scratch name.
    pub(super) fn flat_token(&mut self, at: usize) -> bool {
        match self.token(at).tok {
            Tok::Letter(letter) => letter.write(&mut self.name),
            Tok::Number => {
                let digits = self.characters(at);
                self.name.push_str(digits);
            }
            _ => return false,
        }
        true
    }

    /// The end of the first name of the run, where the run from `at` is a product of known names.
    pub(super) fn segment(&mut self, at: usize, end: usize, first: usize, failed: &mut u64) -> Option<usize> {
        if failed.checked_shr((at - first) as u32).unwrap_or(0) & 1 == 1 {
            return None;
        }
        for next in (at + 1..=end).rev() {
            let known = if next == end {
                at > first && (self.declared_at(at, end).is_some() || self.built_in(at, end).is_some())
            } else {
                self.compose(at, next);
                self.names.resolve(&self.name).is_some()
                    || (!self.names.is_empty() && self.name == "I")
                    || (next - at >= 4 && greek(&self.name).is_some() && !self.names.is_empty())
            };
            if known && (next == end || self.segment(next, end, first, failed).is_some()) {
                return Some(next);
            }
        }
        if at - first < 64 {
            *failed |= 1 << (at - first);
        }
        None
    }
}

/// The signs that make a name of its own as a superscript: `w^*`, `w^\star`.
pub(in crate::syntax) fn is_star(characters: &str) -> bool {
    matches!(characters.trim(), "*" | "\\star" | "\\ast")
}
