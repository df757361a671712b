//! Unification of dimensions: which named or unknown sizes have to be equal.
//!
//! Robinson's unification over a language with one sort, where declared names and numbers are constants
//! and only inferred dimensions may be bound.

use super::{IntVar, Poly, Shape};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::sync::Arc;

/// Names of integers, and what is known about the inferred ones.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Unifier {
    names: Vec<SmolStr>,
    inferred: Vec<bool>,
    /// Inferred sizes that are more than one.
    wide: Vec<bool>,
    bound: Vec<Option<Poly>>,
    by_name: Arc<FxHashMap<SmolStr, IntVar>>,
}

impl Unifier {
    /// The declared integer of that name.
    pub fn named(&mut self, name: &str) -> IntVar {
        if let Some(v) = self.by_name.get(name) {
            return *v;
        }
        let v = self.push(name.into(), false);
        Arc::make_mut(&mut self.by_name).insert(name.into(), v);
        v
    }

    /// The declared integer of that name, where there is one.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<IntVar> {
        self.by_name.get(name).copied()
    }

    /// A new unknown; `name` is what it is called should it stay unknown.
    pub fn fresh(&mut self, name: &str) -> Poly {
        Poly::variable(self.push(name.into(), true))
    }

    /// A new unknown that is not one: a side of what is taken to be a matrix and no vector.
    pub fn fresh_wide(&mut self, name: &str) -> Poly {
        let v = self.push(name.into(), true);
        self.wide[v.0 as usize] = true;
        Poly::variable(v)
    }

    /// A new integer that is no dimension and never bound: the variable of a sum over integers.
    pub fn bound_variable(&mut self, name: &str) -> IntVar {
        self.push(name.into(), false)
    }

    fn push(&mut self, name: SmolStr, inferred: bool) -> IntVar {
        let v = IntVar(u32::try_from(self.names.len()).unwrap_or(u32::MAX));
        self.names.push(name);
        self.inferred.push(inferred);
        self.wide.push(false);
        self.bound.push(None);
        v
    }

    /// How many integers there are; their numbers are `0..len`.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The name of an integer.
    #[must_use]
    pub fn name(&self, v: IntVar) -> &str {
        self.names.get(v.0 as usize).map_or("?", SmolStr::as_str)
    }

    /// Whether the integer was inferred, not declared.
    #[must_use]
    pub fn is_inferred(&self, v: IntVar) -> bool {
        self.inferred.get(v.0 as usize).copied().unwrap_or(false)
    }

    /// Whether the integer was inferred, and nothing is known of it yet.
    #[must_use]
    pub fn is_unknown(&self, v: IntVar) -> bool {
        self.is_inferred(v) && self.bound_of(v).is_none()
    }

    /// Puts in all that is known; nothing is copied where there is nothing to put in.
    pub fn settle_shape(&self, s: &mut Shape) {
        self.settle_poly(&mut s.rows);
        self.settle_poly(&mut s.cols);
        if s.tensor.as_ref().is_some_and(|t| t.iter().any(|p| !self.is_resolved(p))) {
            *s = self.resolve_shape(s);
        }
    }

    /// Puts in all that is known.
    pub fn settle_poly(&self, p: &mut Poly) {
        if !self.is_resolved(p) {
            *p = self.resolve(p);
        }
    }

    /// Whether any integer was inferred.
    #[must_use]
    pub fn has_inferred(&self) -> bool {
        self.inferred.contains(&true)
    }

    /// Whether no integer has been bound, so that there is nothing to put in anywhere.
    #[must_use]
    pub fn binds_nothing(&self) -> bool {
        self.bound.iter().all(Option::is_none)
    }

    /// Whether some inferred integer is still unknown.
    #[must_use]
    pub fn has_unknown(&self) -> bool {
        self.inferred.iter().zip(&self.bound).any(|(inferred, bound)| *inferred && bound.is_none())
    }

    /// Takes an integer, also a declared one, for another.
    pub fn identify(&mut self, v: IntVar, other: &Poly) {
        let other = self.resolve(other);
        if let Some(bound) = self.bound.get_mut(v.0 as usize).filter(|_| !other.contains(v)) {
            *bound = Some(other);
        }
    }

    /// Gives an inferred integer that stayed unknown its final name and makes it a constant.
    pub fn settle(&mut self, v: IntVar, name: &str) {
        let i = v.0 as usize;
        if i < self.names.len() && self.bound[i].is_none() {
            self.names[i] = name.into();
            self.inferred[i] = false;
            Arc::make_mut(&mut self.by_name).entry(name.into()).or_insert(v);
        }
    }

    /// The polynomial with all that is known put in.
    #[must_use]
    pub fn resolve(&self, p: &Poly) -> Poly {
        if self.is_resolved(p) {
            return p.clone();
        }
        let inner = p.substitute(&mut |v| self.bound_of(v).cloned().unwrap_or_else(|| Poly::variable(v)));
        self.resolve(&inner)
    }

    /// The value of a dimension, with all that is known put in.
    pub fn evaluate(&self, p: &Poly, of: &impl Fn(IntVar) -> Option<i64>) -> Option<i64> {
        match p.as_constant() {
            Some(n) => Some(n),
            None if self.is_resolved(p) => p.evaluate(of),
            None => self.resolve(p).evaluate(of),
        }
    }

    fn is_resolved(&self, p: &Poly) -> bool {
        !p.any(|v| self.bound_of(v).is_some())
    }

    fn bound_of(&self, v: IntVar) -> Option<&Poly> {
        self.bound.get(v.0 as usize).and_then(Option::as_ref)
    }

    /// Makes two dimensions equal; `false` where they cannot be.
    pub fn unify(&mut self, a: &Poly, b: &Poly) -> bool {
        let (a, b) = (self.resolve(a), self.resolve(b));
        if a == b {
            return true;
        }
        for (one, other) in [(&a, &b), (&b, &a)] {
            if let Some(v) = one.as_variable() {
                if self.is_inferred(v) && !other.contains(v) {
                    return self.bind(v, other.clone());
                }
            }
        }
        // n + 1 = ?k + 1 and the like: one unknown, linear, on either side of the difference.
        let difference = a.sub(&b);
        let unknown: Vec<IntVar> = difference.variables().into_iter().filter(|v| self.is_inferred(*v)).collect();
        if let [v] = unknown[..] {
            let coefficient: Vec<i64> = difference
                .terms()
                .filter(|(m, _)| m.contains(&v))
                .map(|(m, c)| if m.len() == 1 { c } else { 0 })
                .collect();
            if let [c @ (1 | -1)] = coefficient[..] {
                let rest = difference.sub(&Poly::variable(v).scale(c)).scale(-c);
                return self.bind(v, rest);
            }
        }
        let (positive, negative) = difference.cancelled();
        if (&positive, &negative) != (&a, &b) && (&positive, &negative) != (&b, &a) {
            return self.unify(&positive, &negative);
        }
        self.unify_factors(&a, &b) || self.unify_factors(&b, &a)
    }

    /// `?u ?v = m n`: sizes of factors of which only the product is known, as of `I ⊗ I`. Any split would do, since no
    /// equation tells them apart; the unknowns take the known factors in their order, the last one what is left.
    fn unify_factors(&mut self, unknown: &Poly, known: &Poly) -> bool {
        let (Some(unknown), Some(known)) = (unknown.as_monomial(), known.as_monomial()) else { return false };
        if unknown.len() < 2 || unknown.len() > known.len() || !unknown.iter().all(|v| self.is_inferred(*v)) {
            return false;
        }
        // ?u² = n², as of tr(A ⊗ A), even where n is not known.
        let same = |list: &[IntVar]| list.windows(2).all(|w| w[0] == w[1]);
        if same(unknown) && same(known) && unknown.len() == known.len() {
            return self.bind(unknown[0], Poly::variable(known[0]));
        }
        if known.iter().any(|v| self.is_inferred(*v)) {
            return false;
        }
        if unknown.windows(2).any(|w| w[0] == w[1]) {
            return false;
        }
        let last = unknown.len() - 1;
        (0..=last).all(|i| {
            let taken = if i == last { &known[i..] } else { &known[i..=i] };
            let value = taken.iter().fold(Poly::constant(1), |p, v| p.mul(&Poly::variable(*v)));
            self.bind(unknown[i], value)
        })
    }

    /// Gives an unknown its value; what is wide stays so.
    fn bind(&mut self, v: IntVar, value: Poly) -> bool {
        if self.wide[v.0 as usize] {
            if value.as_constant().is_some_and(|c| c <= 1) {
                return false;
            }
            if let Some(u) = value.as_variable().filter(|u| self.is_inferred(*u)) {
                self.wide[u.0 as usize] = true;
            }
        }
        self.bound[v.0 as usize] = Some(value);
        true
    }

    /// Makes two shapes equal; `false` where they cannot be.
    pub fn unify_shapes(&mut self, a: &Shape, b: &Shape) -> bool {
        match (&a.tensor, &b.tensor) {
            (None, None) => self.unify(&a.rows, &b.rows) && self.unify(&a.cols, &b.cols),
            (Some(x), Some(y)) => x.len() == y.len() && x.iter().zip(y.iter()).all(|(p, q)| self.unify(p, q)),
            _ => false,
        }
    }

    /// The shape with all that is known put in.
    #[must_use]
    pub fn resolve_shape(&self, s: &Shape) -> Shape {
        Shape {
            rows: self.resolve(&s.rows),
            cols: self.resolve(&s.cols),
            tensor: s.tensor.as_ref().map(|t| t.iter().map(|p| self.resolve(p)).collect()),
        }
    }

    /// A dimension in words.
    #[must_use]
    pub fn show(&self, p: &Poly) -> String {
        self.resolve(p).display(&|v| self.name(v).to_owned())
    }

    /// A shape in words: `a scalar`, `a vector of length n`, `m×n`.
    #[must_use]
    pub fn show_shape(&self, s: &Shape) -> String {
        let s = self.resolve_shape(s);
        if let Some(t) = &s.tensor {
            return t.iter().map(|p| self.side(p)).collect::<Vec<_>>().join("×");
        }
        if s.is_scalar() { "1×1".into() } else { format!("{}×{}", self.side(&s.rows), self.side(&s.cols)) }
    }

    fn side(&self, p: &Poly) -> String {
        let text = self.show(p);
        if text.contains(' ') { format!("({text})") } else { text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_names_are_constants() {
        let mut u = Unifier::default();
        let (m, n) = (Poly::variable(u.named("m")), Poly::variable(u.named("n")));
        assert!(!u.unify(&m, &n));
        let unknown = u.fresh("?");
        assert!(u.unify(&unknown, &m));
        assert!(!u.unify(&unknown, &n));
        assert_eq!(u.show(&unknown), "m");
    }

    #[test]
    fn what_is_wide_is_never_one() {
        let mut u = Unifier::default();
        let (one, wide, open) = (Poly::constant(1), u.fresh_wide("?"), u.fresh("?"));
        assert!(!u.unify(&wide, &one));
        assert!(u.unify(&wide, &open));
        assert!(!u.unify(&open, &one));
        assert!(u.unify(&open, &Poly::constant(2)));
    }

    #[test]
    fn a_common_factor_is_cancelled() {
        let mut u = Unifier::default();
        let (m, n) = (Poly::variable(u.named("m")), Poly::variable(u.named("n")));
        let (a, b) = (u.fresh("?"), u.fresh("?"));
        assert!(u.unify(&n.mul(&a), &b.mul(&n)), "n ?a = ?b n");
        assert!(u.unify(&n.mul(&a), &n.mul(&m)));
        assert_eq!((u.show(&a), u.show(&b)), ("m".into(), "m".into()));
        assert!(!u.unify(&n.mul(&a), &n.mul(&n)));
        let c = u.fresh("?");
        assert!(!u.unify(&n.mul(&c), &m), "a size that is no polynomial");
    }

    #[test]
    fn a_product_of_unknowns_is_split_when_nothing_else_tells() {
        let mut u = Unifier::default();
        let (m, n) = (Poly::variable(u.named("m")), Poly::variable(u.named("n")));
        let (a, b) = (u.fresh("?"), u.fresh("?"));
        assert!(u.unify(&a.mul(&b), &m.mul(&n)));
        assert_eq!((u.show(&a), u.show(&b)), ("m".into(), "n".into()));
        let c = u.fresh("?");
        assert!(!u.unify(&c.mul(&c), &m.mul(&n)), "m n is no square");
        let d = u.fresh("d");
        assert!(u.unify(&c.mul(&c), &d.mul(&d)), "of tr(A ⊗ A)");
        assert_eq!(u.resolve(&c), u.resolve(&d));
        assert!(u.unify(&c.mul(&c), &n.mul(&n)));
        assert_eq!(u.show(&c), "n");
    }

    #[test]
    fn one_linear_unknown_is_solved_for() {
        let mut u = Unifier::default();
        let n = Poly::variable(u.named("n"));
        let k = u.fresh("?");
        assert!(u.unify(&k.add(&Poly::constant(1)), &n));
        assert_eq!(u.show(&k), "n - 1");
    }
}
