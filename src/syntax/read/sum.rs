//! Sums and products over indices.

use super::super::token::{Bracket, Tok};
use super::super::{Binder, ExprId, ExprIds, Kind, Relation, Syntax};
use super::expression::precedence;
use super::{LOOK_AHEAD, Open, Reader, Reading};
use crate::number::Rational;
use crate::operator::{
    ADD, EQUAL, GREATER, GREATER_EQUAL, INDICATOR, INNER, LESS, LESS_EQUAL, MULTIPLY, NEGATE, NOT_EQUAL, POWER,
};
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
    /// begins at `start`. The same of a product sign.
    pub(super) fn sum(&mut self, start: Span, multiplied: bool) -> Reading<ExprId> {
        let (sign, done) = if multiplied { ("product", "multiplied") } else { ("sum", "summed") };
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
                    format!("this {sign} has a last value but no index"),
                    "write the index below the sign: sum_{i=1}^{n}, prod_{i=1}^{n}",
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
                format!("nothing follows this {sign}"),
                &format!("write what is {done} after the index"),
            );
        }
        let mut body = self.term()?;
        let span = self.since(start);
        for condition in conditions {
            let place = self.tree.span(condition);
            let indicator = self.apply(&INDICATOR, &[condition], place);
            // A factor whose condition does not hold is one.
            body = if multiplied {
                self.apply(&POWER, &[body, indicator], span)
            } else {
                self.apply(&MULTIPLY, &[indicator, body], span)
            };
        }
        if multiplied && binders.is_empty() {
            return Self::fail_at(
                Code::BAD_SUM,
                self.since(start),
                "this product has no index",
                "write the index below the sign: prod_i, prod_{i=1}^{n}",
            );
        }
        // Indices that do not stand below one sign are sums of their own.
        let groups: Vec<Binders> = binders.chunk_by(Binder::joins).map(SmallVec::from).collect();
        let last = if groups.is_empty() { vec![binders] } else { groups };
        Ok(last.into_iter().rev().fold(body, |body, binders| {
            self.tree.push(if multiplied { Kind::Product { binders, body } } else { Kind::Sum { binders, body } }, span)
        }))
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
                    if !below.binders.is_empty() && (reader.is_condition() || reader.is_about(&below.binders)) {
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
            below.binders.push(Binder::over(letter, span));
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

    /// Whether what stands here compares an index that stands before: `i, j, i < j`.
    fn is_about(&self, binders: &Binders) -> bool {
        let compares = order(self.peek(1)).is_some() || self.peek(1) == Tok::Infix(&NOT_EQUAL);
        let Tok::Letter(letter) = self.tok() else { return false };
        let mut name = String::new();
        letter.write(&mut name);
        compares && binders.iter().any(|b| b.letter == name)
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
        if !matches!(self.tok(), Tok::Letter(_)) || self.is_chain_of_bounds() {
            return self.bounded(binders, start);
        }
        loop {
            let span = self.span();
            let letter = self.binder_letter();
            binders.push(Binder::over(letter, span));
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
            tok => {
                if let Some(relation) = order(tok) {
                    self.advance();
                    let other = self.expression()?;
                    binders[at].compared = Some((relation, other));
                }
            }
        }
        binders[at].span = self.since(start);
        Ok(())
    }

    /// Whether a second comparison follows within these braces: `1 ≤ i ≤ n` and not `j ≤ i`.
    fn is_chain_of_bounds(&self) -> bool {
        if order(self.peek(1)).is_none() {
            return false;
        }
        let rest = self.tokens[self.at + 2..].iter().take(LOOK_AHEAD);
        rest.take_while(|t| !matches!(t.tok, Tok::Comma | Tok::Close(_) | Tok::Finish)).any(|t| order(t.tok).is_some())
    }

    /// `1 ≤ i ≤ n`, `1 ≤ i < j ≤ n`: indices between a first and a last value.
    fn bounded(&mut self, binders: &mut Binders, start: Span) -> Reading<()> {
        let lower = self.expression()?;
        let mut chain: SmallVec<[(Relation, SmolStr, Span); 2]> = SmallVec::new();
        loop {
            let relation = order(self.tok()).filter(|r| matches!(r, Relation::Less | Relation::LessEqual));
            let Some(relation) = relation else { return self.bad_index() };
            self.advance();
            let place = self.span();
            if !chain.is_empty() && order(self.peek(1)).is_none() {
                let upper = self.expression()?;
                return self.close_chain(binders, lower, &chain, (relation, upper), self.since(start));
            }
            if !matches!(self.tok(), Tok::Letter(_)) {
                return self.bad_index();
            }
            let letter = self.binder_letter();
            chain.push((relation, letter, place));
        }
    }

    /// The last letter of a chain is the outermost; each other one stands below the letter after it.
    fn close_chain(
        &mut self,
        binders: &mut Binders,
        lower: ExprId,
        chain: &[(Relation, SmolStr, Span)],
        (last, upper): (Relation, ExprId),
        span: Span,
    ) -> Reading<()> {
        let one = matches!(self.tree.kind(lower), Kind::Number(n) if n.is_one());
        for (k, (before, letter, place)) in chain.iter().enumerate().rev() {
            let mut binder = Binder { span, ..Binder::over(letter.clone(), span) };
            match chain.get(k + 1) {
                Some((after, next, next_place)) => {
                    let other = self.tree.push(Kind::Symbol(next.clone()), *next_place);
                    binder.compared = Some((*after, other));
                }
                None if last == Relation::Less => binder.upper = Some(self.shifted(upper, -1, *place)),
                None => binder.upper = Some(upper),
            }
            if k == 0 && !(one && chain.len() > 1) {
                let strict = *before == Relation::Less;
                binder.lower = Some(if strict { self.shifted(lower, 1, *place) } else { lower });
            }
            binders.push(binder);
        }
        Ok(())
    }

    /// One more, or one less.
    fn shifted(&mut self, id: ExprId, by: i64, place: Span) -> ExprId {
        let one = self.tree.push(Kind::Number(Rational::ONE), place);
        let one = if by < 0 { self.apply(&NEGATE, &[one], place) } else { one };
        self.apply(&ADD, &[id, one], place)
    }
}

/// The order that a sign puts two indices in.
fn order(tok: Tok) -> Option<Relation> {
    match tok {
        Tok::Infix(op) if op == &LESS => Some(Relation::Less),
        Tok::Infix(op) if op == &LESS_EQUAL => Some(Relation::LessEqual),
        Tok::Infix(op) if op == &GREATER => Some(Relation::Greater),
        Tok::Infix(op) if op == &GREATER_EQUAL => Some(Relation::GreaterEqual),
        _ => None,
    }
}
