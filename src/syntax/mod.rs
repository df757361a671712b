//! Reading and writing formulas: two notations, one tree.
//!
//! In: text and the [`Names`] that are declared. Out: a [`Tree`] whose nodes keep their byte spans, or one
//! [`Diagnostic`](crate::text::Diagnostic); and text again from a tree.
//! Invariants: a formula is read whole or not at all; a printed tree parses to an equal tree.
//! Not here: shapes and what a letter stands for beyond its being declared (see `shape`).

mod names;
mod tree;

pub use names::{NameKind, Names};
pub use tree::{Binder, Constant, DerivativeStyle, ExprId, ExprIds, Kind, Name, Part, Relation, Statement, Tree};
