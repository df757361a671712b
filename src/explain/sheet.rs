//! The paper a derivation is written on: a formula tree whose nodes have shapes, with what a person does without a
//! word: ones are not written, numbers and scalars stand first, a transposed product is turned round.

use crate::dimension::Shape;
use crate::number::Rational;
use crate::operator::{self, Op};
use crate::shape::{Body, Formula, Index, QuantityId, Reading, Scope, Typed};
use crate::syntax::{ExprId, Kind, Name, Tree};
use crate::tensor::Property;
use crate::text::Span;

/// A formula being written.
pub(super) struct Sheet {
    pub(super) tree: Tree,
    shapes: Vec<Shape>,
    pub(super) readings: Vec<Reading>,
    pub(super) scope: Scope,
}

/// A product taken apart: number · scalars · factors / over. The factors keep their order.
#[derive(Clone, Debug)]
pub(super) struct Product {
    pub(super) number: Rational,
    pub(super) scalars: Vec<ExprId>,
    pub(super) over: Vec<ExprId>,
    pub(super) factors: Vec<ExprId>,
}

impl Product {
    pub(super) fn one() -> Self {
        Self { number: Rational::ONE, scalars: Vec::new(), over: Vec::new(), factors: Vec::new() }
    }
}

impl Sheet {
    /// A sheet with a formula on it; its nodes keep their names.
    pub(super) fn new(tree: &Tree, typed: &Typed, scope: &Scope) -> Self {
        Self {
            tree: tree.clone(),
            shapes: typed.shapes.clone(),
            readings: typed.readings.clone(),
            scope: scope.clone(),
        }
    }

    /// Copies a formula of the declarations onto the sheet.
    pub(super) fn copy(&mut self, tree: &Tree, typed: &Typed, id: ExprId) -> ExprId {
        let mut kind = tree.kind(id).clone();
        kind.map_children(&mut |c| self.copy(tree, typed, c));
        let shape = self.scope.unifier.resolve_shape(typed.shape(id));
        let new = self.push(kind, shape);
        self.readings[new.0 as usize] = typed.reading(id).clone();
        if tree.is_grouped(id) {
            self.tree.group(new);
        }
        new
    }

    pub(super) fn push(&mut self, kind: Kind, shape: Shape) -> ExprId {
        self.shapes.push(shape);
        self.readings.push(Reading::Plain);
        self.tree.push(kind, Span::default())
    }

    pub(super) fn apply(&mut self, op: Op, arguments: &[ExprId], shape: Shape) -> ExprId {
        self.push(Kind::Apply { operator: op, arguments: arguments.iter().copied().collect() }, shape)
    }

    pub(super) fn shape(&self, id: ExprId) -> &Shape {
        &self.shapes[id.0 as usize]
    }

    pub(super) fn reading(&self, id: ExprId) -> &Reading {
        &self.readings[id.0 as usize]
    }

    /// A node like another, which may be printed otherwise.
    pub(super) fn again(&mut self, id: ExprId) -> ExprId {
        let (kind, shape) = (self.tree.kind(id).clone(), self.shape(id).clone());
        let new = self.push(kind, shape);
        self.readings[new.0 as usize] = self.readings[id.0 as usize].clone();
        new
    }

    pub(super) fn same(&self, a: ExprId, b: ExprId) -> bool {
        a == b || self.tree.same(a, &self.tree, b)
    }

    pub(super) fn is_scalar(&self, id: ExprId) -> bool {
        self.shape(id).is_scalar()
    }

    pub(super) fn number(&mut self, n: &Rational) -> ExprId {
        self.push(Kind::Number(n.clone()), Shape::scalar())
    }

    pub(super) fn integer(&mut self, n: i64) -> ExprId {
        self.number(&Rational::from(n))
    }

    /// A declared symbol.
    pub(super) fn symbol(&mut self, name: Name, shape: Shape, quantity: QuantityId) -> ExprId {
        let id = self.push(Kind::Symbol(name), shape);
        self.readings[id.0 as usize] = Reading::Quantity(quantity);
        id
    }

    /// The definition a symbol stands for.
    pub(super) fn definition(&self, id: ExprId) -> Option<Formula> {
        let (q, indices) = match self.reading(id) {
            Reading::Quantity(q) => (*q, &[][..]),
            Reading::Member { quantity, indices } => (*quantity, indices.as_slice()),
            _ => return None,
        };
        let quantity = self.scope.quantity(q);
        // A member's formula stands as it is where its index has the letter of the declaration.
        let own = indices.iter().zip(&quantity.letters).all(|(i, l)| matches!(i, Index::Letter(x) if x == l));
        match &quantity.body {
            Body::Definition(f) if own && indices.len() == quantity.letters.len() => Some((**f).clone()),
            _ => None,
        }
    }

