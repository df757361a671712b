//! Reports: the one place where results become text, JSON or pages.
//!
//! In: judgements and diagnostics. Out: strings. Invariant: nothing here decides anything; what a program reads
//! follows the contract's keys, what a person reads is pinned by snapshots.
//! Not here: where output goes (see `cli`).

pub mod graded;
pub mod json;
