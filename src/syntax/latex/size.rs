//! Brackets and bars behind a size, `\left|`: which side they stand on, and which are two of them.

use super::super::token::{Bracket, Side, Tok, Token};
use super::Latex;

impl Latex<'_> {
    /// A size before a bracket: tells left bars from right ones; `\left.` is no bracket at all.
    pub(super) fn size(&mut self, side: Side, length: usize) {
        let (before, began) = (self.lexer.tokens.len(), self.lexer.at);
        self.lexer.skip(length);
        self.lexer.spaces();
        let rest = self.lexer.rest();
        if rest.starts_with(['(', ')', '[', ']']) || rest.starts_with("\\{") || rest.starts_with("\\}") {
            self.began.get_or_insert(began);
            return;
        }
        if rest.starts_with('.') && side != Side::Unknown {
            self.lexer.skip(1);
        } else if rest.starts_with("||") || rest.starts_with("\\|") {
            self.lexer.push(Tok::DoubleBar(side), 2);
        } else if rest.starts_with('‖') {
            self.lexer.push(Tok::DoubleBar(side), '‖'.len_utf8());
        } else if rest.starts_with('|') {
            self.bar(side, 1);
        } else if rest.starts_with("\\Vert") {
            self.lexer.push(Tok::DoubleBar(side), 5);
        } else if rest.starts_with("\\vert") {
            self.bar(side, 5);
        } else if rest.starts_with('<') {
            self.lexer.push(Tok::Open(Bracket::Angle), 1);
        } else if rest.starts_with('>') {
            self.lexer.push(Tok::Close(Bracket::Angle), 1);
        }
        self.widen(before, Some(began));
    }

    /// `\left|\left|` is a double bar.
    pub(super) fn bar(&mut self, side: Side, length: usize) {
        if let Some(Token { tok: tok @ Tok::Bar(_), span, .. }) = self.lexer.tokens.last_mut()
            && *tok == Tok::Bar(side)
            && side != Side::Unknown
        {
            *tok = Tok::DoubleBar(side);
            *span = span.to(self.lexer.folded.span(self.lexer.at, self.lexer.at + length));
            self.lexer.at += length;
        } else {
            self.lexer.push(Tok::Bar(side), length);
        }
    }
}
