//! Reports: the one place where results become text, JSON or pages.
//!
//! In: answers and diagnostics. Out: strings. Invariant: nothing here decides anything; what a program reads
//! follows the contract's keys, what a person reads is pinned by tests.
//! Not here: where output goes, and whether it has colour (see `cli`).

mod csv;
mod diagnostic;
pub mod explained;
pub mod feedback;
pub mod gradebook;
pub mod graded;
mod graded_text;
mod gradescope;
pub mod html;
pub mod json;
mod junit;
mod markup;
mod matrix;
mod mistake;
mod numpy;
mod paint;
mod prairielearn;
pub mod problem_file;
mod table;
pub mod text;
mod visible;

pub use diagnostic::diagnostic;
pub use gradebook::Gradebook;
pub use graded_text::{changes_text, class_text, graded_text};
pub use gradescope::gradescope;
pub use junit::junit;
pub use matrix::matrices;
pub use mistake::{Hint, hinted};
pub use numpy::numpy;
pub use paint::Paint;
pub use prairielearn::prairielearn;
pub use table::table;
pub use visible::{escaped, visible};
