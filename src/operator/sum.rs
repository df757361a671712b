//! Sums over all entries.

use super::rule::to_scalar;
use super::{Entrywise, Notation, Operator};
use crate::tensor::Value;
use nalgebra::DMatrix;

/// The sum of all entries.
pub static SUM: Operator = Operator {
    name: "sum",
    notation: Notation::Call { plain: &["sum"], latex: &["sum"], command: false, greedy: false },
    arity: (1, 1),
    doc: "The sum of all entries.",
    example: "sum(x)",
    entrywise: Entrywise::Closes,
    shape: to_scalar,
    lower: |store, of, _| Ok(store.total(&of[0])),
    value: |of, _| Some(DMatrix::from_element(1, 1, of[0].sum())),
};

/// The mean of all entries.
pub static MEAN: Operator = Operator {
    name: "mean",
    notation: Notation::Call { plain: &["mean"], latex: &["mean"], command: false, greedy: false },
    arity: (1, 1),
    doc: "The mean of all entries.",
    example: "mean(x)",
    entrywise: Entrywise::Closes,
    shape: to_scalar,
    lower: |store, of, _| {
        let total = store.total(&of[0]);
        let axes: Vec<_> = store.axes(of[0].node)[of[0].free.len()..].to_vec();
        let count = store.product_dim(&axes);
        let count = store.poly(count).clone();
        let count = store.integer(&count);
        let inverse = Value::scalar(store.reciprocal(count));
        Ok(store.times(&inverse, &total))
    },
    value: |of, _| Some(DMatrix::from_element(1, 1, of[0].mean())),
};
