//! The trace.

use super::{Notation, Operator};

/// The sum of the diagonal entries of a square matrix.
pub static TRACE: Operator = Operator {
    name: "trace",
    notation: Notation::Call {
        plain: &["tr", "trace", "Tr", "Trace"],
        latex: &["tr", "trace", "Tr", "Trace"],
        command: false,
        greedy: true,
    },
    arity: (1, 1),
    doc: "The sum of the diagonal entries of a square matrix.",
};
