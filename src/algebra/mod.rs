//! Algebra: the normal form of tensor graphs, by which two formulas are proved equal for all dimensions.
//!
//! In: a [`Store`](crate::tensor::Store) and two nodes with the same axes. Out: a [`Proof`], or the [`NormalForm`] of
//! one node as text.
//!
//! A normal form is a sum of networks with rational coefficients. A network is a set of factors, each an atom to a
//! power with a label at each axis, some labels kept as axes and the others summed, in a canonical labelling
//! (`labelling`). Atoms are variables, named integers, and functions, powers, inverses and determinants of normal
//! forms (`atom`). A part that shares no label with the rest is an atom of its own (`scalar`), so a scalar cancels
//! against its powers. The rules on networks are a table (`rules`); what functions make of sums stands in `function`,
//! `power`, `logarithm`, `matrix` and `determinant`; denominators are cleared last (`clear`).
//!
//! Sound: [`Proof::Equal`] holds for all dimensions, and for all values with the declared properties at which both
//! sides are defined, kinks aside. Bounds of sums over integers are natural numbers.
//! Complete: for polynomial networks (products, sums, deltas, ones and integers of variables without properties, over
//! symbolic dimensions) two formulas are equal for all dimensions if and only if their normal forms are, and only
//! there [`Proof::Different`] is said. The reason: in a network with the most labels of a difference, give all labels
//! different values; the monomial in the entries that results stems from this network alone.
//! Bounded: products are multiplied out only here, under a [`Budget`]; past it the answer is
//! [`Proof::Unknown`] with a [`StopReason`].
//! Not here: numbers (`evidence`), derivatives (`calculus`), and whether an inverse exists.

mod atom;
mod budget;
mod clear;
mod compare;
mod determinant;
mod dump;
mod form;
mod fragment;
mod function;
mod hanging;
mod labelling;
mod logarithm;
mod lower;
mod matrix;
mod power;
mod raw;
mod rules;
mod scalar;

pub use budget::{Budget, StopReason};
pub use compare::{Proof, Reference, compare, compare_with, keeps_sign};
pub use dump::{NormalForm, normal_form};

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod witness;
