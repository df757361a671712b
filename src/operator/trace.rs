//! The trace.

use super::rule::square_to_scalar;
use super::{Entrywise, Notation, Operator};
use nalgebra::DMatrix;

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
    example: "tr(A B)",
    entrywise: Entrywise::Closes,
    shape: square_to_scalar,
    lower: |store, of, _| Ok(store.traced(&of[0])),
    value: |of, _| Some(DMatrix::from_element(1, 1, of[0].trace())),
};
