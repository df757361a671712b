//! The Kronecker product.

use super::rule::{Operand, ShapeContext, ShapeResult};
use super::{Entrywise, Notation, Operator};
use crate::dimension::Shape;

/// The Kronecker product; also written kron(A, B).
pub static KRONECKER: Operator = Operator {
    name: "kronecker",
    notation: Notation::Infix { plain: &["⊗"], latex: &["\\otimes"], precedence: 2 },
    arity: (2, 2),
    doc: "The Kronecker product; also written kron(A, B).",
    example: "kron(A, B)",
    entrywise: Entrywise::Closes,
    shape,
    lower: |store, of, _| Ok(store.kronecker(&of[0], &of[1])),
    value: |of, _| Some(of[0].kronecker(&of[1])),
};

fn shape(_: &mut ShapeContext<'_>, of: &[Operand]) -> ShapeResult {
    let (a, b) = (&of[0].shape, &of[1].shape);
    Ok(Shape::matrix(a.rows.mul(&b.rows), a.cols.mul(&b.cols)))
}
