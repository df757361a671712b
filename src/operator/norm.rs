//! Norms.

use super::rule::{Operand, ShapeContext, ShapeError, ShapeResult, to_scalar};
use super::{Entrywise, Notation, Operator};
use crate::dimension::Shape;
use crate::number::Rational;
use crate::tensor::{Function, Store, Value};
use crate::text::Code;
use nalgebra::DMatrix;

/// Double bars, norm(x) or norm2(x): the Euclidean norm of a vector, the Frobenius norm of a matrix.
pub static NORM: Operator = Operator {
    name: "norm",
    notation: Notation::Call { plain: &["norm", "norm2"], latex: &["norm"], command: false, greedy: false },
    arity: (1, 1),
    doc: "Double bars, norm(x) or norm2(x): the Euclidean norm of a vector, the Frobenius norm of a matrix.",
    example: "||x||",
    entrywise: Entrywise::Closes,
    shape: to_scalar,
    lower: frobenius,
    value: |of, _| Some(DMatrix::from_element(1, 1, libm::sqrt(of[0].norm_squared()))),
};

/// The sum of the absolute values of all entries.
pub static NORM_1: Operator = Operator {
    name: "norm-1",
    notation: Notation::Call { plain: &["norm1"], latex: &["norm1"], command: false, greedy: false },
    arity: (1, 1),
    doc: "The sum of the absolute values of all entries.",
    example: "norm1(x)",
    entrywise: Entrywise::Closes,
    shape: to_scalar,
    lower: |store, of, _| {
        let sizes = store.mapped(Function::Abs, &of[0]);
        Ok(store.total(&sizes))
    },
    value: |of, _| Some(DMatrix::from_element(1, 1, of[0].abs().sum())),
};

/// Double bars with the index 2: the Euclidean norm of a vector; refused for a matrix, where it may mean the spectral norm.
pub static NORM_2: Operator = Operator {
    name: "norm-2",
    notation: Notation::Special,
    arity: (1, 1),
    doc: "Double bars with the index 2: the Euclidean norm of a vector; refused for a matrix, where it may mean the spectral norm.",
    example: "||x||_2",
    entrywise: Entrywise::Closes,
    shape: euclidean,
    lower: frobenius,
    value: |of, _| Some(DMatrix::from_element(1, 1, libm::sqrt(of[0].norm_squared()))),
};

/// The Frobenius norm.
pub static NORM_F: Operator = Operator {
    name: "norm-F",
    notation: Notation::Call { plain: &["normF"], latex: &["normF"], command: false, greedy: false },
    arity: (1, 1),
    doc: "The Frobenius norm.",
    example: "normF(X)",
    entrywise: Entrywise::Closes,
    shape: to_scalar,
    lower: frobenius,
    value: |of, _| Some(DMatrix::from_element(1, 1, libm::sqrt(of[0].norm_squared()))),
};

fn euclidean(cx: &mut ShapeContext<'_>, of: &[Operand]) -> ShapeResult {
    if of[0].shape.is_matrix() {
        let message = format!("the 2-norm of a matrix of shape {} may be the spectral norm", cx.show(&of[0].shape));
        return Err(ShapeError::new(Code::AMBIGUOUS_NORM, message).hint("write ‖A‖_F for the Frobenius norm"));
    }
    Ok(Shape::scalar())
}

#[allow(clippy::unnecessary_wraps)] // the form of every lowering
fn frobenius(store: &mut Store, of: &[Value], _: &Shape) -> Result<Value, ShapeError> {
    let squares = store.contract(&[(&of[0], 0, 1), (&of[0], 0, 1)], (None, None));
    let half = Rational::new(1, 2).unwrap_or(Rational::ONE);
    Ok(store.mapped(Function::Power(half), &squares))
}
