//! The tensor graph: one representation inside, whatever the notation outside.
//!
//! In: variables with named dimensions. Out: a hash-consed graph ([`Store`]) of tensors whose axes are counted in
//! [`Poly`](crate::dimension::Poly) dimensions, and [`Value`]s: nodes seen as matrices with free indices.
//! Invariants: the node set is closed and matched without wildcard arms; equal nodes have equal ids; coefficients
//! are exact; matrix product, trace, transpose, Hadamard product, diag, outer product and sums over samples are all
//! one node, [`Node::Product`], a contraction over labels (Einstein notation).
//! Not here: derivatives (`calculus`), rewriting (`algebra`), numbers (`evaluation`).
//! Source: S. Laue, M. Mitterreiter, J. Giesen, Computing Higher Order Derivatives of Matrix and Tensor
//! Expressions, NeurIPS 2018, section 3.

mod build;
mod function;
mod fusion;
mod layers;
mod node;
mod product;
mod store;
mod value;

pub use function::Function;
pub(crate) use layers::Layers;
pub use node::{Axes, DimId, FunctionId, Label, Labels, Node, NodeId, Pattern, Product, VariableId};
pub use store::{FIRST_BOUND, Property, Store, Variable};
pub use value::{Letter, Value};
