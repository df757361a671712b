//! Sums over all entries.

use super::{Notation, Operator};

/// The sum of all entries.
pub static SUM: Operator = Operator {
    name: "sum",
    notation: Notation::Call { plain: &["sum"], latex: &["sum"], command: false, greedy: false },
    arity: (1, 1),
    doc: "The sum of all entries.",
};

/// The mean of all entries.
pub static MEAN: Operator = Operator {
    name: "mean",
    notation: Notation::Call { plain: &["mean"], latex: &["mean"], command: false, greedy: false },
    arity: (1, 1),
    doc: "The mean of all entries.",
};
