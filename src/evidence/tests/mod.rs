//! Known identities are found equal, and beside each a wrong formula is found different.

use super::*;
use crate::dimension::{IntVar, Poly, Sizes};
use crate::number::Rational;
use crate::tensor::{Function, Property, Value, Variable, VariableId};

mod identities;
mod sampling;

/// Builds formulas without a parser. Dimension letters are `m`, `n`, `p`, `q`; digits are numbers.
#[derive(Default)]
pub(super) struct Formulas {
    pub(super) store: Store,
    declared: Vec<(String, VariableId)>,
}

impl Formulas {
    fn poly(letter: char) -> Poly {
        match letter.to_digit(10) {
            Some(n) => Poly::constant(i64::from(n)),
            None => Poly::variable(IntVar(letter as u32 - 'm' as u32)),
        }
    }

    pub(super) fn poly_dim(&mut self, letter: char) -> crate::tensor::DimId {
        self.store.dim(&Self::poly(letter))
    }

    pub(super) fn var(&mut self, name: &str, dims: &str, properties: &[Property]) -> Value {
        let known = self.declared.iter().find(|d| d.0 == name).map(|d| d.1);
        let id = known.unwrap_or_else(|| {
            let axes = dims.chars().map(|c| self.store.dim(&Self::poly(c))).collect();
            let id = self.store.declare(Variable {
                name: name.into(),
                axes,
                family: None,
                properties: properties.into(),
                is_row: false,
            });
            self.declared.push((name.into(), id));
            id
        });
        let node = self.store.variable_node(id);
        Value::matrix(node, !dims.is_empty(), dims.len() > 1)
    }

    pub(super) fn number(&mut self, n: i64, d: i64) -> Value {
        let node = self.store.rational(&Rational::new(n, d).unwrap());
        Value::scalar(node)
    }

    pub(super) fn identity(&mut self, letter: char) -> Value {
        let node = self.store.identity(&Self::poly(letter));
        Value::matrix(node, true, true)
    }

    pub(super) fn mul(&mut self, factors: &[&Value]) -> Value {
        let mut product = factors[0].clone();
        for f in &factors[1..] {
            product = self.store.times(&product, f);
        }
        product
    }

    pub(super) fn add(&mut self, a: &Value, b: &Value) -> Value {
        self.store.plus(a, &Rational::ONE, b)
    }

    pub(super) fn sub(&mut self, a: &Value, b: &Value) -> Value {
        self.store.plus(a, &Rational::MINUS_ONE, b)
    }

    pub(super) fn t(&mut self, a: &Value) -> Value {
        self.store.transposed(a)
    }

    pub(super) fn inv(&mut self, a: &Value) -> Value {
        self.store.inverted(a)
    }

    pub(super) fn map(&mut self, f: Function, a: &Value) -> Value {
        self.store.mapped(f, a)
    }

    pub(super) fn power(&mut self, n: i64, d: i64, a: &Value) -> Value {
        self.store.mapped(Function::Power(Rational::new(n, d).unwrap()), a)
    }

    pub(super) fn compare(&self, candidate: &Value, truth: &Value) -> (Exact, Numeric) {
        self.compare_within(candidate, truth, &Sizes::default())
    }

    pub(super) fn compare_within(&self, candidate: &Value, truth: &Value, sizes: &Sizes) -> (Exact, Numeric) {
        let limits = Limits::default();
        let (candidate, truth) = (candidate.node, truth.node);
        let pair =
            Pair { store: &self.store, candidate, truth, sizes, seed_text: ["candidate", "truth"], limits: &limits };
        (exact(&pair), numeric(&pair))
    }

    pub(super) fn example(&self, candidate: &Value, truth: &Value) -> Option<Counterexample> {
        let (limits, sizes) = (Limits::default(), Sizes::default());
        let (candidate, truth) = (candidate.node, truth.node);
        let pair = Pair { store: &self.store, candidate, truth, sizes: &sizes, seed_text: ["", ""], limits: &limits };
        counterexample(&pair, Goal::Difference)
    }

    /// Both layers find the sides equal.
    #[track_caller]
    pub(super) fn equal(&self, a: &Value, b: &Value) {
        let (exact, numeric) = self.compare(a, b);
        assert!(matches!(exact, Exact::Equal { bound: None | Some(0.0..1e-6), .. }), "{exact:?}");
        assert!(matches!(numeric, Numeric::Equal { .. }), "{numeric:?}");
        assert_eq!(self.example(a, b), None);
    }

    /// Only floating point can decide, and finds them equal.
    #[track_caller]
    pub(super) fn numerically_equal(&self, a: &Value, b: &Value) {
        let (exact, numeric) = self.compare(a, b);
        assert!(!matches!(exact, Exact::Equal { .. } | Exact::Different { conclusive: true, .. }), "{exact:?}");
        assert!(matches!(numeric, Numeric::Equal { .. }), "{numeric:?}");
    }

    /// Both layers find them different, the first conclusively where `conclusive`.
    #[track_caller]
    pub(super) fn different(&self, a: &Value, b: &Value, conclusive: bool) {
        let (exact, numeric) = self.compare(a, b);
        assert!(matches!(exact, Exact::Different { conclusive: c, .. } if c == conclusive), "{exact:?}");
        assert!(matches!(numeric, Numeric::Different { .. }), "{numeric:?}");
        assert!(self.example(a, b).is_some());
    }
}
