//! The inverses of sine, cosine and tangent, and the error function.

use super::elementwise::shape;
use super::leaf::{Domain, Leaf};
use super::{Entrywise, Notation, Operator};
use crate::number::{Constant, Rational};
use crate::tensor::{Function, NodeId, Store, Value};

/// The inverse tangent, between −π/2 and π/2, entry by entry.
pub static ARCTAN: Operator = Operator {
    name: "arctan",
    notation: Notation::Call { plain: &["arctan", "atan"], latex: &["arctan", "atan"], command: true, greedy: false },
    arity: (1, 1),
    doc: "The inverse tangent, between −π/2 and π/2, entry by entry.",
    example: "arctan(x)",
    entrywise: Entrywise::Opens,
    shape,
    lower: |store, of, _| Ok(store.mapped(Function::Atan, &of[0])),
    value: |of, _| Some(of[0].map(libm::atan)),
};

/// The inverse sine, between −π/2 and π/2, entry by entry.
pub static ARCSIN: Operator = Operator {
    name: "arcsin",
    notation: Notation::Call { plain: &["arcsin", "asin"], latex: &["arcsin", "asin"], command: true, greedy: false },
    arity: (1, 1),
    doc: "The inverse sine, between −π/2 and π/2, entry by entry.",
    example: "arcsin(x)",
    entrywise: Entrywise::Opens,
    shape,
    lower: |store, of, _| Ok(store.mapped(Function::Asin, &of[0])),
    value: |of, _| Some(of[0].map(libm::asin)),
};

/// The inverse cosine, between 0 and π, entry by entry: π/2 less the inverse sine.
pub static ARCCOS: Operator = Operator {
    name: "arccos",
    notation: Notation::Call { plain: &["arccos", "acos"], latex: &["arccos", "acos"], command: true, greedy: false },
    arity: (1, 1),
    doc: "The inverse cosine, between 0 and π, entry by entry: π/2 less the inverse sine.",
    example: "arccos(x)",
    entrywise: Entrywise::Opens,
    shape,
    lower: |store, of, _| Ok(right_angle_less(store, &of[0])),
    value: |of, _| Some(of[0].map(libm::acos)),
};

/// The error function 2/√π ∫₀ˣ exp(−t²) dt, entry by entry.
pub static ERF: Operator = Operator {
    name: "erf",
    notation: Notation::Call { plain: &["erf"], latex: &["erf"], command: false, greedy: false },
    arity: (1, 1),
    doc: "The error function 2/√π ∫₀ˣ exp(−t²) dt, entry by entry.",
    example: "erf(x)",
    entrywise: Entrywise::Opens,
    shape,
    lower: |store, of, _| Ok(store.mapped(Function::Erf, &of[0])),
    value: |of, _| Some(of[0].map(libm::erf)),
};

fn right_angle_less(store: &mut Store, x: &Value) -> Value {
    let pi = Value::scalar(store.constant(Constant::Pi));
    let half = Rational::new(1, 2).unwrap_or(Rational::ONE);
    let right = store.scaled(&half, &pi);
    let arc = store.mapped(Function::Asin, x);
    store.plus(&right, &Rational::MINUS_ONE, &arc)
}

/// 1 + c x²
fn one_and_square(store: &mut Store, c: i64, x: NodeId) -> NodeId {
    let axes = store.axes(x).clone();
    let one = store.ones(axes);
    let square = store.map(Function::Power(Rational::from(2)), x);
    store.sum(&[(Rational::ONE, one), (Rational::from(c), square)])
}

pub(super) static ATAN_LEAF: Leaf = Leaf {
    value: libm::atan,
    slope: |x| 1.0 / (1.0 + x * x),
    derivative: |s, x| {
        let below = one_and_square(s, 1, x);
        s.reciprocal(below)
    },
    domain: Domain::All,
};
pub(super) static ASIN_LEAF: Leaf = Leaf {
    value: libm::asin,
    slope: |x| 1.0 / libm::sqrt((1.0 - x) * (1.0 + x)),
    derivative: |s, x| {
        let below = one_and_square(s, -1, x);
        s.map(Function::Power(Rational::new(-1, 2).unwrap_or(Rational::MINUS_ONE)), below)
    },
    domain: Domain::UnitInterval,
};
pub(super) static ERF_LEAF: Leaf = Leaf {
    value: libm::erf,
    slope: |x| std::f64::consts::FRAC_2_SQRT_PI * libm::exp(-x * x),
    derivative: |s, x| {
        let square = s.map(Function::Power(Rational::from(2)), x);
        let minus = s.negate(square);
        let bell = s.map(Function::Exp, minus);
        let pi = s.constant(Constant::Pi);
        let root = s.map(Function::Power(Rational::new(-1, 2).unwrap_or(Rational::MINUS_ONE)), pi);
        let rank = s.rank(bell);
        let labels: crate::tensor::Labels = (0..rank).map(|i| u16::try_from(i).unwrap_or(0)).collect();
        let dims = s.axes(bell).clone();
        let scaled = s.product(&[(root, crate::tensor::Labels::new()), (bell, labels.clone())], &labels, &dims);
        s.scale(&Rational::from(2), scaled)
    },
    domain: Domain::All,
};
