//! Printing trees.
use super::{ExprId, Syntax, Tree};

/// The text of an expression.
#[must_use]
pub fn print(_tree: &Tree, _id: ExprId, _syntax: Syntax) -> String {
    String::new()
}
