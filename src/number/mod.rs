//! Exact numbers: the coefficients of every formula.
//!
//! In: digits. Out: [`Rational`]. Invariant: nothing is rounded before evaluation.
//! Not here: finite fields and floating point (see `evaluation`).

mod constant;
mod decimal;
mod rational;

pub use constant::Constant;
pub use rational::Rational;
