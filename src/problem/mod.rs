//! Problems: what a problem file or a request declares, made into a [`Scope`](crate::shape::Scope).
//!
//! In: TOML, JSON, or the parts of a request. Out: a [`Problem`]: declarations, objectives and questions, with every
//! formula read and shaped.
//! Invariants: definitions are resolved by dependency, and a circle is an error; an error names the key and its place.
//! Not here: what the answers are (see `verdict`).

mod advice;
mod build;
mod constraint;
mod declare;
mod dimension;
mod file;
mod locate;
mod rubric;
mod undeclared;

pub use advice::advice;
pub use build::{Problem, Question, build};
pub use dimension::{parse_constraint, parse_dimension};
pub use file::{
    Ask, DimensionText, Layout, Pairs, ProblemText, QuestionText, SymbolTable, SymbolText, WrtText, parse_problem_file,
};
pub use locate::{locate, locate_in_question};
pub use rubric::{Amount, MISTAKE_KINDS, Rubric, RubricText, exact_points, rubric};
