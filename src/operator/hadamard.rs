//! Entrywise products, quotients and powers.

use super::power::entrywise_power;
use super::rule::common;
use super::{Entrywise, Notation, Operator, entries};
use crate::number::Rational;
use crate::tensor::Function;

/// The entrywise (Hadamard) product.
pub static HADAMARD: Operator = Operator {
    name: "hadamard",
    notation: Notation::Infix {
        plain: &["⊙", ".*", "∘", "∗"], latex: &["\\odot", "\\circ", "\\ast"], precedence: 2
    },
    arity: (2, 2),
    doc: "The entrywise (Hadamard) product.",
    example: "X .* Y",
    entrywise: Entrywise::Opens,
    shape: |cx, of| common(cx, of, "an entrywise product"),
    lower: |store, of, _| Ok(store.entrywise(&of[0], &of[1])),
    value: |of, _| Some(entries(of, |a, b| a * b)),
};

/// The entrywise quotient.
pub static HADAMARD_DIVIDE: Operator = Operator {
    name: "hadamard-divide",
    notation: Notation::Infix { plain: &["./", "⊘"], latex: &["\\oslash"], precedence: 2 },
    arity: (2, 2),
    doc: "The entrywise quotient.",
    example: "X ./ Y",
    entrywise: Entrywise::Opens,
    shape: |cx, of| common(cx, of, "an entrywise quotient"),
    lower: |store, of, _| {
        let inverse = store.mapped(Function::Power(Rational::MINUS_ONE), &of[1]);
        Ok(store.entrywise(&of[0], &inverse))
    },
    value: |of, _| Some(entries(of, |a, b| a / b)),
};

/// The entrywise power.
pub static HADAMARD_POWER: Operator = Operator {
    name: "hadamard-power",
    notation: Notation::Special,
    arity: (2, 2),
    doc: "The entrywise power.",
    example: "x .^ 2",
    entrywise: Entrywise::Opens,
    shape: |cx, of| common(cx, of, "an entrywise power"),
    lower: |store, of, _| Ok(entrywise_power(store, &of[0], &of[1])),
    value: |of, _| Some(entries(of, libm::pow)),
};
