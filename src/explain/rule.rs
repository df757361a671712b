//! One rule an operator: what the differential of an expression is in those of its parts, and what moves when it stands
//! in ⟨G, dE⟩, the scalar that the differential of the whole is a sum of.
//!
//! With ⟨G, E⟩ = tr(Gᵀ E), every rule has the two sides ⟨G, dE⟩ = Σ ⟨G, shown⟩ = Σ ⟨adjoint, d part⟩: the differential in
//! its place, and moved to the end of its trace.
//! Source: J. R. Magnus, H. Neudecker, Matrix Differential Calculus (2019), chapters 8 and 9.

use super::sheet::{Product, Sheet};
use crate::number::Rational;
use crate::operator::{self, Op};
use crate::shape::{BinderReading, Body, Function, QuantityId, Reading, Scope, Typed};
use crate::syntax::{Binder, ExprId, Kind};

/// ⟨adjoint, d part⟩ under sums.
#[derive(Clone, Debug)]
pub(super) struct Term {
    pub(super) part: ExprId,
    pub(super) adjoint: ExprId,
    pub(super) binders: Vec<(Vec<Binder>, Reading)>,
}

/// One summand of an expanded differential.
pub(super) struct Piece {
    /// The differential in its place, of the shape of what was expanded.
    pub(super) shown: ExprId,
    /// The same, moved.
    pub(super) term: Term,
}

/// An expanded differential.
pub(super) struct Expanded {
    /// The rule's name.
    pub(super) rule: &'static str,
    /// Whether it is only linearity, which is used without a line of its own.
    pub(super) linear: bool,
    pub(super) pieces: Vec<Piece>,
}

/// What differentials there are rules for.
pub(super) struct Rules<'a> {
    pub(super) sheet: &'a mut Sheet,
    /// The variable.
    pub(super) wrt: QuantityId,
    /// Further symbols that vary: the named nodes of a graph.
    pub(super) nodes: &'a [QuantityId],
}

/// What has no slope but at its jumps.
const JUMPS: &[Op] = &[
    &operator::SIGN,
    &operator::GREATER,
    &operator::LESS,
    &operator::GREATER_EQUAL,
    &operator::LESS_EQUAL,
    &operator::EQUAL,
    &operator::NOT_EQUAL,
    &operator::INDICATOR,
];

const LINEARITY: &str = "linearity";

