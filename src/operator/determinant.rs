//! Determinants and single bars.

use super::rule::{Operand, ShapeContext, ShapeResult, square_to_scalar};
use super::{Entrywise, Notation, Operator, is_scalar};
use crate::dimension::Shape;
use crate::tensor::Function;
use nalgebra::DMatrix;

/// The determinant of a square matrix.
pub static DETERMINANT: Operator = Operator {
    name: "determinant",
    notation: Notation::Call { plain: &["det"], latex: &["det", "Det"], command: true, greedy: true },
    arity: (1, 1),
    doc: "The determinant of a square matrix.",
    example: "det(A)",
    entrywise: Entrywise::Closes,
    shape: square_to_scalar,
    lower: |store, of, _| Ok(store.determinant_of(&of[0])),
    value: |of, _| Some(DMatrix::from_element(1, 1, of[0].determinant())),
};

/// The logarithm of the determinant.
pub static LOGDET: Operator = Operator {
    name: "logdet",
    notation: Notation::Call { plain: &["logdet"], latex: &["logdet"], command: false, greedy: true },
    arity: (1, 1),
    doc: "The logarithm of the determinant.",
    example: "logdet(A)",
    entrywise: Entrywise::Closes,
    shape: square_to_scalar,
    lower: |store, of, _| {
        let determinant = store.determinant_of(&of[0]);
        Ok(store.mapped(Function::Log, &determinant))
    },
    value: |of, _| Some(DMatrix::from_element(1, 1, libm::log(of[0].determinant()))),
};

/// Single bars: the determinant of a square matrix, the absolute value of a scalar or of each entry of a vector.
pub static BARS: Operator = Operator {
    name: "bars",
    notation: Notation::Special,
    arity: (1, 1),
    doc: "Single bars: the determinant of a square matrix, the absolute value of a scalar or of each entry of a vector.",
    example: "|A|",
    entrywise: Entrywise::Keeps,
    shape: bars,
    lower: |store, of, shape| {
        let determinant = of[0].row && of[0].col && shape.is_scalar();
        Ok(if determinant { store.determinant_of(&of[0]) } else { store.mapped(Function::Abs, &of[0]) })
    },
    value: |of, size| {
        let determinant = !is_scalar(&of[0]) && size()? == (1, 1);
        Some(if determinant { DMatrix::from_element(1, 1, of[0].determinant()) } else { of[0].abs() })
    },
};

/// A square matrix has a determinant, anything else absolute values.
fn bars(cx: &mut ShapeContext<'_>, of: &[Operand]) -> ShapeResult {
    let s = cx.unifier.resolve_shape(&of[0].shape);
    Ok(if s.is_matrix() && s.rows == s.cols { Shape::scalar() } else { s })
}
