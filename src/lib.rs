//! gradmark reads matrix calculus as people write it, derives the truth itself, and judges every formula.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, clippy::print_stdout)
)]

pub mod algebra;
pub mod calculus;
pub mod certificate;
pub mod check;
pub mod cli;
pub mod diagnosis;
pub mod dimension;
pub mod document;
pub mod evaluation;
pub mod evidence;
pub mod explain;
pub mod export;
pub mod grade;
pub mod graph;
pub mod limit;
pub mod lower;
pub mod mark;
pub mod number;
pub mod operator;
pub mod problem;
pub mod raise;
pub mod report;
pub mod shape;
pub mod syntax;
pub mod tensor;
pub mod text;
pub mod verdict;
pub mod witness;
