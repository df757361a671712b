//! Sums, products, signs and factors: the precedences.
//!
//! From weak to strong: relations (in `statement`), `+ −`, products and quotients (one level, from the left),
//! signs after an operator, scripts.

use super::super::token::{Bracket, Side, Tok};
use super::super::{Constant, ExprId, Kind};
use super::{Open, Reader, Reading};
use crate::number::Rational;
use crate::operator::{ADD, EXP, GREATER, HADAMARD_POWER, LESS, MULTIPLY, NEGATE, Notation, Op};
use crate::text::Code;

/// The precedence of an infix operator.
pub(super) fn precedence(op: Op) -> u8 {
    match op.notation {
        Notation::Infix { precedence, .. } => precedence,
        _ => 0,
    }
}

impl Reader<'_> {
    /// Terms with signs between them.
    pub(super) fn expression(&mut self) -> Reading<ExprId> {
        self.deeper(|reader| {
            let start = reader.span();
            let mut left = reader.term()?;
            loop {
                let negative = match reader.tok() {
                    _ if reader.at >= reader.stop => return Ok(left),
                    Tok::Plus => false,
                    Tok::Minus => true,
                    _ => return Ok(left),
                };
                let sign = reader.span();
                reader.advance();
                let mut right = reader.term()?;
                if negative {
                    right = reader.apply(&NEGATE, &[right], sign.to(reader.last_span()));
                }
                let span = reader.since(start);
                left = reader.apply(&ADD, &[left, right], span);
            }
        })
    }

    /// A product, perhaps with a sign before it.
    pub(super) fn term(&mut self) -> Reading<ExprId> {
        match self.tok() {
            Tok::Plus => {
                self.advance();
                self.deeper(Self::term)
            }
            Tok::Minus => {
                let start = self.span();
                self.advance();
                let body = self.deeper(Self::term)?;
                let span = self.since(start);
                Ok(self.apply(&NEGATE, &[body], span))
            }
            _ => self.product(),
        }
    }

    /// Factors, with or without operators between them, from the left.
    pub(super) fn product(&mut self) -> Reading<ExprId> {
        let start = self.span();
        let mut left = self.factor()?;
        loop {
            if self.at >= self.stop {
                return Ok(left);
            }
            let dotted = matches!(self.characters(self.at).trim(), "\\cdot" | "·" | "⋅");
            let (op, right) = match self.tok() {
                Tok::Infix(op) if precedence(op) == 2 => {
                    self.advance();
                    (op, self.signed_factor()?)
                }
                // `y.z`: a full stop without spaces is typed for the dot of a product.
                Tok::Stop if self.adjacent() && self.dotted() => {
                    self.advance();
                    (&MULTIPLY, self.factor()?)
                }
                _ if self.starts_factor() && !self.token(self.at).gap => (&MULTIPLY, self.factor()?),
                _ => return Ok(left),
            };
            let span = self.since(start);
            left = self.apply(op, &[left, right], span);
            if dotted {
                self.tree.mark_dotted(left);
            }
        }
    }

    fn dotted(&self) -> bool {
        let next = self.token(self.at + 1);
        next.text.0 == self.token(self.at).text.1
            && matches!(next.tok, Tok::Letter(_) | Tok::Frac | Tok::Open(_) | Tok::Function(_))
    }

    /// A factor after an operator, where it may have a sign: `2 * -x`.
    fn signed_factor(&mut self) -> Reading<ExprId> {
        match self.tok() {
            Tok::Minus => {
                let start = self.span();
                self.advance();
                let body = self.deeper(Self::signed_factor)?;
                let span = self.since(start);
                Ok(self.apply(&NEGATE, &[body], span))
            }
            Tok::Plus => {
                self.advance();
                self.deeper(Self::signed_factor)
            }
            _ => self.factor(),
        }
    }

    /// Whether a factor can begin here without an operator before it.
    pub(super) fn starts_factor(&self) -> bool {
        match self.tok() {
            Tok::Letter(_)
            | Tok::Number
            | Tok::Fraction(..)
            | Tok::Ones
            | Tok::Zeros
            | Tok::Open(_)
            | Tok::Function(_)
            | Tok::Frac
            | Tok::Sum
            | Tok::Product
            | Tok::Partial
            | Tok::Nabla
            | Tok::Dots
            | Tok::Unknown
            | Tok::Begin(_) => true,
            Tok::Bar(side) => side != Side::Right && !self.closes_bar(),
            Tok::DoubleBar(side) => side != Side::Right && !self.closes_bar(),
            _ => false,
        }
    }

    /// Whether the bar here closes the one that is open.
    pub(super) fn closes_bar(&self) -> bool {
        match (self.open.last(), self.tok()) {
            (Some(Open::Bar), Tok::Bar(side)) => side != Side::Left,
            (Some(Open::Bar), Tok::DoubleBar(side)) => side == Side::Unknown,
            (Some(Open::DoubleBar), Tok::DoubleBar(side)) => side != Side::Left,
            _ => false,
        }
    }

    /// A factor with its scripts.
    pub(super) fn factor(&mut self) -> Reading<ExprId> {
        self.deeper(Self::factor_here)
    }

    fn factor_here(&mut self) -> Reading<ExprId> {
        let start = self.span();
        if let Some(id) = self.alias()? {
            return self.scripts(id, true);
        }
        match self.tok() {
            Tok::Letter(_) => self.letters(),
            Tok::Number => self.numeral(),
            Tok::Fraction(over, under) => {
                let value = Rational::new(i64::from(over), i64::from(under)).unwrap_or_else(|| Rational::from(0));
                self.advance();
                let id = self.tree.push(Kind::Number(value), start);
                self.scripts(id, false)
            }
            Tok::Ones | Tok::Zeros => self.sized_constant(),
            Tok::Function(op) => self.function(op, self.span()),
            Tok::Open(Bracket::Group) => self.group(),
            Tok::Open(Bracket::Angle) => self.angle(),
            Tok::Infix(op) if op == &LESS => self.angle(),
            Tok::Open(bracket) => self.bracketed(bracket),
            Tok::Bar(_) => self.bars(),
            Tok::DoubleBar(_) => self.norm(),
            Tok::Frac => self.frac(),
            Tok::Sum => self.sum(self.span(), false),
            Tok::Product => self.sum(self.span(), true),
            Tok::Partial => self.partial(),
            Tok::Nabla => self.nabla(),
            Tok::Dots => {
                self.advance();
                Ok(self.tree.push(Kind::Dots, start))
            }
            Tok::Begin(environment) => self.environment(environment),
            Tok::Unknown => self.unknown_command(),
            Tok::Infix(op) if op == &GREATER => self.unexpected("a formula"),
            Tok::Close(_) | Tok::Finish if self.at > 0 => {
                let before = self.characters(self.at - 1).trim().to_owned();
                match self.tok() {
                    Tok::Close(_) if self.open.is_empty() => self.unexpected("a formula"),
                    _ => self.fail(Code::EXPECTED_EXPRESSION, format!("an operand is missing after `{before}`")),
                }
            }
            Tok::Finish => self.fail(Code::NO_FORMULA, "there is no formula here"),
            _ => {
                let found = self.characters(self.at).trim().to_owned();
                self.fail(Code::EXPECTED_EXPRESSION, format!("an operand was expected here, not `{found}`"))
            }
        }
    }

    /// A number; `1[x > 0]` is an indicator, `1_n` a vector.
    fn numeral(&mut self) -> Reading<ExprId> {
        let one = self.characters(self.at) == "1";
        if one && self.peek(1) == Tok::Subscript {
            return self.sized_constant();
        }
        let indicator = one
            && match self.peek(1) {
                Tok::Open(Bracket::Curly | Bracket::Square | Bracket::Round) => self.holds_condition(self.at + 1),
                _ => false,
            };
        if indicator {
            let start = self.span();
            self.advance();
            return self.indicator(start);
        }
        let id = self.number()?;
        self.scripts(id, false)
    }

    /// e, with a superscript the exponential.
    pub(super) fn euler(&mut self) -> Reading<ExprId> {
        let start = self.span();
        self.advance();
        if self.tok() == Tok::Superscript && !self.transposes_next() {
            self.advance();
            let script = self.superscript(None)?;
            if let Some(exponent) = script.as_power() {
                let span = self.since(start);
                let id = self.apply(&EXP, &[exponent], span);
                return self.scripts(id, false);
            }
            let base = self.tree.push(Kind::Constant(Constant::Euler), start);
            let id = self.put_script(base, script, start)?;
            return self.scripts(id, false);
        }
        if self.tok() == Tok::DotSuperscript {
            self.advance();
            let exponent = self.exponent()?;
            let base = self.tree.push(Kind::Constant(Constant::Euler), start);
            let span = self.since(start);
            let id = self.apply(&HADAMARD_POWER, &[base, exponent], span);
            return self.scripts(id, false);
        }
        let id = self.tree.push(Kind::Constant(Constant::Euler), start);
        self.scripts(id, false)
    }
}
