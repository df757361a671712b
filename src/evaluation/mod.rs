//! Evaluation: the values of a graph's nodes at a point, in several number systems.
//!
//! In: a [`Store`](crate::tensor::Store), nodes, and a [`Point`] that gives every dimension and variable a value.
//! Out: dense [`Tensor`]s over a [`Ring`]: prime fields ([`Field`]), doubles and double-doubles with running error
//! bounds ([`Floats`]), rationals ([`Fractions`]); and the points themselves, drawn with the variables' properties.
//! Invariants: the same input gives the same values on every machine; an evaluation counts its work and stops at the
//! limit; every value outside a function's domain, at a kink or beyond a singularity is a [`Stop`], never a NaN.
//! Not here: what the values say about two formulas (see `evidence`).

mod bounded;
mod contract;
mod double;
mod evaluate;
mod field;
mod fraction;
mod generic;
mod matrix;
mod plan;
mod prime;
mod random;
mod rank;
mod reach;
mod real;
mod ring;
mod sample;
mod sizes;
mod source;
mod tensor;

pub use bounded::{Bounded, Doubles, Floats, Singles};
pub use double::Double;
pub use evaluate::evaluate;
pub(crate) use evaluate::evaluate_plan;
pub use field::{Field, Residue};
pub use fraction::Fractions;
pub(crate) use generic::{generic_elementwise, generic_scalar};
pub use plan::Uses;
pub(crate) use plan::{Plan, for_each_poly};
pub use random::{Random, mix, seed};
pub use reach::Far;
pub use real::Real;
pub use ring::{Ring, Stop};
pub use sample::{Draw, choices, is_discrete, sample, variables, variables_by_name};
pub use sizes::{ORDERS, Sizing, meet_only_at_squares, sizes, sizes_against, small_sizes};
pub use source::{Generic, Given, Kind, Source, Uniform};
pub use tensor::{Assignment, Budget, Dims, Limits, Point, Tensor};
