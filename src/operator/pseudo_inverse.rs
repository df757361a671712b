//! The pseudo-inverse.

use super::rule::{Operand, ShapeContext, ShapeResult};
use super::{Entrywise, Notation, Operator};
use crate::dimension::Shape;

/// The pseudo-inverse of a matrix whose columns, or rows, are independent.
pub static PSEUDO_INVERSE: Operator = Operator {
    name: "pseudo-inverse",
    notation: Notation::Call { plain: &["pinv"], latex: &["pinv"], command: false, greedy: false },
    arity: (1, 1),
    doc: "The pseudo-inverse, also written `X^+`: (XᵀX)⁻¹Xᵀ where X has at least as many rows as columns, Xᵀ(XXᵀ)⁻¹ where \
          it has at most as many. Which of them has to be said, as by the constraint m >= n.",
    example: "pinv([1, 2; 3, 4; 5, 6])",
    entrywise: Entrywise::Closes,
    shape,
    // That of a matrix with independent columns; a matrix with independent rows comes here transposed.
    lower: |store, of, _| {
        let turned = store.transposed(&of[0]);
        let gram = store.times(&turned, &of[0]);
        let inverse = store.inverted(&gram);
        Ok(store.times(&inverse, &turned))
    },
    value: |of, _| {
        let x = &of[0];
        if x.nrows() >= x.ncols() {
            return Some((x.transpose() * x).try_inverse()? * x.transpose());
        }
        Some(x.transpose() * (x * x.transpose()).try_inverse()?)
    },
};

#[allow(clippy::unnecessary_wraps)] // the form of every shape rule
fn shape(_: &mut ShapeContext<'_>, of: &[Operand]) -> ShapeResult {
    Ok(Shape::matrix(of[0].shape.cols.clone(), of[0].shape.rows.clone()))
}
