//! Softmax and log-sum-exp.

use super::rule::{entry_by_entry, to_scalar};
use super::{Entrywise, Notation, Operator};
use crate::number::Rational;
use crate::tensor::Function;
use nalgebra::DMatrix;

/// The exponentials divided by their sum; of a matrix, row by row.
pub static SOFTMAX: Operator = Operator {
    name: "softmax",
    notation: Notation::Call { plain: &["softmax"], latex: &["softmax"], command: false, greedy: false },
    arity: (1, 1),
    doc: "The exponentials divided by their sum; of a matrix, row by row.",
    example: "softmax(x)",
    entrywise: Entrywise::Closes,
    shape: entry_by_entry,
    lower: |store, of, _| {
        let weights = store.mapped(Function::Exp, &of[0]);
        let by_rows = of[0].row && of[0].col;
        let sums = if by_rows { store.contract(&[(&weights, 0, 1)], (Some(0), None)) } else { store.total(&weights) };
        let scale = store.mapped(Function::Power(Rational::MINUS_ONE), &sums);
        let out = (of[0].row.then_some(0), of[0].col.then_some(1));
        Ok(store.contract(&[(&weights, 0, 1), (&scale, 0, 1)], out))
    },
    value: |of, _| {
        let weights = of[0].map(libm::exp);
        if of[0].ncols() == 1 || of[0].nrows() == 1 {
            return Some(&weights / weights.sum());
        }
        let sums = weights.column_sum();
        Some(DMatrix::from_fn(weights.nrows(), weights.ncols(), |i, j| weights[(i, j)] / sums[i]))
    },
};

/// The logarithm of the sum of the exponentials of all entries.
pub static LOGSUMEXP: Operator = Operator {
    name: "logsumexp",
    notation: Notation::Call { plain: &["logsumexp"], latex: &["logsumexp", "LSE"], command: false, greedy: false },
    arity: (1, 1),
    doc: "The logarithm of the sum of the exponentials of all entries.",
    example: "logsumexp(x)",
    entrywise: Entrywise::Closes,
    shape: to_scalar,
    lower: |store, of, _| {
        let weights = store.mapped(Function::Exp, &of[0]);
        let sum = store.total(&weights);
        Ok(store.mapped(Function::Log, &sum))
    },
    value: |of, _| Some(DMatrix::from_element(1, 1, libm::log(of[0].map(libm::exp).sum()))),
};
