//! Exact numbers: the coefficients of every formula.
//!
//! In: digits. Out: [`Rational`]. Invariant: nothing is rounded before evaluation.
//! Not here: finite fields and floating point (see `evaluation`).

mod rational;

pub use rational::Rational;
