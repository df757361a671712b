//! Limits: all that bounds the work and the space which an input may cost, in one table, and the meter of a claim.
//!
//! In: what the command line sets. Out: the value of each limit ([`of`]), and whether a claim may go on ([`spend`]).
//! Invariants: every bound on an input stands in [`LIMITS`], with its default, its unit and its page in
//! `docs/limits.md`; a limit counts operations and never time, so that a verdict does not depend on the machine; what
//! runs out is `undecided` or `unreadable` with a message of its own, never `incorrect`.
//! The clock that stands behind all of them is not here: `cli` holds it, and stops a claim by [`Guard::stop`].
//! Not here: bounds on how far a search looks, which change what is found and not what it costs.

mod meter;
mod table;

pub use meter::{Guard, Spent, apart, claim, guarded, renew, spend, spent};
pub use table::{LIMITS, Limit, Row, configure, of, set, size};
