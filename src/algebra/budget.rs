//! How much work a comparison may do, and why it stopped.

use crate::limit::{self, Limit};

/// Bounds on the work of one comparison. Running out is an answer ([`StopReason`]), never a failure.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Budget {
    /// Terms of one sum while it is multiplied out.
    pub terms: usize,
    /// Networks built in all.
    pub steps: usize,
    /// Labellings tried for one network.
    pub labellings: usize,
    /// Labels, and factors, of one network.
    pub size: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            terms: limit::size(Limit::Terms),
            steps: limit::size(Limit::Steps),
            labellings: limit::size(Limit::Labellings),
            size: limit::size(Limit::Network),
        }
    }
}

/// Why a normal form was given up.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum StopReason {
    /// A sum would have more terms than allowed.
    Terms,
    /// More networks than allowed would be built.
    Steps,
    /// A network has too many symmetries to be labelled within the budget.
    Automorphisms,
    /// A network has too many labels or factors.
    Size,
    /// Sums over integer ranges that are multiplied with each other, or whose variable stands too deep.
    Range,
    /// The graph had run out of nodes before it was complete.
    Incomplete,
}
