//! Vectorisation.

use super::{Notation, Operator};

/// The columns of a matrix, one below the other.
pub static VEC: Operator = Operator {
    name: "vec",
    notation: Notation::Call { plain: &["vec"], latex: &["vec"], command: false, greedy: false },
    arity: (1, 1),
    doc: "The columns of a matrix, one below the other.",
};
