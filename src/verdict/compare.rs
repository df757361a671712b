//! The layers of evidence in their fixed order: normal form, exact field, floating point.

use super::hidden;
use super::kinks::{self, Kinks};
use crate::algebra::{self, Budget, Proof, Reference};
use crate::dimension::Sizes;
use crate::evaluation::{Stop, meet_only_at_squares};
use crate::evidence::{self, Assignment, Counterexample, Exact, Goal, Limits, Notes, Numeric, Pair, Why};
use crate::tensor::{NodeId, Store};

/// One piece of evidence.
#[derive(Clone, PartialEq, Debug)]
pub enum Evidence {
    /// Equal normal forms: equal for all dimensions.
    Proved,
    /// Equal at random points of prime fields.
    Exact {
        /// The probability that a wrong formula passes; nothing where none can be claimed.
        bound: Option<f64>,
        /// Number of points.
        points: usize,
        /// The sizes.
        dims: Vec<Assignment>,
        /// The seed.
        seed: u64,
    },
    /// Equal in floating point, within the running error bounds.
    Numeric {
        /// Number of points.
        points: usize,
        /// Largest relative difference.
        max_rel_diff: f64,
        /// The sizes.
        dims: Vec<Assignment>,
        /// The seed.
        seed: u64,
    },
    /// Equal to finite differences of the objective.
    FiniteDifference {
        /// Number of points.
        points: usize,
        /// Largest relative difference.
        max_rel_diff: f64,
        /// The sizes.
        dims: Vec<Assignment>,
        /// The seed.
        seed: u64,
    },
    /// Refuted by a layer: `exact`, `numeric` or `shape`.
    Refuted {
        /// Which.
        by: &'static str,
    },
}

/// Whether two nodes are equal.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Decision {
    /// They are.
    Equal,
    /// They are not.
    Different,
    /// It is not known.
    Undecided,
}

/// A decision with its evidence.
#[derive(Clone, PartialEq, Debug)]
pub struct Comparison {
    /// The decision.
    pub decision: Decision,
    /// The evidence, in the order of the layers.
    pub evidence: Vec<Evidence>,
    /// What was seen besides.
    pub notes: Notes,
    /// Why it is not decided.
    pub why: Option<String>,
    /// Whether the normal forms are equal, though the candidate may be defined on less.
    pub formal: bool,
}

impl Comparison {
    /// Nothing known yet, or why not.
    #[must_use]
    pub(super) fn undecided(why: Option<String>) -> Self {
        Self { decision: Decision::Undecided, evidence: Vec::new(), notes: Notes::default(), why, formal: false }
    }
}

/// How far the layers are run.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Depth {
    /// To the first layer that decides.
    Decisive,
    /// All of them.
    All,
}

/// Compares two nodes of equal axes.
#[must_use]
pub fn compare(
    store: &Store,
    candidate: NodeId,
    truth: NodeId,
    sizes: &Sizes,
    texts: [&str; 2],
    depth: Depth,
) -> Comparison {
    compare_with(store, candidate, &Reference::new(truth), sizes, texts, depth)
}

