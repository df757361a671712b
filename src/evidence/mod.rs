//! Evidence: whether two nodes of a graph are equal, how surely, and where they differ.
//!
//! In: a [`Pair`] of nodes with equal axes. Out: [`exact`] (an identity test in prime fields), [`numeric`] (floating
//! point with a tolerance from its own error bounds), [`counterexample`] (the smallest integers at which they differ).
//! Invariants: seeds and primes are a keyed hash of both texts, so no formula can be built to fool them and the same
//! input gives the same answer; running out of work is an answer, [`Exact::Inconclusive`] or [`Numeric::Inconclusive`].
//! Not here: proofs by rewriting (`algebra`), finite differences of an objective, verdicts.
//! Sources: Schwartz 1980 and Zippel 1979 for the identity test; Higham 2002, section 3.3 for the error bounds.

mod counterexample;
mod degree;
mod exact;
mod judge;
mod numeric;
mod point;
mod reach;
#[cfg(test)]
mod tests;

pub use crate::evaluation::{Assignment, Limits};
pub use counterexample::{Array, Counterexample, Goal, counterexample};
pub use exact::{Exact, exact};
pub use numeric::{Notes, Numeric, numeric};
pub use point::{Numbers, numbers};

use crate::dimension::Sizes;
use crate::evaluation::Stop;
use crate::tensor::{NodeId, Store};

/// Two nodes to be compared.
#[derive(Copy, Clone)]
pub struct Pair<'a> {
    /// The graph of both.
    pub store: &'a Store,
    /// What is judged.
    pub candidate: NodeId,
    /// What it is judged by; its domain is where they are compared.
    pub truth: NodeId,
    /// What the dimensions have to satisfy.
    pub sizes: &'a Sizes,
    /// Both texts, from which seeds and primes come.
    pub seed_text: [&'a str; 2],
    /// How much the comparison may cost.
    pub limits: &'a Limits,
}

/// Why a comparison says nothing.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Why {
    /// The nodes have different axes.
    Axes,
    /// No sizes satisfy the constraints.
    Sizes,
    /// The truth could not be evaluated at any point.
    Truth(Stop),
    /// The candidate could not be evaluated at any point at which the truth could.
    Candidate(Stop),
    /// The error bounds are too wide, even in double-double.
    Precision,
    /// Whether two values are equal depends on functions that a field does not interpret.
    Uninterpreted,
    /// The sides may differ only at sizes beyond those that can be tried.
    Reach,
}

impl Why {
    /// The later reason, but that the candidate has no value where the truth has one is never forgotten.
    fn or(self, later: Self) -> Self {
        if matches!(self, Self::Candidate(_)) && matches!(later, Self::Truth(_)) { self } else { later }
    }
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Axes => f.write_str("the two sides have different axes"),
            Self::Sizes => f.write_str("no sizes satisfy the constraints"),
            Self::Truth(stop) => write!(f, "the derived formula could not be evaluated: {stop}"),
            Self::Candidate(stop) => write!(f, "the candidate could not be evaluated: {stop}"),
            Self::Precision => f.write_str("rounding errors hide the difference, even at 31 digits"),
            Self::Uninterpreted => f.write_str("equality is asked of values that a field does not have"),
            Self::Reach => f.write_str("the sides may differ at sizes beyond those that can be tried"),
        }
    }
}

impl Pair<'_> {
    fn roots(&self) -> [NodeId; 2] {
        [self.candidate, self.truth]
    }

    fn has_equal_axes(&self) -> bool {
        self.store.axes(self.candidate) == self.store.axes(self.truth)
    }

    /// Where the larger sizes begin: above the degree, as far as that is affordable.
    fn large(&self) -> i64 {
        (degree::factors(self.store, &self.roots()) + 1).clamp(4, 7)
    }
}
