//! The transpose.

use super::rule::{Operand, ShapeContext, ShapeResult};
use super::{Entrywise, Notation, Operator};

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
    Ok(of[0].shape.transposed())
}
