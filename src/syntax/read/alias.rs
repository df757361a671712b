//! Aliases: other spellings of declared names, each taken whole.

use super::super::alias::{Key, Pattern};
use super::super::letter::Accent;
use super::super::token::{Bracket, Tok};
use super::super::{ExprId, ExprIds, Kind, NameKind, Syntax};
use super::{Reader, Reading};
use crate::operator::TRANSPOSE;
use smallvec::SmallVec;
use smol_str::SmolStr;

/// For each index of an alias, the token that stood for it.
type Bound = SmallVec<[usize; 2]>;

/// An alias that was met.
struct Met {
    /// The token after it.
    end: usize,
    bound: Bound,
    /// Whether a transpose stands within it.
    turned: bool,
}

impl Reader<'_> {
    /// The symbol or member that the longest alias here stands for.
    pub(super) fn alias(&mut self) -> Reading<Option<ExprId>> {
        let names = self.names;
        if names.patterns().is_empty() {
            return Ok(None);
        }
        for pattern in names.patterns() {
            let Some(Met { end, bound, turned }) = self.matches(pattern) else { continue };
            let start = self.span();
            let from = self.at;
            self.at = end;
            let span = self.since(start);
            let id = self.target(pattern, &bound, from, span)?;
            return Ok(Some(if turned { self.apply(&TRANSPOSE, &[id], span) } else { id }));
        }
        Ok(None)
    }

    fn matches(&self, pattern: &Pattern) -> Option<Met> {
        let mut at = self.at;
        let mut depth = 0usize;
        let mut turned = false;
        let mut bound = Bound::from_elem(usize::MAX, pattern.indices.len());
        for (n, key) in pattern.keys.iter().enumerate() {
            // `\phi^T(x)` is the transpose of `\phi(x)`.
            if n == 1
                && *key == Key::Sign(Tok::Open(Bracket::Round))
                && let Some(past) = self.past_transpose(at)
            {
                turned = true;
                at = past;
            }
            // Braces group without being seen.
            loop {
                match self.token(at).tok {
                    Tok::Open(Bracket::Group) if at > self.at => depth += 1,
                    Tok::Close(Bracket::Group) if depth > 0 => depth -= 1,
                    _ => break,
                }
                at += 1;
            }
            match (key, self.token(at).tok) {
                (Key::Letter(glyph, accent), Tok::Letter(letter)) => {
                    let same_accent =
                        letter.accent == *accent || (letter.accent, *accent) == (Accent::Vector, Accent::None);
                    if letter.glyph != *glyph || !same_accent {
                        return None;
                    }
                }
                (Key::Number(digits), Tok::Number) if self.characters(at) == digits.as_str() => {}
                (Key::Index(slot), Tok::Letter(_) | Tok::Number) => {
                    let earlier = bound.get_mut(*slot)?;
                    if *earlier == usize::MAX {
                        *earlier = at;
                    } else if self.token(*earlier).tok != self.token(at).tok {
                        return None;
                    }
                }
                (Key::Command(name), Tok::Unknown) if self.characters(at) == name.as_str() => {}
                (Key::Sign(sign), tok) if *sign == tok => {}
                _ => return None,
            }
            at += 1;
        }
        // `W^{(2)\top}` is the transpose of `W^{(2)}`.
        if depth == 1 && !turned && self.turns_inside(at) {
            turned = true;
            at += 1;
        }
        while depth > 0 {
            if self.token(at).tok != Tok::Close(Bracket::Group) {
                return None;
            }
            depth -= 1;
            at += 1;
        }
        // In plain text a word is not cut in two, nor a name from its digits.
        let cut = self.token(at).glued
            && self.syntax == Syntax::Plain
            && matches!(self.token(at - 1).tok, Tok::Letter(_) | Tok::Number)
            && matches!(self.token(at).tok, Tok::Letter(_) | Tok::Number);
        // An alias without an index (`L` for `L_i`) is not what stands before an index that is written.
        let indexed = !pattern.indices.is_empty()
            && bound.iter().all(|b| *b == usize::MAX)
            && self.token(at).tok == Tok::Subscript;
        (!cut && !indexed).then_some(Met { end: at, bound, turned })
    }

    fn target(&mut self, pattern: &Pattern, bound: &Bound, from: usize, span: crate::text::Span) -> Reading<ExprId> {
        let target = &pattern.target;
        let own = pattern.indices.iter().zip(bound).all(|(letter, at)| {
            *at == usize::MAX || {
                self.compose_one(*at);
                self.name == letter.as_str()
            }
        });
        let whole = self.names.is(&target.whole, NameKind::Symbol) || self.names.is(&target.whole, NameKind::Function);
        if target.indices.is_empty() || (own && whole) {
            if self.names.is(&target.whole, NameKind::Function) && !self.is_symbol(&target.whole) {
                return self.call(target.whole.clone(), span);
            }
            return Ok(self.tree.push(Kind::Symbol(target.whole.clone()), span));
        }
        let base = self.tree.push(Kind::Symbol(target.name.clone()), span);
        let mut indices = ExprIds::new();
        for (letter, at) in pattern.indices.iter().zip(bound) {
            let (at, own) = if *at == usize::MAX { (from, true) } else { (*at, false) };
            let place = if own { span } else { self.token(at).span };
            let kind = match self.token(at).tok {
                Tok::Number if !own => crate::number::Rational::parse_decimal(self.characters(at))
                    .map_or_else(|| Kind::Symbol(letter.clone()), Kind::Number),
                Tok::Letter(_) if !own => {
                    self.compose_one(at);
                    Kind::Symbol(SmolStr::new(&self.name))
                }
                _ => Kind::Symbol(letter.clone()),
            };
            indices.push(self.tree.push(kind, place));
        }
        Ok(self.tree.push(Kind::Subscript { base, indices }, span))
    }

    fn compose_one(&mut self, at: usize) {
        self.name.clear();
        if let Tok::Letter(letter) = self.token(at).tok {
            letter.write(&mut self.name);
        } else {
            let digits = self.characters(at);
            self.name.push_str(digits);
        }
    }
}
