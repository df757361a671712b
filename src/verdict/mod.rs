//! Verdicts: whether a formula is right, and by what evidence.
//!
//! In: a problem's declarations, what is asked, and a candidate. Out: a [`Judgement`].
//! Invariants: the truth is derived here and checked against finite differences before it is used; a verdict names
//! the layer that decided it; what cannot be read or decided is never called wrong.
//! Not here: which mistake was made (see `diagnosis`), and how it is shown (see `report`).

mod compare;
mod form;
mod hidden;
mod judge;
mod kinks;
mod letters;
mod names;
mod only_if;
mod pose;
mod range;
mod selfcheck;
mod signs;
mod undeclared;

pub use compare::{Comparison, Decision, Depth, Evidence, compare, compare_with, counterexample_of, numeric_of};
pub use form::{By, Form};
pub use judge::{Candidate, Judgement, LayoutRead, Verdict, judge, read_candidate};
pub use names::{integer_name, ranges, settle};
pub use only_if::{Assumption, Search, only_if};
pub use pose::{Asked, Fault, Place, Posed, pose};
pub use selfcheck::{SelfCheck, against_differences};
