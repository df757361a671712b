//! Vectorisation.

use super::rule::{Operand, ShapeContext, ShapeResult};
use super::{Entrywise, Notation, Operator};
use crate::dimension::Shape;
use nalgebra::DMatrix;

/// The columns of a matrix, one below the other.
pub static VEC: Operator = Operator {
    name: "vec",
    notation: Notation::Call { plain: &["vec"], latex: &["vec"], command: false, greedy: false },
    arity: (1, 1),
    doc: "The columns of a matrix, one below the other.",
    example: "vec(X)",
    entrywise: Entrywise::Closes,
    shape,
    lower: |store, of, _| Ok(store.vectorised(&of[0])),
    value: |of, _| Some(DMatrix::from_column_slice(of[0].len(), 1, of[0].as_slice())),
};

fn shape(_: &mut ShapeContext<'_>, of: &[Operand]) -> ShapeResult {
    Ok(Shape::vector(of[0].shape.rows.mul(&of[0].shape.cols)))
}
