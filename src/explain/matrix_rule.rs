//! The rules for inverses, determinants, powers and the softmax.

use super::rule::{Expanded, Rules, Term};
use super::sheet::{Product, Sheet};
use crate::dimension::Shape;
use crate::number::Rational;
use crate::operator;
use crate::syntax::{ExprId, Kind};

impl Rules<'_> {
    /// dA⁻¹ = −A⁻¹ dA A⁻¹
    pub(super) fn inverse(&mut self, term: &Term, a: ExprId) -> Option<Expanded> {
        let inverse = term.part;
        let turned = self.sheet.transposed(inverse);
        let mut adjoint = self.sheet.times(turned, term.adjoint);
        adjoint = self.sheet.times(adjoint, turned);
        adjoint = self.sheet.negative(adjoint);
        let piece = self.piece(term, a, adjoint, |s, d| {
            let left = s.times(inverse, d);
            let all = s.times(left, inverse);
            s.negative(all)
        });
        Some(Expanded { rule: "differential of an inverse", linear: false, pieces: vec![piece] })
    }

    /// d det A = det A tr(A⁻¹ dA)
    pub(super) fn determinant(&mut self, term: &Term, a: ExprId) -> Option<Expanded> {
        let inverse = self.sheet.inverse(a);
        let turned = self.sheet.transposed(inverse);
        let scale = self.sheet.times(term.adjoint, term.part);
        let adjoint = self.sheet.times(scale, turned);
        let whole = term.part;
        let piece = self.piece(term, a, adjoint, |s, d| {
            let inner = s.times(inverse, d);
            let trace = s.mapped_scalar(&operator::TRACE, inner);
            s.times(whole, trace)
        });
        Some(Expanded { rule: "differential of a determinant", linear: false, pieces: vec![piece] })
    }

    /// d log det A = tr(A⁻¹ dA)
    pub(super) fn log_determinant(&mut self, term: &Term, a: ExprId) -> Option<Expanded> {
        let inverse = self.sheet.inverse(a);
        let turned = self.sheet.transposed(inverse);
        let adjoint = self.sheet.times(term.adjoint, turned);
        let piece = self.piece(term, a, adjoint, |s, d| {
            let inner = s.times(inverse, d);
            s.mapped_scalar(&operator::TRACE, inner)
        });
        Some(Expanded { rule: "differential of a log-determinant", linear: false, pieces: vec![piece] })
    }

    pub(super) fn power(&mut self, term: &Term, a: ExprId, k: ExprId) -> Option<Expanded> {
        if self.varies(k) {
            return None;
        }
        if !self.sheet.is_scalar(a) {
            return self.matrix_power(term, a, k);
        }
        let norm =
            self.sheet.tree.as_apply(a).and_then(|(op, b)| {
                [&operator::NORM, &operator::NORM_2, &operator::NORM_F].contains(&op).then(|| b[0])
            });
        let slope = match self.sheet.tree.kind(k).clone() {
            Kind::Number(n) => {
                if let (Some(inner), true) = (norm, n == Rational::from(2)) {
                    let two = self.sheet.integer(2);
                    let twice = self.sheet.times(two, inner);
                    let adjoint = self.sheet.times(term.adjoint, twice);
                    let piece = self.piece(term, inner, adjoint, |s, d| s.pairing(twice, d));
                    return Some(Expanded {
                        rule: "differential of a squared norm",
                        linear: false,
                        pieces: vec![piece],
                    });
                }
                let factor = self.sheet.number(&n);
                let lower = self.sheet.power(a, &(&n - &Rational::ONE));
                self.sheet.times(factor, lower)
            }
            _ => {
                let minus = self.sheet.integer(-1);
                let less = self.sheet.sum(&[k, minus]);
                let lower = self.sheet.apply(&operator::POWER, &[a, less], Shape::scalar());
                self.sheet.times(k, lower)
            }
        };
        Some(self.chain_rule(term, a, slope, "power rule"))
    }

    /// d A^k = Σ A^j dA A^(k−1−j); below a trace alone all terms are equal: d tr(A^k) = k tr(A^(k−1) dA).
    pub(super) fn matrix_power(&mut self, term: &Term, a: ExprId, k: ExprId) -> Option<Expanded> {
        let alone = self.sheet.take_apart(term.adjoint).factors;
        let under_trace = alone.len() == 1 && self.sheet.is_identity(alone[0]);
        let number = match self.sheet.tree.kind(k) {
            Kind::Number(n) => n.to_integer(),
            _ => None,
        };
        let shape = self.sheet.shape(a).clone();
        if under_trace {
            let lower = match number {
                Some(2) => a,
                _ => {
                    let less = match number {
                        Some(n) => self.sheet.integer(n.checked_sub(1)?),
                        None => {
                            let one = self.sheet.integer(1);
                            let minus = self.sheet.negative(one);
                            self.sheet.sum(&[k, minus])
                        }
                    };
                    self.sheet.apply(&operator::POWER, &[a, less], shape)
                }
            };
            let scale = self.sheet.take_apart(term.adjoint);
            let scale = self.sheet.build(Product { factors: Vec::new(), ..scale });
            let scale = self.sheet.times(scale, k);
            let turned = self.sheet.transposed(lower);
            let adjoint = self.sheet.times(scale, turned);
            let piece = self.piece(term, a, adjoint, |s, d| {
                let chain = s.times(lower, d);
                s.times(k, chain)
            });
            return Some(Expanded { rule: "power rule below a trace", linear: false, pieces: vec![piece] });
        }
        let n = number.filter(|n| (2..=4).contains(n))?;
        let mut pieces = Vec::new();
        for j in 0..n {
            let raised = |s: &mut Sheet, e: i64| match e {
                0 => None,
                1 => Some(a),
                e => {
                    let e = s.integer(e);
                    Some(s.apply(&operator::POWER, &[a, e], shape.clone()))
                }
            };
            let (l, r) = (raised(self.sheet, j), raised(self.sheet, n - 1 - j));
            let adjoint = self.sheet.adjoint_between(l, term.adjoint, r);
            pieces.push(self.piece(term, a, adjoint, |s, d| {
                let p = Product { factors: l.into_iter().chain([d]).chain(r).collect(), ..Product::one() };
                s.build(p)
            }));
        }
        Some(Expanded { rule: "product rule", linear: false, pieces })
    }

    /// d softmax(a) = p ⊙ (da − (pᵀ da) 1) for p = softmax(a), a vector; by rows, p ⊙ (dA − (p ⊙ dA) 1 1ᵀ).
    pub(super) fn softmax(&mut self, term: &Term, a: ExprId) -> Option<Expanded> {
        let p = term.part;
        let shape = self.sheet.shape(p).clone();
        if shape.rows.is_one() {
            return None;
        }
        let centred = |s: &mut Sheet, e: ExprId| {
            let mean = if shape.cols.is_one() {
                s.pairing(p, e)
            } else {
                let weighted = s.entrywise(p, e);
                let ones = s.ones(&Shape::matrix(shape.cols.clone(), shape.cols.clone()));
                s.times(weighted, ones)
            };
            let minus = s.negative(mean);
            let centred = s.sum(&[e, minus]);
            s.apply(&operator::HADAMARD, &[p, centred], shape.clone())
        };
        let adjoint = centred(self.sheet, term.adjoint);
        let piece = self.piece(term, a, adjoint, centred);
        Some(Expanded { rule: "differential of softmax", linear: false, pieces: vec![piece] })
    }
}
