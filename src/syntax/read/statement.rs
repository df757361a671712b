//! Whole texts: one expression, or several with relations between them.

use super::super::token::{Bracket, Tok};
use super::super::{Part, Relation, Statement, Tree};
use super::expression::precedence;
use super::{Reader, Reading};
use crate::limit::{self, Limit};
use crate::operator::{EQUAL, GREATER, GREATER_EQUAL, LESS, LESS_EQUAL, Op};
use crate::text::{Code, Span};

impl Reader<'_> {
    /// The whole text as one expression.
    pub(in crate::syntax) fn whole(mut self) -> Reading<Tree> {
        let root = self.expression()?;
        self.punctuation();
        if self.relation().is_some() {
            return Self::fail_at(
                Code::NOT_AN_EXPRESSION,
                self.span(),
                "one expression was expected, not a relation between two",
                "put a comparison in brackets where its value 0 or 1 is meant",
            );
        }
        if !self.finished() {
            return self.unexpected("an operator or the end");
        }
        self.tree.root = root;
        self.checked_height()?;
        Ok(self.tree)
    }

    /// The whole text as a statement.
    pub(in crate::syntax) fn statement(mut self) -> Reading<Statement> {
        let mut parts = Vec::new();
        if self.relation().is_some() && !(self.tok() == Tok::Infix(&LESS) && self.is_inner_product()) {
            parts.push(Part { relation: None, tree: None });
        } else {
            let tree = self.side()?;
            parts.push(Part { relation: None, tree: Some(tree) });
        }
        while let Some(relation) = self.relation() {
            let span = self.span();
            self.advance();
            let tree = self.side()?;
            parts.push(Part { relation: Some((relation, span)), tree: Some(tree) });
        }
        if self.is_label() {
            self.at += 3;
        }
        if !self.finished() {
            return self.unexpected("an operator, a relation or the end");
        }
        Ok(Statement { parts })
    }

    fn side(&mut self) -> Reading<Tree> {
        let root = self.expression()?;
        self.punctuation();
        self.tree.root = root;
        self.checked_height()?;
        Ok(std::mem::take(&mut self.tree))
    }

    /// Whether `<` at the beginning opens `<A, B>`, and is not the relation of a continued chain.
    fn is_inner_product(&self) -> bool {
        let mut depth = 0i32;
        let mut comma = false;
        for token in self.tokens.iter().skip(self.at + 1).take(super::LOOK_AHEAD) {
            match token.tok {
                Tok::Open(_) => depth += 1,
                Tok::Close(_) => depth -= 1,
                Tok::Comma if depth == 0 => comma = true,
                Tok::Relation(_) if depth == 0 => return false,
                Tok::Infix(op) if op == &GREATER && depth == 0 => return comma,
                Tok::Infix(op) if op == &LESS => depth += 1,
                Tok::Infix(op) if op == &GREATER => depth -= 1,
                _ => {}
            }
        }
        false
    }

    /// Whether the number of an equation stands here, apart from it: `\quad (3)`.
    fn is_label(&self) -> bool {
        self.token(self.at).gap
            && self.tok() == Tok::Open(Bracket::Round)
            && self.peek(1) == Tok::Number
            && self.peek(2) == Tok::Close(Bracket::Round)
            && self.peek(3) == Tok::Finish
    }

    /// Drops the full stop or comma that ends a displayed formula.
    fn punctuation(&mut self) {
        let mut past = self.at;
        while matches!(self.token(past).tok, Tok::Stop | Tok::Comma | Tok::Semicolon) {
            past += 1;
        }
        if self.token(past).tok == Tok::Finish {
            self.at = past;
        }
    }

    /// The relation that stands here.
    fn relation(&self) -> Option<Relation> {
        match self.tok() {
            Tok::Relation(relation) => Some(relation),
            Tok::Infix(op) if precedence(op) == 0 => Some(relation_of(op)),
            _ => None,
        }
    }

    /// Trees higher than the limit are refused, so that nothing that walks a tree can run out of stack.
    fn checked_height(&self) -> Reading<()> {
        let mut heights: Vec<u32> = Vec::with_capacity(self.tree.len());
        for at in 0..self.tree.len() {
            let id = super::ExprId(u32::try_from(at).unwrap_or(u32::MAX));
            let children = self.tree.children(id);
            let height = children.iter().filter_map(|c| heights.get(c.0 as usize)).max().map_or(1, |h| h + 1);
            heights.push(height);
        }
        let most = limit::of(Limit::Height);
        if heights.iter().all(|h| u64::from(*h) <= most) {
            return Ok(());
        }
        Self::fail_at(
            Code::TOO_DEEP,
            Span::new(0, self.last_span().end as usize),
            format!("the formula has more than {most} levels of operations"),
            "name a part of it in a definition of its own",
        )
    }
}

/// The relation between sides that a comparison sign is outside brackets.
fn relation_of(op: Op) -> Relation {
    const TABLE: [(Op, Relation); 5] = [
        (&EQUAL, Relation::Equal),
        (&LESS, Relation::Less),
        (&LESS_EQUAL, Relation::LessEqual),
        (&GREATER, Relation::Greater),
        (&GREATER_EQUAL, Relation::GreaterEqual),
    ];
    TABLE.iter().find(|(o, _)| *o == op).map_or(Relation::NotEqual, |(_, relation)| *relation)
}
