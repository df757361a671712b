//! The Kronecker product.

use super::{Notation, Operator};

/// The Kronecker product; also written kron(A, B).
pub static KRONECKER: Operator = Operator {
    name: "kronecker",
    notation: Notation::Infix { plain: &["⊗"], latex: &["\\otimes"], precedence: 2 },
    arity: (2, 2),
    doc: "The Kronecker product; also written kron(A, B).",
};