    /// A product taken apart, with a scalar that is made of vectors as one scalar.
    pub(super) fn take_apart(&mut self, id: ExprId) -> Product {
        let mut p = Product::one();
        self.collect(id, &mut p);
        p
    }

    /// A product taken apart, with the factors of its one scalar that is made of vectors, where it is nothing more.
    pub(super) fn take_wholly_apart(&mut self, id: ExprId) -> Product {
        let mut p = self.take_apart(id);
        if let ([unit], []) = (p.scalars.as_slice(), p.factors.as_slice())
            && let Some((op, &[a, b])) = self.tree.as_apply(*unit)
            && op == &operator::MULTIPLY
            && !self.is_scalar(a)
        {
            p.scalars.clear();
            self.collect(a, &mut p);
            self.collect(b, &mut p);
        }
        p
    }

    pub(super) fn collect(&mut self, id: ExprId, p: &mut Product) {
        let kind = self.tree.kind(id).clone();
        match &kind {
            Kind::Number(n) => p.number = &p.number * n,
            Kind::Apply { operator, arguments } => match (*operator, arguments.as_slice()) {
                (op, &[a]) if op == &operator::NEGATE => {
                    p.number = -&p.number;
                    self.collect(a, p);
                }
                (op, &[a, b]) if op == &operator::MULTIPLY => {
                    if self.is_scalar(id) && !self.is_scalar(a) {
                        let mut inner = Product::one();
                        self.collect(a, &mut inner);
                        self.collect(b, &mut inner);
                        p.number = &p.number * &inner.number;
                        p.over.append(&mut inner.over);
                        p.scalars.append(&mut inner.scalars);
                        let unit = self.chain(&inner.factors);
                        p.scalars.extend(unit);
                    } else {
                        self.collect(a, p);
                        self.collect(b, p);
                    }
                }
                (op, &[a, b]) if op == &operator::DIVIDE && self.is_scalar(b) => {
                    self.collect(a, p);
                    let mut under = Product::one();
                    self.collect(b, &mut under);
                    match under.number.recip() {
                        Some(r) => {
                            p.number = &p.number * &r;
                            p.over.append(&mut under.scalars);
                            p.scalars.append(&mut under.over);
                        }
                        None => p.over.push(b),
                    }
                }
                _ if self.is_scalar(id) => p.scalars.push(id),
                _ => p.factors.push(id),
            },
            _ if self.is_scalar(id) => p.scalars.push(id),
            _ => p.factors.push(id),
        }
    }

    pub(super) fn is_identity(&self, id: ExprId) -> bool {
        matches!(self.tree.kind(id), Kind::Apply { operator, .. } if *operator == &operator::IDENTITY)
    }

    /// The factors one after the other; an identity beside others is left out.
    pub(super) fn chain(&mut self, factors: &[ExprId]) -> Option<ExprId> {
        let kept: Vec<ExprId> = factors.iter().copied().filter(|f| !self.is_identity(*f)).collect();
        let kept = if kept.is_empty() { factors.get(..1).unwrap_or_default().to_vec() } else { kept };
        let (first, rest) = kept.split_first()?;
        Some(rest.iter().fold(*first, |a, b| self.raw_product(a, *b)))
    }

    /// A product as it stands.
    pub(super) fn raw_product(&mut self, a: ExprId, b: ExprId) -> ExprId {
        let (x, y) = (self.shape(a), self.shape(b));
        let shape = if x.is_scalar() {
            y.clone()
        } else if y.is_scalar() {
            x.clone()
        } else {
            Shape::matrix(x.rows.clone(), y.cols.clone())
        };
        self.apply(&operator::MULTIPLY, &[a, b], shape)
    }

