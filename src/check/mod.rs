//! Checking one candidate: the whole way from the texts to an answer.
//!
//! In: a problem and what is asked, with or without a candidate. Out: an [`Answer`].
//! This is the room that `cli` and `grade` call; it holds no mathematics of its own.

mod answer;
mod assume;
mod comparison;
mod equation;
mod memory;
mod reading;
mod request;
mod stated;
mod task;
mod times;
mod written;

pub use crate::diagnosis::Diagnosed;
pub use answer::{Answer, Options, check};
pub use comparison::{Compared, Comparisons};
pub use equation::{Equation, read_equation};
pub use memory::Memory;
pub use reading::{Reading, read};
pub use request::{EvidenceText, RequestText, SyntaxText, parse_request};
pub use stated::{Contradiction, contradictions};
pub use times::times;
pub use written::Writing;
