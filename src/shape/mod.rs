//! Shapes: gives every node of a formula tree its rows and columns, and says what each name and index stands for.
//!
//! In:  a [`Tree`](crate::syntax::Tree) and the declarations, a [`Scope`].
//! Out: a [`Typed`] record beside the tree, or one diagnostic with both shapes and where each comes from.
//! Invariants: after inference every dimension is a polynomial in declared or named sizes; a reading is fixed for
//! every symbol, subscript, sum and call.
//! Not here: tensors (see `lower`), notation (see `syntax`).

mod block;
mod call;
mod closing;
mod convention;
mod derivative;
mod differential;
mod grouping;
mod infer;
mod property;
mod pseudo_inverse;
mod scope;
mod settle;
mod sign;
mod subscript;
mod sum;
mod typed;

pub(crate) use block::quotient;
pub use closing::{close_sums, extend_sums, is_named_in};
pub use convention::{Convention, OneIndex, declare_by_convention, stands_bare};
pub use derivative::infer_wrt;
pub use differential::declare_differentials;
pub use infer::{Inferred, Surroundings, infer, infer_with};
pub use property::{PROPERTIES, parse_property, property_name};
pub use scope::{Body, Formula, Function, Quantity, QuantityId, Scope};
pub use settle::infer_settled;
pub use sign::{Signs, Want, factors, part};
pub use typed::{Beside, BinderReading, Index, Instance, Reading, Typed, Wrt};
