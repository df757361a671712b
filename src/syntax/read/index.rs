//! Indices: in subscripts and in square brackets.

use super::super::letter::greek;
use super::super::token::{Bracket, Tok, Token};
use super::super::{ExprId, ExprIds, Kind, Syntax};
use super::{Open, Reader, Reading};
use crate::operator::{INNER, MULTIPLY};
use crate::text::Code;
use smol_str::SmolStr;

impl Reader<'_> {
    /// A subscript, after its sign.
    pub(super) fn index_script(&mut self) -> Reading<ExprIds> {
        let start = self.span();
        match self.tok() {
            Tok::Open(bracket @ (Bracket::Group | Bracket::Square | Bracket::Round)) => {
                self.advance();
                self.within(Open::Bracket(bracket), |reader| {
                    let indices = reader.index_list()?;
                    reader.close(bracket, start)?;
                    Ok(indices)
                })
            }
            Tok::Letter(_) | Tok::Number => {
                let mut indices = ExprIds::new();
                self.index_item(&mut indices)?;
                // In plain text the letters that follow without a space are indices too: `w_jk`.
                while self.syntax == Syntax::Plain
                    && self.glued(0)
                    && matches!(self.tok(), Tok::Letter(_) | Tok::Number)
                {
                    self.index_item(&mut indices)?;
                }
                Ok(indices)
            }
            _ => Self::fail_at(
                Code::BAD_SCRIPT,
                self.span(),
                "an index was expected after `_`",
                "write x_i, W_{jk} or X[j,k]",
            ),
        }
    }

    /// `[k,i]` after a base.
    pub(super) fn index_bracket(&mut self) -> Reading<ExprIds> {
        let start = self.span();
        self.advance();
        self.within(Open::Bracket(Bracket::Square), |reader| {
            let indices = reader.index_list()?;
            reader.close(Bracket::Square, start)?;
            Ok(indices)
        })
    }

    fn index_list(&mut self) -> Reading<ExprIds> {
        let mut indices = ExprIds::new();
        loop {
            self.index_group(&mut indices)?;
            if !self.accept(Tok::Comma) {
                return Ok(indices);
            }
        }
    }

    /// What stands between two commas: `:`, letters that are an index each, or an expression.
    fn index_group(&mut self, indices: &mut ExprIds) -> Reading<()> {
        if self.tok() == Tok::Infix(&INNER) && matches!(self.peek(1), Tok::Comma | Tok::Close(_)) {
            let span = self.span();
            self.advance();
            indices.push(self.tree.push(Kind::Slice, span));
            return Ok(());
        }
        let mut end = self.at;
        while matches!(self.token(end).tok, Tok::Letter(_) | Tok::Number) || self.is_slice(end) {
            end += 1;
        }
        let at_edges = (self.at..end).all(|t| !self.is_slice(t) || t == self.at || t + 1 == end);
        let alone = end == self.at + 1 && self.is_slice(self.at) && indices.is_empty();
        let alone = alone && self.token(end).tok != Tok::Comma;
        if end > self.at && at_edges && !alone && matches!(self.token(end).tok, Tok::Comma | Tok::Close(_)) {
            while self.at < end {
                if self.is_slice(self.at) {
                    let span = self.span();
                    self.advance();
                    indices.push(self.tree.push(Kind::Slice, span));
                } else {
                    self.index_item(indices)?;
                }
            }
            return Ok(());
        }
        if self.tokens[self.at..]
            .iter()
            .take_while(|t| !matches!(t.tok, Tok::Comma | Tok::Close(_) | Tok::Finish))
            .any(|t| t.tok == Tok::Infix(&INNER))
        {
            return Self::fail_at(
                Code::BAD_SCRIPT,
                self.span(),
                "a range of indices is not known here",
                "write `:` for all, or one index",
            );
        }
        indices.push(self.expression()?);
        Ok(())
    }

    /// A sign for all of an index: `W_{k:}`, `W_{k\cdot}`, `W_{\bullet j}`, `x_{i.}`.
    fn is_slice(&self, at: usize) -> bool {
        match self.token(at).tok {
            Tok::Infix(op) => op == &INNER || op == &MULTIPLY && self.characters(at).trim() != "*",
            Tok::Mark => self.characters(at).trim() == "\\bullet",
            Tok::Stop => true,
            _ => false,
        }
    }

    /// One letter or number of a group of indices.
    fn index_item(&mut self, indices: &mut ExprIds) -> Reading<()> {
        let id = if self.tok() == Tok::Number { self.number()? } else { self.index_letter()? };
        indices.push(id);
        Ok(())
    }

    /// One letter as an index or exponent; in plain text perhaps a declared or a Greek name of several.
    pub(super) fn index_letter(&mut self) -> Reading<ExprId> {
        let start = self.span();
        let mut end = self.at + 1;
        while matches!(self.token(end).tok, Tok::Letter(_)) && self.token(end).glued && end - self.at < 12 {
            end += 1;
        }
        for next in (self.at + 1..=end).rev() {
            self.name.clear();
            for at in self.at..next {
                if let Tok::Letter(letter) = self.tokens[at].tok {
                    letter.write(&mut self.name);
                }
            }
            let one = next == self.at + 1;
            let word = self.syntax == Syntax::Plain && (self.names.contains(&self.name) || greek(&self.name).is_some());
            if one || word {
                self.at = next;
                let span = self.since(start);
                // An index keeps its letter, whatever other spelling the letter is.
                return Ok(self.tree.push(Kind::Symbol(SmolStr::new(&self.name)), span));
            }
        }
        self.unexpected("an index")
    }

    /// How many single letters or numbers the subscript at `at` holds; 0 where it holds anything else.
    pub(super) fn script_items(&self, at: usize) -> usize {
        let (mut at, grouped) = match self.token(at).tok {
            Tok::Open(Bracket::Group) => (at + 1, true),
            _ => (at, false),
        };
        let from = at;
        let mut items = 0;
        loop {
            match self.token(at).tok {
                Tok::Letter(_) | Tok::Number if grouped || at == from || self.token(at).glued => items += 1,
                Tok::Comma if grouped => {}
                Tok::Close(Bracket::Group) if grouped => return items,
                _ => return if grouped { 0 } else { items },
            }
            at += 1;
        }
    }

    /// Whether the square bracket here indexes what stands before it, and is not a factor of its own.
    pub(super) fn is_index_bracket(&self, base: ExprId) -> bool {
        let literal = matches!(self.tree.kind(base), Kind::Number(_)) && self.tree.span(base) == self.last_span();
        if !self.adjacent() || literal {
            return false;
        }
        let Some(close) = self.matching(self.at) else { return false };
        let inside = &self.tokens[self.at + 1..close];
        let simple = inside.iter().all(|t| match t.tok {
            Tok::Letter(_) | Tok::Number | Tok::Comma | Tok::Plus | Tok::Minus => true,
            Tok::Infix(op) => op == &INNER || op == &MULTIPLY,
            // `C[m (j − 1) + k, l]`
            Tok::Open(Bracket::Round) | Tok::Close(Bracket::Round) => true,
            _ => false,
        });
        let plain = |t: &Token| {
            !matches!(t.tok, Tok::Open(_) | Tok::Close(_)) && !matches!(t.tok, Tok::Infix(op) if op == &MULTIPLY)
        };
        let simple = simple && (inside.iter().all(plain) || inside.iter().any(|t| t.tok == Tok::Comma));
        if inside.is_empty() || !simple {
            return false;
        }
        let listed = inside.iter().any(|t| t.tok == Tok::Comma || t.tok == Tok::Infix(&INNER));
        // Two letters side by side are a product in brackets.
        let single = inside.windows(2).all(|w| !matches!((w[0].tok, w[1].tok), (Tok::Letter(_), Tok::Letter(_))));
        let declared = inside.iter().any(|t| match t.tok {
            Tok::Letter(letter) if letter.glyph.is_ascii() => {
                let mut name = [0u8; 4];
                self.is_symbol(letter.glyph.encode_utf8(&mut name))
            }
            _ => false,
        });
        listed || (single && !declared)
    }
}
