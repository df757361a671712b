//! Expressions of a sheet put together: ones, inverses, entrywise and Kronecker products, pairings, sums.

use super::sheet::Sheet;
use crate::dimension::Shape;
use crate::number::Rational;
use crate::operator::{self, Op};
use crate::shape::Reading;
use crate::syntax::{Binder, ExprId, Kind, Tree};

impl Sheet {
    /// All ones in the shape of an expression.
    pub(super) fn ones(&mut self, like: &Shape) -> ExprId {
        if like.is_scalar() {
            return self.integer(1);
        }
        let rows = (!like.rows.is_one()).then(|| self.ones_vector(&like.rows));
        let cols = (!like.cols.is_one()).then(|| {
            let v = self.ones_vector(&like.cols);
            self.transposed(v)
        });
        match (rows, cols) {
            (Some(r), Some(c)) => self.raw_product(r, c),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => self.integer(1),
        }
    }

    pub(super) fn ones_vector(&mut self, n: &crate::dimension::Poly) -> ExprId {
        let size = self.size(n);
        self.apply(&operator::ONES, &[size], Shape::vector(n.clone()))
    }

    /// A size as a formula.
    pub(super) fn size(&mut self, n: &crate::dimension::Poly) -> ExprId {
        // Sizes of more than one letter are printed by the table of dimensions and read as they stand.
        let text = self.scope.unifier.show(n);
        match crate::syntax::parse(&text, crate::syntax::Syntax::Plain, &self.scope.names) {
            Ok(tree) => {
                let root = self.graft(&tree, tree.root);
                self.readings[root.0 as usize] = Reading::Integer(n.clone());
                root
            }
            Err(_) => self.push(Kind::Symbol(text.into()), Shape::scalar()),
        }
    }

    pub(super) fn graft(&mut self, tree: &Tree, id: ExprId) -> ExprId {
        let mut kind = tree.kind(id).clone();
        kind.map_children(&mut |c| self.graft(tree, c));
        self.push(kind, Shape::scalar())
    }

    /// a ⊙ b.
    pub(super) fn entrywise(&mut self, a: ExprId, b: ExprId) -> ExprId {
        if self.is_scalar(a) || self.is_scalar(b) {
            return self.times(a, b);
        }
        let (mut p, mut q) = (self.take_apart(a), self.take_apart(b));
        let (x, y) = (self.chain(&p.factors), self.chain(&q.factors));
        let (Some(x), Some(y)) = (x, y) else { return self.times(a, b) };
        let shape = self.shape(x).clone();
        let core = if self.is_ones(x) {
            y
        } else if self.is_ones(y) {
            x
        } else {
            self.apply(&operator::HADAMARD, &[x, y], shape)
        };
        p.number = &p.number * &q.number;
        p.scalars.append(&mut q.scalars);
        p.over.append(&mut q.over);
        p.factors = vec![core];
        self.build(p)
    }

    /// a ./ b.
    pub(super) fn entrywise_quotient(&mut self, a: ExprId, b: ExprId) -> ExprId {
        if self.is_scalar(b) {
            return self.over(a, b);
        }
        let mut p = self.take_apart(a);
        let Some(x) = self.chain(&p.factors) else { return a };
        let shape = self.shape(x).clone();
        let core = self.apply(&operator::HADAMARD_DIVIDE, &[x, b], shape);
        p.factors = vec![core];
        self.build(p)
    }

    pub(super) fn inverse(&mut self, id: ExprId) -> ExprId {
        match self.tree.as_apply(id) {
            Some((op, &[a])) if op == &operator::INVERSE => a,
            _ => {
                let shape = self.shape(id).clone();
                self.apply(&operator::INVERSE, &[id], shape)
            }
        }
    }

    pub(super) fn differential(&mut self, id: ExprId) -> ExprId {
        let shape = self.shape(id).clone();
        self.push(Kind::Differential(id), shape)
    }

    /// The scalar that two expressions of one shape make: tr(Gᵀ E), gᵀ e, g e.
    pub(super) fn pairing(&mut self, g: ExprId, e: ExprId) -> ExprId {
        let shape = self.shape(e).clone();
        if shape.is_scalar() {
            return self.times(g, e);
        }
        let turned = self.transposed(g);
        if shape.cols.is_one() {
            return self.times(turned, e);
        }
        if shape.rows.is_one() {
            return self.times(e, turned);
        }
        let mut p = self.take_apart(turned);
        self.collect(e, &mut p);
        let Some(inner) = self.chain(&p.factors) else { return self.build(p) };
        let trace = self.apply(&operator::TRACE, &[inner], Shape::scalar());
        p.factors.clear();
        p.scalars.push(trace);
        self.build(p)
    }