    /// The product written out.
    pub(super) fn build(&mut self, p: Product) -> ExprId {
        if p.number.is_zero() {
            return self.integer(0);
        }
        let negative = p.number.is_negative();
        let size = p.number.abs();
        let mut items: Vec<ExprId> = Vec::new();
        if !size.is_one() {
            items.push(self.number(&size));
        }
        let units = p.scalars.len() + p.factors.len();
        for s in &p.scalars {
            let inner = self.tree.as_apply(*s).and_then(|(op, a)| (op == &operator::MULTIPLY).then(|| a[0]));
            match inner {
                // An inner product among other factors stands in brackets; alone it needs none.
                Some(first) if !self.is_scalar(first) => {
                    if units > 1 {
                        let unit = self.again(*s);
                        self.tree.group(unit);
                        items.push(unit);
                    } else {
                        let open = self.take_wholly_apart(*s);
                        items.extend(open.factors);
                    }
                }
                _ => items.push(*s),
            }
        }
        let factors = if p.factors.len() > 1 {
            let others = p.factors.iter().any(|f| !self.is_identity(*f));
            p.factors.iter().copied().filter(|f| !others || !self.is_identity(*f)).collect()
        } else {
            p.factors.clone()
        };
        items.extend(factors);
        let top = match items.split_first() {
            Some((first, rest)) => rest.iter().fold(*first, |a, b| self.raw_product(a, *b)),
            None => self.integer(1),
        };
        let over = self.powers(&p.over);
        let whole = match over.split_first() {
            Some((first, rest)) => {
                let under = rest.iter().fold(*first, |a, b| self.raw_product(a, *b));
                let shape = self.shape(top).clone();
                self.apply(&operator::DIVIDE, &[top, under], shape)
            }
            None => top,
        };
        if negative { self.raw_negative(whole) } else { whole }
    }

    fn raw_negative(&mut self, id: ExprId) -> ExprId {
        let shape = self.shape(id).clone();
        self.apply(&operator::NEGATE, &[id], shape)
    }

    pub(super) fn negative(&mut self, id: ExprId) -> ExprId {
        let mut p = self.take_apart(id);
        p.number = -&p.number;
        self.build(p)
    }

    /// a · b, in this order where both are no scalars.
    pub(super) fn times(&mut self, a: ExprId, b: ExprId) -> ExprId {
        let mut p = self.take_apart(a);
        self.collect(b, &mut p);
        self.build(p)
    }

    pub(super) fn over(&mut self, a: ExprId, scalar: ExprId) -> ExprId {
        let quotient = {
            let shape = self.shape(a).clone();
            self.apply(&operator::DIVIDE, &[a, scalar], shape)
        };
        let p = self.take_apart(quotient);
        self.build(p)
    }

    /// The terms of a sum, each with its sign.
    pub(super) fn terms(&mut self, id: ExprId) -> Vec<ExprId> {
        match self.tree.as_apply(id) {
            Some((op, &[a, b])) if op == &operator::ADD => {
                let mut all = self.terms(a);
                all.extend(self.terms(b));
                all
            }
            _ => vec![id],
        }
    }

    pub(super) fn sum(&mut self, terms: &[ExprId]) -> ExprId {
        let is_zero = |s: &Self, t: ExprId| matches!(s.tree.kind(t), Kind::Number(n) if n.is_zero());
        let mut terms: Vec<ExprId> = terms.iter().copied().filter(|t| !is_zero(self, *t)).collect();
        self.merge(&mut terms);
        // A sum does not begin with a minus where it need not.
        let negative = |s: &Self, t: ExprId| s.tree.as_apply(t).is_some_and(|(op, _)| op == &operator::NEGATE);
        if let Some(at) = terms.iter().position(|t| !negative(self, *t)) {
            let first = terms.remove(at);
            terms.insert(0, first);
        }
        let Some((first, rest)) = terms.split_first() else { return self.integer(0) };
        rest.iter().fold(*first, |a, b| {
            let shape = if self.is_scalar(a) { self.shape(*b).clone() } else { self.shape(a).clone() };
            self.apply(&operator::ADD, &[a, *b], shape)
        })
    }

    /// Terms that differ by a number are one.
    fn merge(&mut self, terms: &mut Vec<ExprId>) {
        let alike =
            |s: &Self, a: &[ExprId], b: &[ExprId]| a.len() == b.len() && a.iter().zip(b).all(|(x, y)| s.same(*x, *y));
        let mut kept: Vec<(ExprId, Product, bool)> = Vec::with_capacity(terms.len());
        for t in terms.drain(..) {
            let p = self.take_apart(t);
            let earlier = kept.iter().position(|(_, q, _)| {
                alike(self, &p.scalars, &q.scalars)
                    && alike(self, &p.over, &q.over)
                    && alike(self, &p.factors, &q.factors)
            });
            match earlier.and_then(|i| kept.get_mut(i)) {
                Some((_, q, changed)) => {
                    q.number = &q.number + &p.number;
                    *changed = true;
                }
                None => kept.push((t, p, false)),
            }
        }
        for (t, p, changed) in kept {
            match (changed, p.number.is_zero()) {
                (true, true) => {}
                (true, false) => terms.push(self.build(p)),
                (false, _) => terms.push(t),
            }
        }
    }