/// Compares a node with one of equal axes that others are compared with as well.
#[must_use]
pub fn compare_with(
    store: &Store,
    candidate: NodeId,
    truth: &Reference,
    sizes: &Sizes,
    texts: [&str; 2],
    depth: Depth,
) -> Comparison {
    let mut result = Comparison::undecided(None);
    let limits = Limits::default();
    let proof = algebra::compare_with(store, candidate, truth, &Budget::default());
    let truth = truth.node();
    let pair = Pair { store, candidate, truth, sizes, seed_text: texts, limits: &limits };
    if proof == Proof::Equal {
        result.decision = Decision::Equal;
        result.evidence.push(Evidence::Proved);
        result.formal = true;
        if meet_only_at_squares(store, [candidate, truth], sizes) {
            result = Comparison::undecided(None);
            result.decision = Decision::Different;
            result.notes.defined_on_less = true;
            result.evidence.push(Evidence::Refuted { by: "exact" });
            return result;
        }
        if depth == Depth::Decisive {
            return within_domain(&pair, result);
        }
    }
    let mut apart = false;
    // Whether the candidate divides by zero at all sizes, and the truth does not.
    let mut nowhere = false;
    match evidence::exact(&pair) {
        Exact::Equal { bound, points, dims, seed, defined_on_less } => {
            result.notes.defined_on_less |= defined_on_less;
            result.decision = Decision::Equal;
            result.evidence.push(Evidence::Exact { bound, points, dims, seed });
        }
        Exact::Different { conclusive: true, .. } if result.decision == Decision::Undecided => {
            result.decision = Decision::Different;
            result.evidence.push(Evidence::Refuted { by: "exact" });
        }
        Exact::Different { .. } => apart = true,
        Exact::Inconclusive { why } => {
            nowhere = why == Why::Candidate(Stop::Singular);
            result.why = Some(why.to_string());
        }
    }
    if depth == Depth::Decisive && result.decision != Decision::Undecided {
        return within_domain(&pair, result);
    }
    match evidence::numeric(&pair) {
        Numeric::Equal { points, max_rel_diff, dims, seed, notes } => {
            result.notes = notes;
            if result.decision == Decision::Undecided {
                let kinks = if notes.kink && !notes.narrower { kinks::look(&pair) } else { Kinks::Seen };
                if notes.narrower || kinks == Kinks::Differ {
                    result.decision = Decision::Different;
                    result.evidence.push(Evidence::Refuted { by: "numeric" });
                } else if kinks == Kinks::Unseen {
                    result.why = Some("a kink or a jump was never crossed at the points that were tried".into());
                } else if !(apart || hidden::has_long_numbers(store, [candidate, truth]))
                    || !hidden::may_hide(store, [candidate, truth])
                {
                    result.decision = Decision::Equal;
                } else if hidden::differ(&pair) {
                    result.decision = Decision::Different;
                    result.evidence.push(Evidence::Refuted { by: "numeric" });
                } else {
                    result.why = Some(
                        "the sides differ by less than floating point shows, if at all: there are very large or small constants"
                            .to_owned(),
                    );
                }
            }
            if result.decision == Decision::Equal {
                result.evidence.push(Evidence::Numeric { points, max_rel_diff, dims, seed });
            }
        }
        Numeric::Different { notes, .. } => {
            result.notes = notes;
            if result.decision == Decision::Undecided {
                result.decision = Decision::Different;
                result.evidence.push(Evidence::Refuted { by: "numeric" });
            }
        }
        Numeric::Inconclusive { why, notes } => {
            result.notes = notes;
            result.formal &= !notes.narrower;
            if result.decision == Decision::Undecided {
                if notes.narrower || nowhere {
                    result.decision = Decision::Different;
                    result.notes.defined_on_less = true;
                    let by = if notes.narrower { "numeric" } else { "exact" };
                    result.evidence.push(Evidence::Refuted { by });
                }
                result.why = Some(why.to_string());
            }
        }
    }
    if result.decision == Decision::Equal && result.notes.narrower {
        smaller_domain(&mut result);
    }
    if result.decision != Decision::Undecided {
        result.why = None;
    }
    result
}

/// An equality holds where both sides are defined; a candidate that has no value at a whole region of the truth's
/// domain is not equal to it, unless it is the same by its form.
fn within_domain(pair: &Pair<'_>, mut result: Comparison) -> Comparison {
    result.notes.kink = !kinks::arguments(pair.store, &[pair.candidate, pair.truth]).is_empty();
    if result.decision != Decision::Equal || !hidden::restricts(pair.store, pair.candidate, pair.truth) {
        return result;
    }
    let numbers = evidence::numeric(pair);
    result.formal &= matches!(numbers, Numeric::Equal { .. });
    let (Numeric::Equal { notes, .. } | Numeric::Different { notes, .. } | Numeric::Inconclusive { notes, .. }) =
        numbers;
    result.notes = notes;
    if notes.narrower {
        smaller_domain(&mut result);
    }
    result
}

/// Equal, but on less than the whole domain: no equality, unless the normal forms are equal, as with exp(log s) and s.
fn smaller_domain(result: &mut Comparison) {
    result.notes.defined_on_less = true;
    if result.formal {
        return;
    }
    result.decision = Decision::Different;
    result.evidence = vec![Evidence::Refuted { by: "numeric" }];
}

/// What floating point alone says of two nodes.
#[must_use]
pub fn numeric_of(store: &Store, candidate: NodeId, truth: NodeId, sizes: &Sizes, texts: [&str; 2]) -> Numeric {
    let limits = Limits::default();
    evidence::numeric(&Pair { store, candidate, truth, sizes, seed_text: texts, limits: &limits })
}

/// The smallest point at which two different nodes differ, or, where it was seen that their domains differ, one at which
/// only one of them has a value.
#[must_use]
pub fn counterexample_of(
    store: &Store,
    candidate: NodeId,
    truth: NodeId,
    sizes: &Sizes,
    texts: [&str; 2],
    notes: Notes,
) -> Option<Counterexample> {
    let limits = Limits::default();
    let goal = if notes.narrower { Goal::Gap } else { Goal::Difference };
    evidence::counterexample(&Pair { store, candidate, truth, sizes, seed_text: texts, limits: &limits }, goal)
}
