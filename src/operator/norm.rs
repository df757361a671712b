//! Norms.

use super::{Notation, Operator};

/// Double bars: the Euclidean norm of a vector, the Frobenius norm of a matrix.
pub static NORM: Operator = Operator {
    name: "norm",
    notation: Notation::Call { plain: &["norm"], latex: &["norm"], command: false, greedy: false },
    arity: (1, 1),
    doc: "Double bars: the Euclidean norm of a vector, the Frobenius norm of a matrix.",
};

/// The sum of the absolute values of all entries.
pub static NORM_1: Operator = Operator {
    name: "norm-1",
    notation: Notation::Call { plain: &["norm1"], latex: &["norm1"], command: false, greedy: false },
    arity: (1, 1),
    doc: "The sum of the absolute values of all entries.",
};

/// The Euclidean norm of a vector; written norm2 also the Frobenius norm of a matrix.
pub static NORM_2: Operator = Operator {
    name: "norm-2",
    notation: Notation::Call { plain: &["norm2"], latex: &["norm2"], command: false, greedy: false },
    arity: (1, 1),
    doc: "The Euclidean norm of a vector; written norm2 also the Frobenius norm of a matrix.",
};

/// The Frobenius norm.
pub static NORM_F: Operator = Operator {
    name: "norm-F",
    notation: Notation::Call { plain: &["normF"], latex: &["normF"], command: false, greedy: false },
    arity: (1, 1),
    doc: "The Frobenius norm.",
};
