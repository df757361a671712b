//! Sums and signs.

use super::rule::{Operand, ShapeContext, ShapeError, ShapeResult, entry_by_entry};
use super::{Entrywise, Notation, Operator, entries};
use crate::number::Rational;
use crate::text::Code;

/// The sum of two terms of one shape; a scalar is added to every entry of a vector.
pub static ADD: Operator = Operator {
    name: "add",
    notation: Notation::Infix { plain: &["+"], latex: &["+"], precedence: 1 },
    arity: (2, 2),
    doc: "The sum of two terms of one shape; a scalar is added to every entry of a vector.",
    example: "X + Y",
    entrywise: Entrywise::Keeps,
    shape,
    lower: |store, of, _| Ok(store.plus(&of[0], &Rational::ONE, &of[1])),
    value: |of, _| Some(entries(of, |a, b| a + b)),
};

/// The negative.
pub static NEGATE: Operator = Operator {
    name: "negate",
    notation: Notation::Special,
    arity: (1, 1),
    doc: "The negative.",
    example: "-X",
    entrywise: Entrywise::Keeps,
    shape: entry_by_entry,
    lower: |store, of, _| Ok(store.scaled(&Rational::MINUS_ONE, &of[0])),
    value: |of, _| Some(-&of[0]),
};

/// Equal shapes; a scalar with a vector, entry by entry; a number with a matrix only inside entrywise operations.
fn shape(cx: &mut ShapeContext<'_>, of: &[Operand]) -> ShapeResult {
    let (a, b) = (&of[0].shape, &of[1].shape);
    if a.is_scalar() && b.is_scalar() || !a.is_scalar() && !b.is_scalar() && cx.unifier.unify_shapes(a, b) {
        return Ok(a.clone());
    }
    for (one, other) in [(&of[0], &of[1]), (&of[1], &of[0])] {
        if !one.shape.is_scalar() || other.shape.is_scalar() || other.shape.tensor.is_some() {
            continue;
        }
        if other.shape.is_vector() {
            cx.assume("a scalar added to a vector is added to every entry");
            return Ok(other.shape.clone());
        }
        if cx.entrywise && one.number {
            cx.assume("a number added to a matrix inside an entrywise operation is added to every entry");
            return Ok(other.shape.clone());
        }
        let message = format!("a scalar cannot be added to a matrix of shape {}", cx.show(&other.shape));
        return Err(ShapeError::new(Code::SUM_SHAPE_MISMATCH, message)
            .hint("write λI for a multiple of the identity, or λ11ᵀ for one of the all-ones matrix"));
    }
    let message = format!("terms of different shapes are added: {} and {}", cx.show(a), cx.show(b));
    let transposed = cx.unifier.resolve_shape(a) == cx.unifier.resolve_shape(b).transposed();
    let error = ShapeError::new(Code::SUM_SHAPE_MISMATCH, message);
    Err(if transposed { error.hint("transpose one of the terms") } else { error })
}
