//! Diagonals.

use super::{Notation, Operator};

/// The diagonal matrix of a vector, or the diagonal of a matrix.
pub static DIAG: Operator = Operator {
    name: "diag",
    notation: Notation::Call { plain: &["diag", "Diag"], latex: &["diag", "Diag"], command: false, greedy: false },
    arity: (1, 1),
    doc: "The diagonal matrix of a vector, or the diagonal of a matrix.",
};
