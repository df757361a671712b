//! Kronecker's delta.

use super::rule::{ShapeError, to_scalar};
use super::{Entrywise, Notation, Operator};
use crate::text::Code;
use nalgebra::DMatrix;

/// Kronecker's delta of two indices.
pub static DELTA: Operator = Operator {
    name: "delta",
    notation: Notation::Special,
    arity: (2, 2),
    doc: "Kronecker's delta of two indices.",
    example: "delta(i,j)",
    entrywise: Entrywise::Closes,
    shape: to_scalar,
    lower: |_, _, _| Err(ShapeError::new(Code::BAD_INDEX, "delta needs two indices")),
    value: |of, _| Some(DMatrix::from_element(1, 1, if (of[0][0] - of[1][0]).abs() < 0.5 { 1.0 } else { 0.0 })),
};