    /// The adjoint of a factor that stands between two others, from that of the product: Lᵀ G Rᵀ.
    pub(super) fn adjoint_between(&mut self, left: Option<ExprId>, of: ExprId, right: Option<ExprId>) -> ExprId {
        let mut adjoint = of;
        if let Some(l) = left {
            let turned = self.transposed(l);
            adjoint = self.times(turned, adjoint);
        }
        if let Some(r) = right {
            let turned = self.transposed(r);
            adjoint = self.times(adjoint, turned);
        }
        adjoint
    }

    /// The transposed expression.
    pub(super) fn transposed(&mut self, id: ExprId) -> ExprId {
        if self.is_scalar(id) {
            return id;
        }
        let kind = self.tree.kind(id).clone();
        match &kind {
            Kind::Symbol(_) if self.is_symmetric_symbol(id) => return id,
            Kind::Apply { operator, arguments } => match (*operator, arguments.as_slice()) {
                (op, &[a]) if op == &operator::TRANSPOSE => return a,
                (op, _) if op == &operator::IDENTITY => return id,
                (op, &[a]) if op == &operator::DIAG && self.shape(a).is_vector() => return id,
                (op, &[a]) if op == &operator::INVERSE && self.is_symmetric(a) => return id,
                (op, &[a, _]) if op == &operator::POWER && self.is_symmetric(a) => return id,
                (op, _) if [&operator::NEGATE, &operator::MULTIPLY, &operator::DIVIDE].contains(&op) => {
                    let mut p = self.take_apart(id);
                    if p.factors.len() > 1 || p.factors.first().is_some_and(|f| *f != id) {
                        let turned: Vec<ExprId> = p.factors.iter().rev().copied().collect();
                        p.factors = turned.into_iter().map(|f| self.transposed(f)).collect();
                        return self.build(p);
                    }
                }
                (op, _) if op == &operator::ADD => {
                    let terms = self.terms(id);
                    let turned: Vec<ExprId> = terms.iter().map(|t| self.transposed(*t)).collect();
                    let mut left = terms;
                    let all = turned.iter().all(|t| {
                        let at = left.iter().position(|l| self.same(*l, *t));
                        at.map(|at| left.remove(at)).is_some()
                    });
                    if all {
                        return id;
                    }
                }
                _ => {}
            },
            _ => {}
        }
        let shape = self.shape(id).transposed();
        self.apply(&operator::TRANSPOSE, &[id], shape)
    }

    pub(super) fn is_symmetric(&mut self, id: ExprId) -> bool {
        if !self.shape(id).is_matrix() {
            return false;
        }
        let turned = self.transposed(id);
        self.same(turned, id)
    }

    fn is_symmetric_symbol(&mut self, id: ExprId) -> bool {
        let Reading::Quantity(q) = self.reading(id).clone() else { return false };
        let is = |p: &Property| {
            matches!(
                p,
                Property::Symmetric | Property::Diagonal | Property::PositiveDefinite | Property::PositiveSemidefinite
            )
        };
        if self.scope.quantity(q).properties.iter().any(is) {
            return true;
        }
        match self.definition(id) {
            Some(f) if self.shape(id).is_matrix() => {
                let body = self.copy(&f.tree, &f.typed, f.tree.root);
                self.is_symmetric(body)
            }
            _ => false,
        }
    }

    pub(super) fn is_ones(&mut self, id: ExprId) -> bool {
        let p = self.take_apart(id);
        let one = |s: &Self, f: ExprId| {
            let f = match s.tree.as_apply(f) {
                Some((op, &[a])) if op == &operator::TRANSPOSE => a,
                _ => f,
            };
            matches!(s.tree.kind(f), Kind::Apply { operator, .. } if *operator == &operator::ONES)
        };
        p.number.is_one()
            && p.scalars.is_empty()
            && p.over.is_empty()
            && (1..=2).contains(&p.factors.len())
            && p.factors.iter().all(|f| one(self, *f))
    }
}
