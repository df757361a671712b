//! Lowering: from a shaped tree to the tensor graph.
//!
//! In: a tree with its shapes and readings, and the declarations. Out: a [`Value`](crate::tensor::Value).
//! Invariants: matrix notation, index notation and sums over families become the same nodes; a definition is one
//! node, however often it is used; a written derivative is replaced by the derived one.
//! Not here: whether shapes fit (see `shape`; a shape error cannot occur any more, save in exponents).

mod element;
mod expression;
mod quantity;
mod sum;

pub use expression::{Lowering, Marked};
pub use quantity::Quantities;
