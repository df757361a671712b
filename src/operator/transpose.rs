//! The transpose.

use super::rule::{Operand, ShapeContext, ShapeError, ShapeResult};
use super::{Entrywise, Notation, Operator};
use crate::text::Code;

/// The transpose.
pub static TRANSPOSE: Operator = Operator {
    name: "transpose",
    notation: Notation::Special,
    arity: (1, 1),
    doc: "The transpose.",
    example: "X'",
    entrywise: Entrywise::Keeps,
    shape,
    lower: |store, of, _| Ok(store.transposed(&of[0])),
    value: |of, _| Some(of[0].transpose()),
};

fn shape(_: &mut ShapeContext<'_>, of: &[Operand]) -> ShapeResult {
    if of[0].number {
        return Err(
            ShapeError::new(Code::AMBIGUOUS, "a number has no transpose").hint("write ones for the vector of ones")
        );
    }
    Ok(of[0].shape.transposed())
}

/// The conjugate transpose, which is the transpose of a real matrix.
pub static CONJUGATE_TRANSPOSE: Operator = Operator {
    name: "conjugate-transpose",
    notation: Notation::Special,
    arity: (1, 1),
    doc: "The conjugate transpose, where H is no name; all matrices are real, so that it is the transpose.",
    example: "A^H",
    entrywise: Entrywise::Keeps,
    shape: |cx, of| {
        cx.assume("all matrices are real, so that the conjugate transpose is the transpose");
        (TRANSPOSE.shape)(cx, of)
    },
    lower: |store, of, shape| (TRANSPOSE.lower)(store, of, shape),
    value: |of, size| (TRANSPOSE.value)(of, size),
};
