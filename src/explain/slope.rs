//! The slopes of entrywise functions, and vec undone.

use super::rule::Rules;
use super::sheet::Sheet;
use crate::number::Rational;
use crate::operator::{self, Op};
use crate::syntax::ExprId;

impl Rules<'_> {
    /// The slopes of an elementwise operator at a, where it is `whole` itself.
    pub(super) fn slope(&mut self, op: Op, a: ExprId, whole: ExprId) -> Option<ExprId> {
        let s = &mut *self.sheet;
        let one_minus_square = |s: &mut Sheet, sign: i64| {
            let one = s.integer(1);
            let square = s.power(whole, &Rational::from(2));
            let factor = s.integer(sign);
            let square = s.times(factor, square);
            let shape = s.shape(whole).clone();
            s.spread_sum(&[one, square], shape)
        };
        let one = s.integer(1);
        Some(match op {
            op if op == &operator::EXP => whole,
            op if op == &operator::LOG => {
                if s.is_scalar(a) {
                    s.over(one, a)
                } else {
                    let shape = s.shape(a).clone();
                    let ones = s.ones(&shape);
                    s.entrywise_quotient(ones, a)
                }
            }
            op if op == &operator::SQRT => {
                let two = s.integer(2);
                let twice = s.times(two, whole);
                if s.is_scalar(a) {
                    s.over(one, twice)
                } else {
                    let shape = s.shape(a).clone();
                    let ones = s.ones(&shape);
                    let half = s.number(&Rational::new(1, 2)?);
                    let ones = s.times(half, ones);
                    s.entrywise_quotient(ones, whole)
                }
            }
            op if op == &operator::ABS || op == &operator::BARS => s.mapped(&operator::SIGN, a),
            op if op == &operator::SIN => s.mapped(&operator::COS, a),
            op if op == &operator::COS => {
                let sine = s.mapped(&operator::SIN, a);
                s.negative(sine)
            }
            op if op == &operator::TAN => one_minus_square(s, 1),
            op if op == &operator::SINH => s.mapped(&operator::COSH, a),
            op if op == &operator::COSH => s.mapped(&operator::SINH, a),
            op if op == &operator::TANH => one_minus_square(s, -1),
            op if op == &operator::SIGMOID => {
                let minus = s.negative(whole);
                let shape = s.shape(whole).clone();
                let rest = s.spread_sum(&[one, minus], shape);
                s.entrywise(whole, rest)
            }
            op if op == &operator::RELU => {
                let zero = s.integer(0);
                let shape = s.shape(a).clone();
                s.apply(&operator::GREATER, &[a, zero], shape)
            }
            op if op == &operator::SOFTPLUS => s.mapped(&operator::SIGMOID, a),
            _ => return None,
        })
    }

    /// The matrix M with vec M = g, where it can be told: vec is linear, and (A ⊗ B) vec M = vec(B M Aᵀ).
    pub(super) fn unvec(&mut self, g: ExprId) -> Option<ExprId> {
        let terms = self.sheet.terms(g);
        let mut matrices = Vec::with_capacity(terms.len());
        for t in terms {
            let mut p = self.sheet.take_apart(t);
            let last = p.factors.pop()?;
            let (op, &[m]) = self.sheet.tree.as_apply(last)? else { return None };
            if op != &operator::VEC {
                return None;
            }
            let mut m = m;
            while let Some(f) = p.factors.pop() {
                let (f, turned) = match self.sheet.tree.as_apply(f)? {
                    (op, &[inner]) if op == &operator::TRANSPOSE => (inner, true),
                    _ => (f, false),
                };
                let (op, &[a, b]) = self.sheet.tree.as_apply(f)? else { return None };
                if op != &operator::KRONECKER {
                    return None;
                }
                let (left, right) = if turned { (self.sheet.transposed(b), a) } else { (b, self.sheet.transposed(a)) };
                m = self.sheet.times(left, m);
                m = self.sheet.times(m, right);
            }
            p.factors = vec![m];
            matrices.push(self.sheet.build(p));
        }
        Some(self.sheet.sum(&matrices))
    }
}
