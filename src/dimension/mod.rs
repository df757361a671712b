//! Dimensions: what a quantity's rows, columns and index ranges are counted in.
//!
//! In: names and numbers. Out: [`Poly`] (a dimension or an integer exponent), [`Shape`], [`Unifier`].
//! Invariant: a dimension is a polynomial with integer coefficients in named integers; two dimensions
//! are equal for all sizes exactly when their polynomials are.
//! Not here: which expression has which shape (see `shape`).

mod constraint;
mod poly;
mod shape;
mod unify;

pub use constraint::{Constraint, Order, Sizes};
pub use poly::{IntVar, Poly};
pub use shape::Shape;
pub use unify::Unifier;
