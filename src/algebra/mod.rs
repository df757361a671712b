//! Algebra: the normal form of tensor graphs, by which two formulas are proved equal.
mod atom;
mod budget;
mod clear;
mod compare;
mod determinant;
mod dump;
mod form;
mod function;
mod hanging;
mod labelling;
mod lower;
mod matrix;
mod power;
mod raw;
mod rules;
mod scalar;

pub use budget::{Budget, StopReason};
pub use compare::{Proof, compare};
pub use dump::{NormalForm, normal_form};

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod witness;
