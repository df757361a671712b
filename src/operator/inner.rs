//! The inner product of matrices.

use super::rule::{Operand, ShapeContext, ShapeError, ShapeResult, common};
use super::{Entrywise, Notation, Operator};
use crate::dimension::Shape;
use crate::text::Code;
use nalgebra::DMatrix;

/// The inner product of two equal shapes: tr(AᵀB); also written <A, B>.
pub static INNER: Operator = Operator {
    name: "inner",
    notation: Notation::Infix { plain: &[":"], latex: &[":"], precedence: 2 },
    arity: (2, 2),
    doc: "The inner product of two equal shapes: tr(AᵀB); also written <A, B>.",
    example: "<X, Y>",
    entrywise: Entrywise::Closes,
    shape,
    lower: |store, of, _| Ok(store.contract(&[(&of[0], 0, 1), (&of[1], 0, 1)], (None, None))),
    value: |of, _| Some(DMatrix::from_element(1, 1, of[0].component_mul(&of[1]).sum())),
};

fn shape(cx: &mut ShapeContext<'_>, of: &[Operand]) -> ShapeResult {
    let (a, b) = (&of[0].shape, &of[1].shape);
    // A scalar is no tensor of equal entries here.
    if a.is_scalar() != b.is_scalar() {
        let message =
            format!("an inner product needs two equal shapes, and these are {} and {}", cx.show(a), cx.show(b));
        return Err(ShapeError::new(Code::SHAPE_MISMATCH, message).hint("a multiple is written without a colon"));
    }
    common(cx, of, "an inner product")?;
    Ok(Shape::scalar())
}
