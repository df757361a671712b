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
