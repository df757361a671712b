//! Division.

use super::rule::{Operand, ShapeContext, ShapeError, ShapeResult};
use super::{Entrywise, Notation, Operator, is_scalar};
use crate::number::Rational;
use crate::tensor::Function;
use crate::text::Code;

/// Division by a scalar, entrywise by the same shape, or of a scalar by a square matrix, which is its inverse.
pub static DIVIDE: Operator = Operator {
    name: "divide",
    notation: Notation::Infix { plain: &["/"], latex: &["/"], precedence: 2 },
    arity: (2, 2),
    doc: "Division by a scalar, entrywise by the same shape, or of a scalar by a square matrix, which is its inverse.",
    example: "x / alpha",
    entrywise: Entrywise::Keeps,
    shape,
    lower: |store, of, _| {
        let matrix = of[0].is_scalar() && !of[1].is_scalar();
        let inverse =
            if matrix { store.inverted(&of[1]) } else { store.mapped(Function::Power(Rational::MINUS_ONE), &of[1]) };
        Ok(store.entrywise(&of[0], &inverse))
    },
    value: |of, _| {
        Some(match (is_scalar(&of[0]), is_scalar(&of[1])) {
            (_, true) => &of[0] / of[1][0],
            (true, false) => of[1].clone().try_inverse()? * of[0][0],
            _ => of[0].component_div(&of[1]),
        })
    },
};

fn shape(cx: &mut ShapeContext<'_>, of: &[Operand]) -> ShapeResult {
    let (a, b) = (&of[0].shape, &of[1].shape);
    if b.is_scalar() {
        return Ok(a.clone());
    }
    if !a.is_scalar() && cx.unifier.unify_shapes(a, b) {
        cx.assume("division of two equal shapes is entrywise");
        return Ok(a.clone());
    }
    if a.is_scalar() && b.is_matrix() && cx.unifier.unify(&b.rows, &b.cols) {
        cx.assume("a scalar over a square matrix is a multiple of its inverse");
        return Ok(b.clone());
    }
    // What could be a vector or a scalar and divides is a scalar.
    if b.is_vector() && cx.unifier.unify(&b.rows, &b.cols) {
        return Ok(a.clone());
    }
    let message = format!("{} cannot be divided by {}", cx.show(a), cx.show(b));
    Err(ShapeError::new(Code::BAD_DIVISION, message)
        .hint("divide by a scalar, use ./ for entrywise division, or multiply by an inverse"))
}
