//! gradmark reads matrix calculus as people write it, derives the truth itself, and judges every formula.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod calculus;
pub mod dimension;
pub mod document;
pub mod lower;
pub mod number;
pub mod operator;
pub mod shape;
pub mod syntax;
pub mod tensor;
pub mod text;
