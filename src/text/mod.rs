//! Source text: where a piece of a formula stands, and what can be said about it.
//!
//! Stands first on the way, because every later room points back into the source.
//! In: nothing. Out: [`Span`], [`Diagnostic`], [`Code`].
//! Invariant: spans are byte offsets into the UTF-8 of one source, `start <= end`.
//! Not here: rendering (see `report`), reading (see `syntax`).

mod code;
mod diagnostic;
mod name;
mod nearest;
mod span;

pub use code::{CODES, Code, CodeEntry};
pub use diagnostic::Diagnostic;
pub use name::Name;
pub use nearest::{meant, nearest};
pub use span::Span;
