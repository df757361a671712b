//! Grading: every claim of a submission judged, and each question's final answer.
//!
//! In: problems and a [`Document`](crate::document::Document). Out: a [`Graded`] submission.
//! The way: `section` gives each chain its problem and questions, `define` reads the document's own definitions,
//! `side` and `derivative` read each side of a claim, in every reading charity allows, `link` compares two sides,
//! `condition` judges what holds only where a gradient vanishes, and `answer` finds each question's final answer.
//! Invariants: a claim is right if one of its readings is true; what cannot be read is said to be unreadable and costs
//! nothing; a mistake is counted once, what follows from it is carried.
//! Not here: how documents are cut (see `document`), how results are shown (see `report`).

mod adjoint;
mod answer;
mod argument;
mod carried;
mod condition;
mod constraint;
mod define;
mod derivative;
mod dots;
mod entry;
mod equality;
mod expectation;
mod extremum;
mod inequality;
mod infer_name;
mod iterate;
mod labels;
mod latex;
mod link;
mod local;
mod membership;
mod mend;
mod mistake;
mod occurrence;
mod otherwise;
mod prepare;
mod proportional;
mod result;
mod rows;
mod section;
mod session;
mod side;
mod solve;
mod start;
mod submission;
mod sums;
mod update;
mod walk;

pub use mistake::Differs;
pub use result::{Claim, ClaimVerdict, Graded, NotRead, QuestionResult};
pub use submission::grade;
