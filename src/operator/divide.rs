//! Division.

use super::{Notation, Operator};

/// Division by a scalar, entrywise by the same shape, or of a scalar by a square matrix, which is its inverse.
pub static DIVIDE: Operator = Operator {
    name: "divide",
    notation: Notation::Infix { plain: &["/"], latex: &["/"], precedence: 2 },
    arity: (2, 2),
    doc: "Division by a scalar, entrywise by the same shape, or of a scalar by a square matrix, which is its inverse.",
};
