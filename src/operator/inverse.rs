//! The inverse.

use super::{Notation, Operator};

/// The inverse of a square matrix, or of a scalar.
pub static INVERSE: Operator = Operator {
    name: "inverse",
    notation: Notation::Call { plain: &["inv"], latex: &["inv"], command: false, greedy: false },
    arity: (1, 1),
    doc: "The inverse of a square matrix, or of a scalar.",
};
