//! The shape of a value in matrix notation.

use super::Poly;

/// Rows and columns: a scalar is 1×1, a vector a column n×1, its transpose 1×n.
///
/// A symbol with three or more dimensions has them in `tensor` and can only be used with all its indices.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Shape {
    /// Number of rows.
    pub rows: Poly,
    /// Number of columns.
    pub cols: Poly,
    /// All dimensions, where there are three or more; rows and columns are then one.
    pub tensor: Option<Box<[Poly]>>,
}

impl Shape {
    /// 1×1.
    #[must_use]
    pub fn scalar() -> Self {
        Self::matrix(Poly::constant(1), Poly::constant(1))
    }

    /// n×1.
    #[must_use]
    pub fn vector(n: Poly) -> Self {
        Self::matrix(n, Poly::constant(1))
    }

    /// m×n.
    #[must_use]
    pub fn matrix(rows: Poly, cols: Poly) -> Self {
        Self { rows, cols, tensor: None }
    }

    /// The shape declared by a list of dimensions.
    #[must_use]
    pub fn from_dimensions(dimensions: &[Poly]) -> Self {
        match dimensions {
            [] => Self::scalar(),
            [n] => Self::vector(n.clone()),
            [m, n] => Self::matrix(m.clone(), n.clone()),
            more => Self { tensor: Some(more.into()), ..Self::scalar() },
        }
    }

    /// Whether this is 1×1.
    #[must_use]
    pub fn is_scalar(&self) -> bool {
        self.tensor.is_none() && self.rows.is_one() && self.cols.is_one()
    }

    /// Whether this is a column or a row, and not a scalar.
    #[must_use]
    pub fn is_vector(&self) -> bool {
        self.tensor.is_none() && self.rows.is_one() != self.cols.is_one()
    }

    /// Whether both sides are more than one.
    #[must_use]
    pub fn is_matrix(&self) -> bool {
        self.tensor.is_none() && !self.rows.is_one() && !self.cols.is_one()
    }

    /// Rows and columns exchanged.
    #[must_use]
    pub fn transposed(&self) -> Self {
        Self { rows: self.cols.clone(), cols: self.rows.clone(), tensor: self.tensor.clone() }
    }
}
