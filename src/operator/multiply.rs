//! The product.

use super::rule::{Operand, ShapeContext, ShapeError, ShapeResult};
use super::{Entrywise, Notation, Operator, is_scalar};
use crate::dimension::Shape;
use crate::text::Code;

/// The product: of matrices by rows and columns, of a scalar with anything.
pub static MULTIPLY: Operator = Operator {
    name: "multiply",
    notation: Notation::Infix {
        plain: &[" ", "*", "·", "⋅", "×"],
        latex: &[" ", "\\cdot", "\\times", "*"],
        precedence: 2,
    },
    arity: (2, 2),
    doc: "The product: of matrices by rows and columns, of a scalar with anything.",
    example: "A B",
    entrywise: Entrywise::Closes,
    shape,
    lower: |store, of, _| Ok(store.times(&of[0], &of[1])),
    value: |of, _| {
        Some(match (is_scalar(&of[0]), is_scalar(&of[1])) {
            (true, _) => &of[1] * of[0][0],
            (_, true) => &of[0] * of[1][0],
            _ => &of[0] * &of[1],
        })
    },
};

fn shape(cx: &mut ShapeContext<'_>, of: &[Operand]) -> ShapeResult {
    let (a, b) = (&of[0].shape, &of[1].shape);
    if a.is_scalar() {
        return Ok(b.clone());
    }
    if b.is_scalar() {
        return Ok(a.clone());
    }
    if a.tensor.is_none() && b.tensor.is_none() && cx.unifier.unify(&a.cols, &b.rows) {
        return Ok(Shape::matrix(a.rows.clone(), b.cols.clone()));
    }
    let error = ShapeError::new(Code::SHAPE_MISMATCH, format!("{} times {} does not fit", cx.show(a), cx.show(b)));
    Err(if a.is_vector() && cx.unifier.resolve_shape(a) == cx.unifier.resolve_shape(b) {
        error.hint("write aᵀb for the inner product, a bᵀ for the outer, a ⊙ b for the entrywise one")
    } else {
        let (cols, rows) = (cx.unifier.show(&a.cols), cx.unifier.show(&b.rows));
        error.hint(format!("make {cols} columns and {rows} rows agree, for instance by a transpose"))
    })
}
