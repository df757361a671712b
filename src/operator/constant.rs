//! Identity, ones and zeros.

use super::rule::{Operand, ShapeContext, ShapeError};
use super::{Entrywise, Notation, Operator};
use crate::dimension::{Poly, Shape};
use crate::number::Rational;
use crate::tensor::{Store, Value};
use crate::text::Code;
use nalgebra::DMatrix;

/// The identity matrix, with its size where it is written.
pub static IDENTITY: Operator = Operator {
    name: "identity",
    notation: Notation::Special,
    arity: (0, 1),
    doc: "The identity matrix, with its size where it is written.",
    example: "A + I_n",
    entrywise: Entrywise::Closes,
    shape: |cx, of| {
        let n = size(cx, of)?;
        Ok(Shape::matrix(n.clone(), n))
    },
    lower: |store, _, shape| {
        if shape.is_scalar() {
            return Ok(Value::scalar(store.one()));
        }
        Ok(Value::matrix(store.identity(&shape.rows), true, true))
    },
    value: |_, size| size().map(|(rows, cols)| DMatrix::identity(rows, cols)),
};

/// The vector of ones, with its length where it is written.
pub static ONES: Operator = Operator {
    name: "ones",
    notation: Notation::Special,
    arity: (0, 1),
    doc: "The vector of ones, with its length where it is written.",
    example: "X ones_n",
    entrywise: Entrywise::Closes,
    shape: |cx, of| Ok(Shape::vector(size(cx, of)?)),
    lower: |store, _, shape| Ok(ones(store, shape)),
    value: |_, size| size().map(|(rows, cols)| DMatrix::from_element(rows, cols, 1.0)),
};

/// The vector of zeros, with its length where it is written.
pub static ZEROS: Operator = Operator {
    name: "zeros",
    notation: Notation::Special,
    arity: (0, 1),
    doc: "The vector of zeros, with its length where it is written.",
    example: "x + zeros_n",
    entrywise: Entrywise::Closes,
    shape: |cx, of| Ok(Shape::vector(size(cx, of)?)),
    lower: |store, _, shape| {
        let ones = ones(store, shape);
        Ok(store.scaled(&Rational::ZERO, &ones))
    },
    value: |_, size| size().map(|(rows, cols)| DMatrix::zeros(rows, cols)),
};

/// The size as written, or one to be inferred.
fn size(cx: &mut ShapeContext<'_>, of: &[Operand]) -> Result<Poly, ShapeError> {
    match of.first() {
        None => Ok(cx.unifier.fresh("n")),
        Some(o) => o.integer.clone().ok_or_else(|| {
            ShapeError::new(Code::UNKNOWN_DIMENSION, "this size is no integer")
                .hint("write a number, a dimension or an integer symbol, as in I_n")
        }),
    }
}

fn ones(store: &mut Store, shape: &Shape) -> Value {
    let axes = [&shape.rows, &shape.cols].into_iter().filter(|d| !d.is_one()).map(|d| store.dim(d)).collect();
    Value::matrix(store.ones(axes), !shape.rows.is_one(), !shape.cols.is_one())
}
