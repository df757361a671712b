//! The inverse.

use super::rule::{Operand, ShapeContext, ShapeResult, square};
use super::{Entrywise, Notation, Operator};

/// The inverse of a square matrix, or of a scalar.
pub static INVERSE: Operator = Operator {
    name: "inverse",
    notation: Notation::Call { plain: &["inv"], latex: &["inv"], command: false, greedy: false },
    arity: (1, 1),
    doc: "The inverse of a square matrix, or of a scalar.",
    example: "A^-1",
    entrywise: Entrywise::Closes,
    shape,
    lower: |store, of, _| Ok(store.inverted(&of[0])),
    value: |of, _| of[0].clone().try_inverse(),
};

fn shape(cx: &mut ShapeContext<'_>, of: &[Operand]) -> ShapeResult {
    square(cx, &of[0].shape)?;
    Ok(of[0].shape.clone())
}
