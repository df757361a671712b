//! Diagonals.

use super::rule::{Operand, ShapeContext, ShapeError, ShapeResult, square};
use super::{Entrywise, Notation, Operator};
use crate::dimension::Shape;
use crate::tensor::{Store, Value};
use nalgebra::{DMatrix, DVector};

/// The diagonal matrix of a vector, or the diagonal of a matrix.
pub static DIAG: Operator = Operator {
    name: "diag",
    notation: Notation::Call { plain: &["diag", "Diag"], latex: &["diag", "Diag"], command: false, greedy: false },
    arity: (1, 1),
    doc: "The diagonal matrix of a vector, or the diagonal of a matrix.",
    example: "diag(x)",
    entrywise: Entrywise::Closes,
    shape,
    lower,
    value: |of, _| {
        let v = &of[0];
        Some(if v.ncols() == 1 || v.nrows() == 1 {
            DMatrix::from_diagonal(&DVector::from_column_slice(v.as_slice()))
        } else {
            DMatrix::from_column_slice(v.nrows(), 1, v.diagonal().as_slice())
        })
    },
};

fn shape(cx: &mut ShapeContext<'_>, of: &[Operand]) -> ShapeResult {
    let s = cx.unifier.resolve_shape(&of[0].shape);
    if s.is_vector() {
        let n = if s.cols.is_one() { s.rows } else { s.cols };
        return Ok(Shape::matrix(n.clone(), n));
    }
    square(cx, &s)?;
    Ok(Shape::vector(s.rows))
}

#[allow(clippy::unnecessary_wraps)] // the form of every lowering
fn lower(store: &mut Store, of: &[Value], _: &Shape) -> Result<Value, ShapeError> {
    let v = &of[0];
    if v.is_scalar() {
        return Ok(v.clone());
    }
    let out = if v.row && v.col { (Some(0), None) } else { (Some(0), Some(0)) };
    Ok(store.contract(&[(v, 0, 0)], out))
}
