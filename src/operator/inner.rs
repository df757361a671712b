//! The inner product of matrices.

use super::{Notation, Operator};

/// The inner product of two equal shapes: tr(AᵀB); also written <A, B>.
pub static INNER: Operator = Operator {
    name: "inner",
    notation: Notation::Infix { plain: &[":"], latex: &[":"], precedence: 2 },
    arity: (2, 2),
    doc: "The inner product of two equal shapes: tr(AᵀB); also written <A, B>.",
};
