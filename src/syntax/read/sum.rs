//! Sums over indices.

use super::super::token::{Bracket, Tok};
use super::super::{Binder, ExprId, ExprIds, Kind, Relation, Syntax};
use super::expression::precedence;
use super::{Open, Reader, Reading};
use crate::operator::{EQUAL, INDICATOR, INNER, LESS, LESS_EQUAL, MULTIPLY, NOT_EQUAL};
use crate::text::{Code, Span};
use smallvec::SmallVec;
use smol_str::SmolStr;

type Binders = SmallVec<[Binder; 1]>;

/// What stands below a sum: its indices, and conditions that become indicators.
#[derive(Default)]
struct Below {
    binders: Binders,
    conditions: ExprIds,
}

impl Reader<'_> {
    /// `\sum_{i=1}^{n}` and what is summed: the product that follows, perhaps with a sign. A sum sign that is a word
    /// begins at `start`.
    pub(super) fn sum(&mut self, start: Span) -> Reading<ExprId> {
        self.advance();
        let mut below = Below::default();
        let mut upper = None;
        loop {
            match self.tok() {
                Tok::Subscript if below.binders.is_empty() => {
                    self.advance();
                    below = self.binders()?;
                }
                Tok::Superscript if upper.is_none() => {
                    self.advance();
                    upper = Some(self.exponent()?);
                }
                _ => break,
            }
        }
        let Below { mut binders, conditions } = below;
        if let Some(upper) = upper {
            if binders.is_empty() {
                return Self::fail_at(
                    Code::BAD_SUM,
                    self.since(start),
                    "this sum has a last value but no index",
                    "write the index below the sum: sum_{i=1}^{n}",
                );
            }
            for binder in &mut binders {
                if binder.upper.is_none() {
                    binder.upper = Some(upper);
                }
            }
        }
        if !self.starts_factor() && !matches!(self.tok(), Tok::Minus | Tok::Plus) {
            return Self::fail_at(
                Code::BAD_SUM,
                self.since(start),
                "nothing follows this sum",
                "write what is summed after the index",
            );
        }
        let mut body = self.term()?;
        let span = self.since(start);
        for condition in conditions {
            let place = self.tree.span(condition);
            let indicator = self.apply(&INDICATOR, &[condition], place);
            body = self.apply(&MULTIPLY, &[indicator, body], span);
        }
        Ok(self.tree.push(Kind::Sum { binders, body }, span))
    }

    /// Whether the scripts at `at` hold the `=` of a sum's index.
    pub(super) fn script_has_equation(&self, at: usize) -> bool {
        let mut at = at;
        for _ in 0..2 {
            if !matches!(self.token(at).tok, Tok::Subscript | Tok::Superscript) {
                return false;
            }
            let past = self.past_script(at);
            if past <= at {
                return false;
            }
            if self.token(at).tok == Tok::Subscript
                && (at..past).any(|t| self.token(t).tok == Tok::Relation(Relation::Equal))
            {
                return true;
            }
            at = past;
        }
        false
    }

    fn binders(&mut self) -> Reading<Below> {
        let mut below = Below::default();
        let start = self.span();
        if self.accept(Tok::Open(Bracket::Group)) {
            self.within(Open::Bracket(Bracket::Group), |reader| {
                loop {
                    if !below.binders.is_empty() && reader.is_condition() {
                        let condition = reader.sum_condition()?;
                        below.conditions.push(condition);
                    } else {
                        reader.binder(&mut below.binders)?;
                    }
                    // `i : y_i = 1`
                    let such_that = reader.tok() == Tok::Infix(&INNER) || matches!(reader.tok(), Tok::Bar(_));
                    if such_that {
                        reader.advance();
                        let condition = reader.sum_condition()?;
                        below.conditions.push(condition);
                    }
                    if !reader.accept(Tok::Comma) {
                        break;
                    }
                }
                if reader.tok() != Tok::Close(Bracket::Group) && !reader.finished() {
                    return reader.bad_index();
                }
                reader.close(Bracket::Group, start)
            })?;
            return Ok(below);
        }
        // Without braces: `\sum_i`, in plain text also `sum_ij`.
        loop {
            let Tok::Letter(_) = self.tok() else { return self.bad_index() };
            let span = self.span();
            let letter = self.binder_letter();
            below.binders.push(Binder { letter, lower: None, upper: None, except: ExprIds::new(), span });
            let more = self.syntax == Syntax::Plain && self.glued(0) && matches!(self.tok(), Tok::Letter(_));
            if !more {
                return Ok(below);
            }
        }
    }

    /// Whether what stands here is a condition on the indices and no further index: `y_i = 1`.
    fn is_condition(&self) -> bool {
        matches!(self.tok(), Tok::Letter(_))
            && !matches!(
                self.peek(1),
                Tok::Comma | Tok::Close(_) | Tok::Letter(_) | Tok::Relation(Relation::Equal) | Tok::Infix(_)
            )
    }

    fn sum_condition(&mut self) -> Reading<ExprId> {
        let start = self.span();
        let left = self.condition()?;
        if self.accept(Tok::Relation(Relation::Equal)) {
            let right = self.expression()?;
            let span = self.since(start);
            return Ok(self.apply(&EQUAL, &[left, right], span));
        }
        if matches!(self.tree.as_apply(left), Some((op, _)) if precedence(op) == 0 && op.arity == (2, 2)) {
            return Ok(left);
        }
        self.bad_index()
    }

    fn bad_index<T>(&self) -> Reading<T> {
        Self::fail_at(
            Code::BAD_SUM,
            self.span(),
            "the index of this sum cannot be read",
            "write sum_i, sum_{i=1}^{n} or sum_{j \\neq i}; put other conditions into an indicator",
        )
    }

    fn binder_letter(&mut self) -> SmolStr {
        self.name.clear();
        if let Tok::Letter(letter) = self.tok() {
            letter.write(&mut self.name);
        }
        self.advance();
        SmolStr::new(&self.name)
    }

    /// `i`, `i = 1`, `ij`, `j \neq i`, `1 \leq i \leq n`
    fn binder(&mut self, binders: &mut Binders) -> Reading<()> {
        let start = self.span();
        if !matches!(self.tok(), Tok::Letter(_))
            || matches!(self.peek(1), Tok::Infix(op) if op == &LESS || op == &LESS_EQUAL)
        {
            return self.bounded(binders, start);
        }
        loop {
            let span = self.span();
            let letter = self.binder_letter();
            binders.push(Binder { letter, lower: None, upper: None, except: ExprIds::new(), span });
            if !matches!(self.tok(), Tok::Letter(_)) {
                break;
            }
        }
        let Some(at) = binders.len().checked_sub(1) else { return Ok(()) };
        match self.tok() {
            Tok::Relation(Relation::Equal) => {
                self.advance();
                let lower = self.expression()?;
                binders[at].lower = Some(lower);
            }
            Tok::Infix(op) if op == &NOT_EQUAL => {
                self.advance();
                loop {
                    let except = self.expression()?;
                    binders[at].except.push(except);
                    // `j ≠ i, k` leaves out two; a comma before an equation begins the next index.
                    let more = self.tok() == Tok::Comma && matches!(self.peek(2), Tok::Close(_) | Tok::Comma);
                    if !more {
                        break;
                    }
                    self.advance();
                }
            }
            _ => {}
        }
        binders[at].span = self.since(start);
        Ok(())
    }

    fn bounded(&mut self, binders: &mut Binders, start: Span) -> Reading<()> {
        let lower = self.expression()?;
        if !matches!(self.tok(), Tok::Infix(op) if op == &LESS_EQUAL) || !matches!(self.peek(1), Tok::Letter(_)) {
            return self.bad_index();
        }
        self.advance();
        let letter = self.binder_letter();
        if !matches!(self.tok(), Tok::Infix(op) if op == &LESS_EQUAL) {
            return self.bad_index();
        }
        self.advance();
        let upper = self.expression()?;
        let span = self.since(start);
        binders.push(Binder { letter, lower: Some(lower), upper: Some(upper), except: ExprIds::new(), span });
        Ok(())
    }
}
