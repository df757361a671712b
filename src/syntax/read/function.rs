//! Operators and declared functions that are written before their argument.

use super::super::token::{Bracket, Tok};
use super::super::{ExprId, ExprIds, Kind, Name, Syntax};
use super::{Open, Reader, Reading};
use crate::number::Rational;
use crate::operator::{DIAG, DIVIDE, HADAMARD_POWER, LOG, Notation, Op, POWER, SQRT};
use crate::text::{Code, Span};

impl Reader<'_> {
    /// An operator by name, whose last letter is here and whose first stands at `start`: with brackets a call, without
    /// them on the next factor or product.
    pub(super) fn function(&mut self, op: Op, start: Span) -> Reading<ExprId> {
        self.advance();
        if op == &SQRT
            && self.syntax == Syntax::Latex
            && self.tok() == Tok::Open(Bracket::Square)
            && let Some(root) = self.root(start)?
        {
            return self.scripts(root, false);
        }
        let order = self.primes();
        let mut exponent = None;
        let mut index = None;
        loop {
            match self.tok() {
                Tok::Superscript if exponent.is_none() && order == 0 => {
                    let sign = self.span();
                    self.advance();
                    let script = self.superscript(None)?;
                    let power = script.as_power().filter(|p| !self.is_negative(*p));
                    let Some(power) = power else {
                        return Self::fail_at(
                            Code::BAD_SCRIPT,
                            sign.to(self.last_span()),
                            format!("this superscript of {} has no meaning", op.name),
                            "put the function in brackets before its script",
                        );
                    };
                    exponent = Some(power);
                }
                Tok::Subscript if index.is_none() && op != &LOG => {
                    self.advance();
                    index = Some(self.index_script()?);
                }
                Tok::Subscript => {
                    return Self::fail_at(
                        Code::BAD_SCRIPT,
                        self.span(),
                        "only the natural logarithm is known",
                        "write log(x)/log(b) for the logarithm to base b",
                    );
                }
                _ => break,
            }
        }
        let (arguments, called) = self.operands(op)?;
        let span = self.since(start);
        let mut id = if order > 0 {
            self.tree.push(Kind::Call { function: op.name.into(), order, arguments }, span)
        } else {
            self.checked(op, arguments, span)?
        };
        if let Some(exponent) = exponent {
            let power: Op = if is_scalar(op) { &POWER } else { &HADAMARD_POWER };
            id = self.apply(power, &[id, exponent], span);
        }
        if let Some(indices) = index {
            id = self.tree.push(Kind::Subscript { base: id, indices }, span);
        }
        if called { self.scripts(id, false) } else { Ok(id) }
    }

    fn is_negative(&self, id: ExprId) -> bool {
        matches!(self.tree.as_apply(id), Some((op, _)) if op == &crate::operator::NEGATE)
    }

    /// The arguments, and whether they stood in brackets.
    fn operands(&mut self, op: Op) -> Reading<(ExprIds, bool)> {
        match self.tok() {
            Tok::Open(Bracket::Round | Bracket::Square | Bracket::Curly) => Ok((self.arguments()?, true)),
            Tok::Open(Bracket::Group) => {
                let start = self.span();
                self.advance();
                let id = self.within(Open::Bracket(Bracket::Group), |reader| {
                    let id = reader.expression()?;
                    reader.close(Bracket::Group, start)?;
                    Ok(id)
                })?;
                Ok((ExprIds::from_slice(&[id]), true))
            }
            _ if matches!(op.notation, Notation::Call { greedy: true, .. }) => {
                Ok((ExprIds::from_slice(&[self.product()?]), false))
            }
            _ if op == &SQRT && self.syntax == Syntax::Latex && matches!(self.tok(), Tok::Letter(_) | Tok::Number) => {
                Ok((ExprIds::from_slice(&[self.argument()?]), true))
            }
            // `\log 2\pi`: a number and π are one factor, and what stands behind them belongs to it.
            _ if self.tok() == Tok::Number && self.is_pi(self.at + 1) => {
                Ok((ExprIds::from_slice(&[self.product()?]), false))
            }
            _ => Ok((ExprIds::from_slice(&[self.factor()?]), false)),
        }
    }

    fn is_pi(&self, at: usize) -> bool {
        matches!(self.token(at).tok, Tok::Letter(letter) if letter.is('π')) && self.names.resolve("pi").is_none()
    }

    /// `\sqrt[3]{x}`
    fn root(&mut self, start: Span) -> Reading<Option<ExprId>> {
        let close = self.matching(self.at);
        if !close.is_some_and(|c| self.token(c + 1).tok == Tok::Open(Bracket::Group)) {
            return Ok(None);
        }
        let degree = self.exponent()?;
        let body = self.argument()?;
        let span = self.since(start);
        let one = self.tree.push(Kind::Number(Rational::from(1)), start);
        let exponent = self.apply(&DIVIDE, &[one, degree], span);
        Ok(Some(self.apply(&POWER, &[body, exponent], span)))
    }

    /// Applies an operator, if it takes that many arguments.
    pub(super) fn checked(&mut self, op: Op, arguments: ExprIds, span: Span) -> Reading<ExprId> {
        let (fewest, most) = op.arity;
        // `diag(a_1, …, a_n)` is the diagonal matrix of that list.
        if op == &DIAG && arguments.len() > 1 {
            let list = self.tree.push(Kind::Array(arguments.into_iter().map(|a| vec![a]).collect()), span);
            return Ok(self.apply(op, &[list], span));
        }
        if (fewest..=most).contains(&arguments.len()) {
            return Ok(self.apply(op, &arguments, span));
        }
        let wants = if fewest == most { format!("{most}") } else { format!("{fewest} to {most}") };
        Self::fail_at(
            Code::BAD_ARGUMENTS,
            span,
            format!("{} takes {wants} argument(s), and {} are given", op.name, arguments.len()),
            "separate arguments by commas",
        )
    }

    /// Primes here, as they are or in a superscript: their number.
    fn primes(&mut self) -> u8 {
        let mut order = 0u8;
        loop {
            if self.accept(Tok::Prime) {
                order = order.saturating_add(1);
            } else if self.tok() == Tok::Superscript && self.peek(1) == Tok::Prime {
                self.advance();
            } else if self.tok() == Tok::Superscript
                && self.peek(1) == Tok::Open(Bracket::Group)
                && self.peek(2) == Tok::Prime
                && self
                    .matching(self.at + 1)
                    .is_some_and(|close| (self.at + 2..close).all(|at| self.token(at).tok == Tok::Prime))
            {
                self.at += 2;
                while self.accept(Tok::Prime) {
                    order = order.saturating_add(1);
                }
                self.advance();
            } else {
                return order;
            }
        }
    }

    /// A declared function, with its primes, index and arguments.
    pub(super) fn call(&mut self, function: Name, start: Span) -> Reading<ExprId> {
        let order = self.primes();
        let mut index = None;
        if self.tok() == Tok::Subscript {
            let past = self.past_script(self.at);
            if matches!(self.token(past).tok, Tok::Open(_)) {
                self.advance();
                index = Some(self.index_script()?);
            }
        }
        let mut exponent = None;
        if self.tok() == Tok::Superscript && !self.transposes_next() {
            self.advance();
            exponent = Some(self.superscript(None)?);
        }
        if !matches!(self.tok(), Tok::Open(_)) {
            if order > 0 || index.is_some() || exponent.is_some() {
                return self.unexpected(&format!("the argument of {function}, in brackets"));
            }
            let id = self.tree.push(Kind::Symbol(function), start);
            return self.scripts(id, true);
        }
        let arguments = self.arguments()?;
        let span = self.since(start);
        let mut id = self.tree.push(Kind::Call { function, order, arguments }, span);
        if let Some(script) = exponent {
            id = match script.as_power() {
                Some(power) => self.apply(&HADAMARD_POWER, &[id, power], span),
                None => self.put_script(id, script, start)?,
            };
        }
        if let Some(indices) = index {
            id = self.tree.push(Kind::Subscript { base: id, indices }, span);
        }
        self.scripts(id, false)
    }
}

/// Whether the operator's value is a scalar whatever its argument is.
fn is_scalar(op: Op) -> bool {
    use crate::operator::{DETERMINANT, LOGDET, LOGSUMEXP, MEAN, NORM, NORM_1, NORM_2, NORM_F, SUM, TRACE};
    [&TRACE, &DETERMINANT, &LOGDET, &SUM, &MEAN, &NORM, &NORM_1, &NORM_2, &NORM_F, &LOGSUMEXP].contains(&op)
}