    /// f(a), of the shape of a.
    pub(super) fn mapped(&mut self, op: Op, a: ExprId) -> ExprId {
        let shape = self.shape(a).clone();
        self.apply(op, &[a], shape)
    }

    /// a^k, or a.^k where a is no scalar.
    /// Scalar factors with equal ones as powers: ‖x‖ ‖x‖² is ‖x‖³.
    pub(super) fn powers(&mut self, factors: &[ExprId]) -> Vec<ExprId> {
        let mut bases: Vec<(ExprId, Rational, ExprId, bool)> = Vec::new();
        for f in factors {
            let (base, exponent) = match self.tree.as_apply(*f) {
                Some((op, &[base, k])) if op == &operator::POWER => match self.tree.kind(k) {
                    Kind::Number(n) if n.is_integer() => (base, n.clone()),
                    _ => (*f, Rational::ONE),
                },
                _ => (*f, Rational::ONE),
            };
            match bases.iter().position(|b| self.same(b.0, base)) {
                Some(i) => (bases[i].1, bases[i].3) = (&bases[i].1 + &exponent, true),
                None => bases.push((base, exponent, *f, false)),
            }
        }
        bases.iter().map(|(base, exponent, f, joined)| if *joined { self.power(*base, exponent) } else { *f }).collect()
    }

    pub(super) fn power(&mut self, a: ExprId, k: &Rational) -> ExprId {
        if k.is_one() {
            return a;
        }
        let exponent = self.number(k);
        let (shape, op) =
            (self.shape(a).clone(), if self.is_scalar(a) { &operator::POWER } else { &operator::HADAMARD_POWER });
        self.apply(op, &[a, exponent], shape)
    }

    /// A scalar made of an expression by an operator of one argument; a number and scalars stand in front.
    pub(super) fn mapped_scalar(&mut self, op: Op, a: ExprId) -> ExprId {
        let mut p = self.take_apart(a);
        let Some(inner) = self.chain(&p.factors) else { return self.apply(op, &[a], Shape::scalar()) };
        let mapped = self.apply(op, &[inner], Shape::scalar());
        p.factors.clear();
        p.scalars.push(mapped);
        self.build(p)
    }

    pub(super) fn identity(&mut self, n: &crate::dimension::Poly) -> ExprId {
        let size = self.size(n);
        self.apply(&operator::IDENTITY, &[size], Shape::matrix(n.clone(), n.clone()))
    }

    /// a ⊗ b, with their numbers and scalars in front.
    pub(super) fn kronecker(&mut self, a: ExprId, b: ExprId) -> ExprId {
        let (mut p, mut q) = (self.take_apart(a), self.take_apart(b));
        let (Some(x), Some(y)) = (self.chain(&p.factors), self.chain(&q.factors)) else { return self.times(a, b) };
        let (s, t) = (self.shape(x).clone(), self.shape(y).clone());
        let shape = Shape::matrix(s.rows.mul(&t.rows), s.cols.mul(&t.cols));
        p.number = &p.number * &q.number;
        p.scalars.append(&mut q.scalars);
        p.over.append(&mut q.over);
        p.factors = vec![self.apply(&operator::KRONECKER, &[x, y], shape)];
        self.build(p)
    }

    /// diag of a vector or a matrix.
    pub(super) fn diagonal(&mut self, a: ExprId) -> ExprId {
        let s = self.shape(a).clone();
        let n = if s.rows.is_one() { s.cols.clone() } else { s.rows.clone() };
        let shape = if s.is_vector() { Shape::matrix(n.clone(), n) } else { Shape::vector(n) };
        let mut p = self.take_apart(a);
        let Some(inner) = self.chain(&p.factors) else { return a };
        p.factors = vec![self.apply(&operator::DIAG, &[inner], shape)];
        self.build(p)
    }

    /// A sum in which numbers stand beside what has a shape.
    pub(super) fn spread_sum(&mut self, terms: &[ExprId], shape: Shape) -> ExprId {
        let Some((first, rest)) = terms.split_first() else { return self.integer(0) };
        rest.iter().fold(*first, |a, b| self.apply(&operator::ADD, &[a, *b], shape.clone()))
    }

    /// A sum sign before an expression; its number stands in front.
    pub(super) fn sum_over(&mut self, binders: &[Binder], reading: &Reading, body: ExprId) -> ExprId {
        let mut p = self.take_apart(body);
        let number = std::mem::replace(&mut p.number, Rational::ONE);
        let body = self.build(p);
        let shape = self.shape(body).clone();
        let sum = self.push(Kind::Sum { binders: binders.iter().cloned().collect(), body }, shape);
        self.readings[sum.0 as usize] = reading.clone();
        let factor = self.number(&number);
        self.times(factor, sum)
    }
}
