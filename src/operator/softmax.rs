//! Softmax and log-sum-exp.

use super::{Notation, Operator};

/// The exponentials divided by their sum; of a matrix, row by row.
pub static SOFTMAX: Operator = Operator {
    name: "softmax",
    notation: Notation::Call { plain: &["softmax"], latex: &["softmax"], command: false, greedy: false },
    arity: (1, 1),
    doc: "The exponentials divided by their sum; of a matrix, row by row.",
};

/// The logarithm of the sum of the exponentials of all entries.
pub static LOGSUMEXP: Operator = Operator {
    name: "logsumexp",
    notation: Notation::Call { plain: &["logsumexp"], latex: &["logsumexp", "LSE"], command: false, greedy: false },
    arity: (1, 1),
    doc: "The logarithm of the sum of the exponentials of all entries.",
};