impl Rules<'_> {
    /// Whether an expression varies.
    pub(super) fn varies(&self, id: ExprId) -> bool {
        let reading = self.sheet.reading(id);
        let of = |q: QuantityId| q == self.wrt || self.nodes.contains(&q);
        match (self.sheet.tree.kind(id), reading) {
            (_, Reading::Quantity(q)) => of(*q) || self.depends(*q),
            (_, Reading::Member { quantity, .. }) => of(*quantity) || self.depends(*quantity),
            (Kind::Differential(_), _) => false,
            _ => self.sheet.tree.children(id).iter().any(|c| self.varies(*c)),
        }
    }

    /// Whether a definition varies; a node of the graph hides what it is made of.
    fn depends(&self, q: QuantityId) -> bool {
        fn inside(scope: &Scope, typed: &Typed, of: &dyn Fn(QuantityId) -> bool, deep: usize) -> bool {
            typed.readings.iter().any(|r| match r {
                Reading::Quantity(q) | Reading::Member { quantity: q, .. } => {
                    of(*q)
                        || match &scope.quantity(*q).body {
                            Body::Definition(f) if deep > 0 => inside(scope, &f.typed, of, deep - 1),
                            Body::Stacked { family, .. } => of(*family),
                            _ => false,
                        }
                }
                _ => false,
            })
        }
        let of = |q: QuantityId| q == self.wrt || self.nodes.contains(&q);
        match &self.sheet.scope.quantity(q).body {
            Body::Definition(f) => inside(&self.sheet.scope, &f.typed, &of, 32),
            Body::Stacked { family, .. } => of(*family),
            Body::Variable => false,
        }
    }

    /// Whether this is the variable or a node, whose differential is not taken further.
    pub(super) fn is_leaf(&self, id: ExprId) -> bool {
        matches!(self.sheet.reading(id), Reading::Quantity(q) if *q == self.wrt || self.nodes.contains(q))
    }

    /// The differential of a part in that of its own parts; nothing where there is no rule for it.
    pub(super) fn expand(&mut self, term: &Term) -> Option<Expanded> {
        let id = term.part;
        if let Some(formula) = self.sheet.definition(id) {
            let body = self.sheet.copy(&formula.tree, &formula.typed, formula.tree.root);
            let piece = self.plain_piece(term, body, term.adjoint);
            return Some(Expanded { rule: "the definition put in", linear: true, pieces: vec![piece] });
        }
        match self.sheet.tree.kind(id).clone() {
            Kind::Apply { operator, arguments } => self.operator(term, operator, &arguments),
            Kind::Call { function, order, arguments } => {
                let [a] = arguments.as_slice() else { return None };
                match self.sheet.scope.function(&function)? {
                    Function::Elementwise => {}
                    Function::Defined { .. } if matches!(self.sheet.reading(id), Reading::Instance(i) if i.entrywise || self.sheet.is_scalar(*a)) =>
                        {}
                    _ => return None,
                }
                let shape = self.sheet.shape(id).clone();
                let kind = Kind::Call { function, order: order.checked_add(1)?, arguments: arguments.clone() };
                let slope = self.sheet.push(kind, shape);
                Some(self.chain_rule(term, *a, slope, "chain rule"))
            }
            Kind::Sum { binders, body } => {
                let reading = self.sheet.reading(id).clone();
                let Reading::Sum(all) = &reading else { return None };
                if binders.iter().any(|b| [b.lower, b.upper].into_iter().flatten().any(|e| self.varies(e))) {
                    return None;
                }
                if all.iter().any(|b| matches!(b, BinderReading::Integer { .. })) {
                    return None;
                }
                let mut inner = term.clone();
                inner.binders.push((binders.to_vec(), reading.clone()));
                inner.part = body;
                let d = self.sheet.differential(body);
                Some(Expanded { rule: LINEARITY, linear: true, pieces: vec![Piece { shown: d, term: inner }] })
            }
            _ => None,
        }
    }

    /// ⟨G, dE⟩ = ⟨adjoint, d part⟩, shown as it is.
    fn plain_piece(&mut self, term: &Term, part: ExprId, adjoint: ExprId) -> Piece {
        let shown = self.sheet.differential(part);
        Piece { shown, term: Term { part, adjoint, binders: term.binders.clone() } }
    }

    /// A part and its differential; a transposed part is turned, so that it is that of what is transposed.
    fn differential(&mut self, part: ExprId) -> (ExprId, ExprId, bool) {
        match self.sheet.tree.as_apply(part) {
            Some((op, &[a])) if op == &operator::TRANSPOSE && !self.sheet.is_scalar(a) => {
                let d = self.sheet.differential(a);
                let shape = self.sheet.shape(part).clone();
                (self.sheet.apply(&operator::TRANSPOSE, &[d], shape), a, true)
            }
            _ => {
                let part = self.without_numbers(part);
                (self.sheet.differential(part), part, false)
            }
        }
    }

    /// 1 + A without the number, which beside a matrix can only be read inside an entrywise operation.
    fn without_numbers(&mut self, part: ExprId) -> ExprId {
        let terms = self.sheet.terms(part);
        let is_scalar = |s: &Sheet, t: ExprId| s.is_scalar(t);
        if terms.len() < 2 || is_scalar(self.sheet, part) || !terms.iter().any(|t| is_scalar(self.sheet, *t)) {
            return part;
        }
        let varying: Vec<ExprId> = terms.iter().copied().filter(|t| self.varies(*t)).collect();
        if varying.is_empty() || varying.iter().any(|t| is_scalar(self.sheet, *t)) {
            return part;
        }
        self.sheet.sum(&varying)
    }

    pub(super) fn piece(
        &mut self,
        term: &Term,
        part: ExprId,
        adjoint: ExprId,
        shown: impl FnOnce(&mut Sheet, ExprId) -> ExprId,
    ) -> Piece {
        let (d, part, turned) = self.differential(part);
        let adjoint = if turned { self.sheet.transposed(adjoint) } else { adjoint };
        let shown = shown(self.sheet, d);
        Piece { shown, term: Term { part, adjoint, binders: term.binders.clone() } }
    }

    /// d f(A) = f'(A) ⊙ dA, for the slopes f'(A).
    pub(super) fn chain_rule(&mut self, term: &Term, a: ExprId, slope: ExprId, rule: &'static str) -> Expanded {
        let adjoint = self.sheet.entrywise(term.adjoint, slope);
        let piece = self.piece(term, a, adjoint, |s, d| s.entrywise(slope, d));
        Expanded { rule, linear: false, pieces: vec![piece] }
    }

    fn operator(&mut self, term: &Term, op: Op, arguments: &[ExprId]) -> Option<Expanded> {
        let (id, g) = (term.part, term.adjoint);
        let some = |rule, pieces| Some(Expanded { rule, linear: false, pieces });
        match (op, arguments) {
            (op, &[_, _]) if op == &operator::ADD => {
                let terms = self.sheet.terms(id);
                let mut pieces = Vec::new();
                for t in terms.into_iter().filter(|t| self.varies(*t)).collect::<Vec<_>>() {
                    // A scalar beside a matrix is repeated.
                    let spread = self.sheet.is_scalar(t) && !self.sheet.is_scalar(id);
                    let adjoint = if spread { self.sheet.mapped_scalar(&operator::SUM, g) } else { g };
                    pieces.push(self.plain_piece(term, t, adjoint));
                }
                Some(Expanded { rule: LINEARITY, linear: true, pieces })
            }
            (op, &[a, b]) if op == &operator::DIVIDE && !self.sheet.is_scalar(b) => {
                if self.sheet.is_scalar(a) {
                    None
                } else {
                    self.entrywise_quotient(term, a, b)
                }
            }
            (op, _) if [&operator::NEGATE, &operator::MULTIPLY, &operator::DIVIDE].contains(&op) => self.product(term),
            (op, &[a]) if op == &operator::TRANSPOSE => {
                let adjoint = self.sheet.transposed(g);
                let (shown, part, _) = self.differential(id);
                let adjoint = if part == id { g } else { adjoint };
                let part = if part == id { a } else { part };
                let term = Term { part, adjoint, binders: term.binders.clone() };
                Some(Expanded { rule: LINEARITY, linear: true, pieces: vec![Piece { shown, term }] })
            }
            (op, &[a]) if op == &operator::TRACE => {
                let shape = self.sheet.shape(a).clone();
                let i = self.sheet.apply(&operator::IDENTITY, &[], shape);
                let adjoint = self.sheet.times(g, i);
                let piece = self.piece(term, a, adjoint, |s, d| s.mapped_scalar(&operator::TRACE, d));
                Some(Expanded { rule: LINEARITY, linear: true, pieces: vec![piece] })
            }
            (op, &[a]) if op == &operator::SUM || op == &operator::MEAN => {
                let shape = self.sheet.shape(a).clone();
                let ones = self.sheet.ones(&shape);
                let mut adjoint = self.sheet.times(g, ones);
                if op == &operator::MEAN {
                    let count = shape.rows.mul(&shape.cols);
                    let count = self.sheet.size(&count);
                    adjoint = self.sheet.over(adjoint, count);
                }
                let piece = self.piece(term, a, adjoint, |s, d| s.mapped_scalar(op, d));
                Some(Expanded { rule: LINEARITY, linear: true, pieces: vec![piece] })
            }
            (op, &[a]) if op == &operator::DIAG => {
                let adjoint = self.sheet.diagonal(g);
                let piece = self.piece(term, a, adjoint, |s, d| s.diagonal(d));
                Some(Expanded { rule: LINEARITY, linear: true, pieces: vec![piece] })
            }
            (op, &[a]) if op == &operator::VEC => {
                let adjoint = self.unvec(g)?;
                let shape = self.sheet.shape(id).clone();
                let piece = self.piece(term, a, adjoint, |s, d| s.apply(&operator::VEC, &[d], shape));
                Some(Expanded { rule: "vec(A)ᵀ vec(B) = tr(Aᵀ B)", linear: true, pieces: vec![piece] })
            }
            (op, &[a, b]) if op == &operator::INNER => {
                let mut pieces = Vec::new();
                for (one, other) in [(a, b), (b, a)] {
                    if self.varies(one) {
                        let adjoint = self.sheet.times(g, other);
                        pieces.push(self.piece(term, one, adjoint, |s, d| s.pairing(other, d)));
                    }
                }
                some("product rule", pieces)
            }
            (op, &[a]) if op == &operator::INVERSE => self.inverse(term, a),
            (op, &[a]) if op == &operator::DETERMINANT => self.determinant(term, a),
            (op, &[a]) if op == &operator::BARS && self.sheet.shape(a).is_matrix() => self.determinant(term, a),
            (op, &[a]) if op == &operator::LOGDET => self.log_determinant(term, a),
            (op, &[a]) if op == &operator::LOG && self.determinant_below(a).is_some() => {
                let inner = self.determinant_below(a)?;
                self.log_determinant(term, inner)
            }
            (op, &[a, k]) if op == &operator::POWER => self.power(term, a, k),
            (op, &[a, b]) if op == &operator::HADAMARD => {
                let mut pieces = Vec::new();
                for (one, other, first) in [(a, b, true), (b, a, false)] {
                    if self.varies(one) {
                        let spread = self.sheet.is_scalar(one) && !self.sheet.is_scalar(id);
                        if spread {
                            return None;
                        }
                        let adjoint = self.sheet.entrywise(g, other);
                        pieces.push(self.piece(term, one, adjoint, |s, d| {
                            if first { s.entrywise(d, other) } else { s.entrywise(other, d) }
                        }));
                    }
                }
                let linear = pieces.len() == 1;
                Some(Expanded { rule: if linear { LINEARITY } else { "product rule" }, linear, pieces })
            }
            (op, &[a, b]) if op == &operator::HADAMARD_DIVIDE => self.entrywise_quotient(term, a, b),
            (op, &[a, k]) if op == &operator::HADAMARD_POWER => {
                let Kind::Number(n) = self.sheet.tree.kind(k).clone() else { return None };
                let lower = self.sheet.power(a, &(&n - &Rational::ONE));
                let factor = self.sheet.number(&n);
                let slope = self.sheet.times(factor, lower);
                Some(self.chain_rule(term, a, slope, "power rule"))
            }
            (op, &[a]) if [&operator::NORM, &operator::NORM_2, &operator::NORM_F].contains(&op) => {
                // d‖A‖ = ⟨A, dA⟩ / ‖A‖
                let product = self.sheet.times(g, a);
                let adjoint = self.sheet.over(product, id);
                let piece = self.piece(term, a, adjoint, |s, d| {
                    let inner = s.pairing(a, d);
                    s.over(inner, id)
                });
                some("differential of a norm", vec![piece])
            }
            (op, &[a]) if op == &operator::NORM_1 => {
                let signs = self.sheet.mapped(&operator::SIGN, a);
                let adjoint = self.sheet.times(g, signs);
                let piece = self.piece(term, a, adjoint, |s, d| s.pairing(signs, d));
                some("differential of a norm", vec![piece])
            }
            (op, &[a]) if op == &operator::LOGSUMEXP && self.sheet.shape(a).cols.is_one() => {
                let p = self.sheet.mapped(&operator::SOFTMAX, a);
                let adjoint = self.sheet.times(g, p);
                let piece = self.piece(term, a, adjoint, |s, d| s.pairing(p, d));
                some("differential of logsumexp", vec![piece])
            }
            (op, &[a]) if op == &operator::SOFTMAX => self.softmax(term, a),
            (op, _) if JUMPS.contains(&op) => {
                Some(Expanded { rule: "constant between its jumps", linear: true, pieces: Vec::new() })
            }
            (op, &[a]) => {
                let slope = self.slope(op, a, id)?;
                Some(self.chain_rule(term, a, slope, "chain rule"))
            }
            _ => None,
        }
    }

    fn entrywise_quotient(&mut self, term: &Term, a: ExprId, b: ExprId) -> Option<Expanded> {
        let g = term.adjoint;
        if self.sheet.is_scalar(a) != self.sheet.is_scalar(b) {
            return None;
        }
        let mut pieces = Vec::new();
        if self.varies(a) {
            let adjoint = self.sheet.entrywise_quotient(g, b);
            pieces.push(self.piece(term, a, adjoint, |s, d| s.entrywise_quotient(d, b)));
        }
        if self.varies(b) {
            let square = self.sheet.power(b, &Rational::from(2));
            let ratio = self.sheet.entrywise_quotient(a, square);
            let ratio = self.sheet.negative(ratio);
            let adjoint = self.sheet.entrywise(g, ratio);
            pieces.push(self.piece(term, b, adjoint, |s, d| s.entrywise(ratio, d)));
        }
        let linear = pieces.len() == 1 && !self.varies(b);
        Some(Expanded { rule: if linear { LINEARITY } else { "quotient rule" }, linear, pieces })
    }

    /// The matrix below the signs of a determinant: det A, |A|, |det A|.
    fn determinant_below(&self, id: ExprId) -> Option<ExprId> {
        let (op, &[a]) = self.sheet.tree.as_apply(id)? else { return None };
        let matrix = self.sheet.shape(a).is_matrix();
        if matrix && (op == &operator::DETERMINANT || op == &operator::BARS) {
            return Some(a);
        }
        if op == &operator::ABS || op == &operator::BARS { self.determinant_below(a) } else { None }
    }

    /// A product: the product rule over the factors that vary, under scalars that may vary too.
    fn product(&mut self, term: &Term) -> Option<Expanded> {
        let (id, g) = (term.part, term.adjoint);
        let whole = self.sheet.take_wholly_apart(id);
        let mut pieces = Vec::new();
        let mut quotient = false;
        let varying = |r: &Self, all: &[ExprId]| -> Vec<usize> {
            all.iter().enumerate().filter(|(_, f)| r.varies(**f)).map(|(i, _)| i).collect()
        };
        let without = |p: &Product| Product { factors: Vec::new(), ..p.clone() };
        for i in varying(self, &whole.scalars) {
            let mut rest = whole.clone();
            let s = rest.scalars.remove(i);
            let rest = self.sheet.build(rest);
            let adjoint = self.sheet.pairing(g, rest);
            pieces.push(self.piece(term, s, adjoint, |sheet, d| sheet.times(d, rest)));
        }
        for i in varying(self, &whole.factors) {
            let (left, f, right) = (&whole.factors[..i], whole.factors[i], &whole.factors[i + 1..]);
            let scale = self.sheet.build(without(&whole));
            let (l, r) = (self.sheet.chain(left), self.sheet.chain(right));
            let scaled = self.sheet.times(scale, g);
            let adjoint = self.sheet.adjoint_between(l, scaled, r);
            pieces.push(self.piece(term, f, adjoint, |s, d| {
                let mut p = Product { factors: Vec::new(), ..whole.clone() };
                p.factors = l.into_iter().chain([d]).chain(r).collect();
                // The factors stay apart, since the differential is one of them.
                s.build(p)
            }));
        }
        for i in varying(self, &whole.over) {
            quotient = true;
            let s = whole.over[i];
            let again = self.sheet.negative(id);
            let rest = self.sheet.over(again, s);
            let adjoint = self.sheet.pairing(g, rest);
            pieces.push(self.piece(term, s, adjoint, |sheet, d| sheet.times(d, rest)));
        }
        let linear = pieces.len() == 1 && !quotient;
        let rule = if linear {
            LINEARITY
        } else if quotient {
            "quotient rule"
        } else {
            "product rule"
        };
        Some(Expanded { rule, linear, pieces })
    }
}
