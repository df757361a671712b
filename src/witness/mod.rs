//! The independent witness: finite differences of the objective itself, on the formula as it was read.
//!
//! In: a shaped tree, and a point. Out: the value of the formula there, and its derivative by central differences.
//! Invariant: nothing here uses the tensor graph or `calculus`; values come from the operator table's `value`, on
//! nalgebra matrices. So a mistake in lowering or differentiation cannot hide.
//! Not here: what the agreement means (see `verdict`).
//! Source: Richardson's extrapolation of central differences (W. H. Press et al., Numerical Recipes, section 5.7).

mod difference;
mod formula;
mod world;

pub use difference::{Differences, differences, differences_along};
pub use world::{Memo, Quantity, World};
