//! The commutation matrix.

use super::rule::{ShapeError, ShapeResult};
use super::{Entrywise, Notation, Operator};
use crate::dimension::{Poly, Shape};
use crate::tensor::{Store, Value};
use crate::text::Code;
use nalgebra::DMatrix;
use smallvec::smallvec;

/// The commutation matrix: commutation(m, n) vec(A) = vec(Aᵀ) for every m×n matrix A.
pub static COMMUTATION: Operator = Operator {
    name: "commutation",
    notation: Notation::Call { plain: &["commutation"], latex: &["commutation"], command: false, greedy: false },
    arity: (2, 2),
    doc: "The commutation matrix: commutation(m, n) vec(A) = vec(A') for every m×n matrix A.",
    example: "commutation(2, 3)",
    entrywise: Entrywise::Closes,
    shape: |_, of| {
        let sizes: Option<Vec<&Poly>> = of.iter().map(|o| o.integer.as_ref()).collect();
        match sizes.as_deref() {
            Some([m, n]) => Ok(Shape::matrix(m.mul(n), m.mul(n))),
            _ => size_error(),
        }
    },
    lower: |store, of, _| match (&of[0].integer, &of[1].integer) {
        (Some(m), Some(n)) => Ok(matrix(store, m, n)),
        _ => Err(no_size()),
    },
    value: |of, whole| {
        whole()?;
        let size = |v: f64| usize::try_from(v as i64).ok();
        let (m, n) = (size(of[0][0])?, size(of[1][0])?);
        // A_ij stands at i + m j in vec(A), and at j + n i in vec(Aᵀ).
        Some(DMatrix::from_fn(m * n, m * n, |row, col| {
            let (i, j) = (row / n, row % n);
            if col == i + m * j { 1.0 } else { 0.0 }
        }))
    },
};

fn matrix(store: &mut Store, m: &Poly, n: &Poly) -> Value {
    let dims = [store.dim(m), store.dim(n)];
    let node = store.product(&[], &[0, 1, 1, 0], &dims);
    Value::matrix(store.fuse(node, smallvec![2, 2]), true, true)
}

fn size_error() -> ShapeResult {
    Err(no_size())
}

fn no_size() -> ShapeError {
    ShapeError::new(Code::UNKNOWN_DIMENSION, "the sizes of a commutation matrix are integers")
        .hint("write numbers, dimensions or integer symbols, as in commutation(m, n)")
}
