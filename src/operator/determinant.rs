//! Determinants and single bars.

use super::{Notation, Operator};

/// The determinant of a square matrix.
pub static DETERMINANT: Operator = Operator {
    name: "determinant",
    notation: Notation::Call { plain: &["det"], latex: &["det", "Det"], command: true, greedy: true },
    arity: (1, 1),
    doc: "The determinant of a square matrix.",
};

/// The logarithm of the determinant.
pub static LOGDET: Operator = Operator {
    name: "logdet",
    notation: Notation::Call { plain: &["logdet"], latex: &["logdet"], command: false, greedy: true },
    arity: (1, 1),
    doc: "The logarithm of the determinant.",
};

/// Single bars: the determinant of a square matrix, the absolute value of a scalar or of each entry of a vector.
pub static BARS: Operator = Operator {
    name: "bars",
    notation: Notation::Special,
    arity: (1, 1),
    doc: "Single bars: the determinant of a square matrix, the absolute value of a scalar or of each entry of a vector.",
};
