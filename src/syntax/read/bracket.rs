//! Brackets, bars, norms, inner products, fractions and indicators.

use super::super::token::{Bracket, Tok};
use super::super::{ExprId, ExprIds, Kind, Relation};
use super::expression::precedence;
use super::{Open, Reader, Reading};
use crate::operator::{BARS, DIVIDE, EQUAL, INDICATOR, INNER, NORM, NORM_1, NORM_2, NORM_F, Op};
use crate::text::{Code, Span};

impl Reader<'_> {
    /// What stands in round, square or curly brackets, with the scripts after it.
    pub(super) fn bracketed(&mut self, bracket: Bracket) -> Reading<ExprId> {
        let start = self.span();
        self.advance();
        let id = self.within(Open::Bracket(bracket), |reader| {
            let id = match bracket {
                Bracket::Square => reader.array_or_one()?,
                _ => reader.one_or_column()?,
            };
            reader.close(bracket, start)?;
            Ok(id)
        })?;
        let span = self.since(start);
        self.tree.set_span(id, span);
        self.scripts(id, false)
    }

    /// An expression or a comparison: what brackets may hold.
    pub(super) fn condition(&mut self) -> Reading<ExprId> {
        let start = self.span();
        let left = self.expression()?;
        let op: Op = match self.tok() {
            Tok::Infix(op) if precedence(op) == 0 => {
                if self.open.last() == Some(&Open::Bracket(Bracket::Angle)) {
                    return Ok(left);
                }
                op
            }
            _ => return Ok(left),
        };
        self.advance();
        let right = self.expression()?;
        let span = self.since(start);
        Ok(self.apply(op, &[left, right], span))
    }

    fn one_or_column(&mut self) -> Reading<ExprId> {
        let start = self.span();
        let first = self.condition()?;
        if self.tok() == Tok::Relation(Relation::Equal) {
            return Self::fail_at(
                Code::NOT_AN_EXPRESSION,
                self.span(),
                "an equation cannot stand in brackets",
                "write `==` for a comparison that is 0 or 1",
            );
        }
        if self.tok() != Tok::Comma {
            return Ok(first);
        }
        // A tuple is a vector, and a vector is a column.
        let mut rows = vec![vec![first]];
        while self.accept(Tok::Comma) {
            rows.push(vec![self.expression()?]);
        }
        let span = self.since(start);
        Ok(self.tree.push(Kind::Array(rows), span))
    }

    /// `{ … }`: a group, or `{a \over b}`, or the numerator of a derivative written with a slash.
    pub(super) fn group(&mut self) -> Reading<ExprId> {
        let start = self.span();
        if let Some(derivative) = self.braced_derivative()? {
            return self.scripts(derivative, false);
        }
        self.advance();
        let id = self.within(Open::Bracket(Bracket::Group), |reader| {
            let mut id = reader.condition()?;
            if reader.accept(Tok::Over) {
                let under = reader.expression()?;
                let span = reader.since(start);
                id = reader.apply(&DIVIDE, &[id, under], span);
            }
            reader.close(Bracket::Group, start)?;
            Ok(id)
        })?;
        let span = self.since(start);
        self.tree.set_span(id, span);
        self.scripts(id, false)
    }

    /// `<A, B>`
    pub(super) fn angle(&mut self) -> Reading<ExprId> {
        let start = self.span();
        self.advance();
        let (left, right) = self.within(Open::Bracket(Bracket::Angle), |reader| {
            let left = reader.expression()?;
            if !reader.accept(Tok::Comma) {
                return reader.unexpected("the comma of an inner product <A, B>");
            }
            let right = reader.expression()?;
            reader.close(Bracket::Angle, start)?;
            Ok((left, right))
        })?;
        let span = self.since(start);
        let id = self.apply(&INNER, &[left, right], span);
        // `\langle A, B \rangle_F` is the same.
        if self.tok() == Tok::Subscript && matches!(self.peek(1), Tok::Letter(letter) if letter.is('F')) {
            self.at += 2;
        }
        self.scripts(id, false)
    }

    /// `|K|`
    pub(super) fn bars(&mut self) -> Reading<ExprId> {
        let start = self.span();
        self.advance();
        let inside = self.within(Open::Bar, |reader| {
            let inside = reader.expression()?;
            if !reader.closes_bar() {
                return reader.bar_missing(start, "|");
            }
            // Half of a double bar closes this bar; the other half opens the next or closes the one around it.
            if let Tok::DoubleBar(_) = reader.tok() {
                reader.half = true;
            } else {
                reader.advance();
            }
            Ok(inside)
        })?;
        let span = if self.half { start.to(self.span()) } else { self.since(start) };
        let id = self.apply(&BARS, &[inside], span);
        self.scripts(id, false)
    }

    fn bar_missing<T>(&self, start: Span, bar: &str) -> Reading<T> {
        match self.tok() {
            Tok::Finish => Err(self.unbalanced(start, format!("this bar is not closed: `{bar}` is missing"))),
            Tok::Close(_) => Err(self.unbalanced(self.span(), format!("`{bar}` was expected here"))),
            _ => self.unexpected(&format!("an operator or `{bar}`")),
        }
    }

    /// `‖x‖_2^2`
    pub(super) fn norm(&mut self) -> Reading<ExprId> {
        let start = self.span();
        self.advance();
        let inside = self.within(Open::DoubleBar, |reader| {
            let inside = reader.expression()?;
            if !reader.closes_bar() {
                return reader.bar_missing(start, "||");
            }
            reader.advance();
            Ok(inside)
        })?;
        // The kind of the norm may stand before or after the exponent.
        let before = self.at;
        let mut after = None;
        if self.tok() == Tok::Superscript {
            let past = self.past_script(self.at);
            if self.token(past).tok == Tok::Subscript {
                self.at = past;
                after = Some(past);
            }
        }
        let mut op: Op = &NORM;
        if self.tok() == Tok::Subscript {
            op = self.norm_kind()?;
        }
        let end = self.at;
        let span = self.since(start);
        let id = self.apply(op, &[inside], span);
        if let Some(subscript) = after {
            self.at = before + 1;
            let script = self.superscript(None)?;
            if self.at != subscript {
                return self.unexpected("the end of the exponent");
            }
            let powered = self.put_script(id, script, start)?;
            self.at = end;
            return self.scripts(powered, false);
        }
        self.scripts(id, false)
    }

    fn norm_kind(&mut self) -> Reading<Op> {
        let start = self.span();
        self.advance();
        let grouped = self.accept(Tok::Open(Bracket::Group));
        let op: Op = match self.tok() {
            Tok::Letter(letter) if letter.is('F') => &NORM_F,
            Tok::Number if self.characters(self.at) == "2" => &NORM_2,
            Tok::Number if self.characters(self.at) == "1" => &NORM_1,
            _ => {
                return Self::fail_at(
                    Code::BAD_SCRIPT,
                    self.since(start).to(self.span()),
                    "this norm is not known: a norm has the subscript F, 2, 1 or none",
                    "write ‖A‖_F, ‖x‖_2 or ‖x‖_1",
                );
            }
        };
        self.advance();
        if grouped && !self.accept(Tok::Close(Bracket::Group)) {
            return self.unexpected("`}`");
        }
        Ok(op)
    }

    /// `\frac{a}{b}`, `\frac12`, and the derivatives written so.
    pub(super) fn frac(&mut self) -> Reading<ExprId> {
        let start = self.span();
        if let Some(derivative) = self.frac_derivative()? {
            return Ok(derivative);
        }
        self.advance();
        let over = self.argument()?;
        let under = self.argument()?;
        let span = self.since(start);
        let id = self.apply(&DIVIDE, &[over, under], span);
        self.scripts(id, false)
    }

    /// The argument of a command: a group, or the next sign.
    pub(super) fn argument(&mut self) -> Reading<ExprId> {
        let start = self.span();
        match self.tok() {
            Tok::Open(Bracket::Group) => {
                self.advance();
                self.within(Open::Bracket(Bracket::Group), |reader| {
                    let id = reader.expression()?;
                    reader.close(Bracket::Group, start)?;
                    Ok(id)
                })
            }
            Tok::Number => self.number(),
            Tok::Letter(_) => self.one_letter(),
            _ => self.unexpected("the argument of a command, in braces"),
        }
    }

    /// Whether the bracket at `open` holds a comparison.
    pub(super) fn holds_condition(&self, open: usize) -> bool {
        let Some(close) = self.matching(open) else { return false };
        let mut depth = 0usize;
        self.tokens[open..close].iter().any(|t| {
            match t.tok {
                Tok::Open(Bracket::Group) => {}
                Tok::Open(_) => depth += 1,
                Tok::Close(Bracket::Group) => {}
                Tok::Close(_) => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth <= 1
                && match t.tok {
                    Tok::Infix(op) => precedence(op) == 0,
                    Tok::Relation(relation) => relation == Relation::Equal,
                    _ => false,
                }
        })
    }

    /// The condition of an indicator, in brackets of any kind; `=` compares here.
    pub(super) fn indicator(&mut self, start: Span) -> Reading<ExprId> {
        let Tok::Open(bracket) = self.tok() else {
            return self.unexpected("the condition of an indicator, in brackets");
        };
        let opened = self.span();
        self.advance();
        let condition = self.within(Open::Bracket(bracket), |reader| {
            let inner = match reader.tok() {
                // `1_{\{ x > 0 \}}`
                Tok::Open(inner @ (Bracket::Curly | Bracket::Round | Bracket::Square))
                    if bracket == Bracket::Group && reader.holds_condition(reader.at) =>
                {
                    reader.advance();
                    Some(inner)
                }
                _ => None,
            };
            let from = reader.span();
            let mut condition = reader.condition()?;
            if reader.accept(Tok::Relation(Relation::Equal)) {
                let right = reader.expression()?;
                let span = reader.since(from);
                condition = reader.apply(&EQUAL, &[condition, right], span);
            }
            if let Some(inner) = inner {
                reader.close(inner, opened)?;
            }
            reader.close(bracket, opened)?;
            Ok(condition)
        })?;
        let span = self.since(start);
        let id = self.apply(&INDICATOR, &[condition], span);
        self.scripts(id, false)
    }

    /// Arguments in brackets, with commas between them.
    pub(super) fn arguments(&mut self) -> Reading<ExprIds> {
        let Tok::Open(bracket) = self.tok() else { return self.unexpected("arguments in brackets") };
        let opened = self.span();
        self.advance();
        self.within(Open::Bracket(bracket), |reader| {
            let mut arguments = ExprIds::new();
            arguments.push(reader.condition()?);
            while reader.accept(Tok::Comma) || reader.accept(Tok::Semicolon) {
                arguments.push(reader.condition()?);
            }
            reader.close(bracket, opened)?;
            Ok(arguments)
        })
    }
}
