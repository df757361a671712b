//! Reports: the one place where results become text, JSON or pages.
//!
//! In: answers and diagnostics. Out: strings. Invariant: nothing here decides anything; what a program reads
//! follows the contract's keys, what a person reads is pinned by tests.
//! Not here: where output goes, and whether it has colour (see `cli`).

mod diagnostic;
pub mod graded;
mod graded_text;
pub mod json;
mod matrix;
mod mistake;
mod numpy;
mod paint;
pub mod text;

pub use diagnostic::diagnostic;
pub use graded_text::graded_text;
pub use matrix::matrices;
pub use mistake::Hint;
pub use numpy::numpy;
pub use paint::Paint;
