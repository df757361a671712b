//! The comparisons that a careful person would make, beside the verdict.

use super::Answer;
use crate::dimension::IntVar;
use crate::evidence::{Assignment, Limits, Numbers, Numeric, Pair, numbers};
use crate::problem::Ask;
use crate::verdict::{Evidence, SelfCheck, numeric_of};

/// Every side against every other, in floating point.
#[derive(Clone, Debug)]
pub struct Comparisons {
    /// The candidate and the derived formula.
    pub candidate_and_derived: Compared,
    /// The candidate and finite differences of the objective.
    pub candidate_and_differences: Compared,
    /// The derived formula and finite differences of the objective.
    pub derived_and_differences: Compared,
    /// Whether the two sides of an identity were compared, so that there is nothing to differentiate.
    pub is_identity: bool,
}

/// One comparison.
#[derive(Clone, Debug)]
pub enum Compared {
    /// They agree, or differ.
    At {
        /// Which.
        agree: bool,
        /// At how many points.
        points: usize,
        /// The largest relative difference.
        max_rel_diff: f64,
        /// The sizes.
        dims: Vec<Assignment>,
        /// The seed.
        seed: u64,
    },
    /// They could not be compared.
    Not {
        /// Why.
        why: String,
    },
}

impl Compared {
    fn not(why: &str) -> Self {
        Self::Not { why: why.to_owned() }
    }

    fn of(check: SelfCheck) -> Self {
        match check {
            SelfCheck::Agrees(Evidence::FiniteDifference { points, max_rel_diff, dims, seed }) => {
                Self::At { agree: true, points, max_rel_diff, dims, seed }
            }
            SelfCheck::Disagrees { points, max_rel_diff, dims, seed } => {
                Self::At { agree: false, points, max_rel_diff, dims, seed }
            }
            SelfCheck::TooLarge => Self::not("a tensor on the way has more entries than the limit"),
            SelfCheck::Agrees(_) | SelfCheck::Unavailable => Self::not("no point was found at which they can be taken"),
        }
    }
}

impl Answer {
    /// The comparisons, where there is a candidate that can be compared.
    #[must_use]
    pub fn comparisons(&self) -> Option<Comparisons> {
        let (posed, text) = (self.posed.as_ref()?, self.candidate.as_ref()?.text.as_str());
        let derived = match &posed.check {
            Some(e) => Compared::of(SelfCheck::Agrees(e.clone())),
            None => Compared::of(SelfCheck::Unavailable),
        };
        let Some((candidate, truth)) = self.pair else {
            let not = Compared::not("they have different shapes");
            return Some(Comparisons {
                candidate_and_derived: not.clone(),
                candidate_and_differences: not,
                derived_and_differences: derived,
                is_identity: posed.ask == Ask::Identity,
            });
        };
        let sizes = &posed.scope.sizes;
        let both = match numeric_of(&posed.store, candidate, truth, sizes, posed.texts(text)) {
            Numeric::Equal { points, max_rel_diff, dims, seed, .. } => {
                Compared::At { agree: true, points, max_rel_diff, dims, seed }
            }
            Numeric::Different { max_rel_diff, dims, seed, .. } => {
                Compared::At { agree: false, points: 1, max_rel_diff, dims: vec![dims], seed }
            }
            Numeric::Inconclusive { why, .. } => Compared::Not { why: why.to_string() },
        };
        Some(Comparisons {
            candidate_and_derived: both,
            candidate_and_differences: Compared::of(posed.against_differences(candidate)),
            derived_and_differences: derived,
            is_identity: posed.ask == Ask::Identity,
        })
    }

    /// The numbers of the candidate and the truth at the first point of such a comparison.
    ///
    /// # Errors
    /// Why there are none.
    pub fn numbers(&self, sizes: &[(String, i64)], seed: Option<u64>) -> Result<Numbers, String> {
        let (Some(posed), Some((candidate, truth))) = (&self.posed, self.pair) else {
            return Err("there are no two sides of one shape to compare".to_owned());
        };
        let mut assignment = Assignment::default();
        for (name, n) in sizes {
            let Some(v) = posed.scope.unifier.find(name) else {
                return Err(format!("{name} is no dimension here"));
            };
            assignment.0.push((v, *n));
        }
        assignment.0.sort_unstable();
        let texts = posed.texts(self.candidate.as_ref().map_or("", |c| c.text.as_str()));
        let limits = Limits::default();
        let pair = Pair {
            store: &posed.store,
            candidate,
            truth,
            sizes: &posed.scope.sizes,
            seed_text: texts,
            limits: &limits,
        };
        numbers(&pair, &assignment, seed).map_err(|why| {
            let needed: Vec<String> = self.dimensions().into_iter().map(|v| self.integer_name(v)).collect();
            let missing: Vec<&str> =
                needed.iter().filter(|n| sizes.iter().all(|s| s.0 != **n)).map(String::as_str).collect();
            if missing.is_empty() {
                why.to_string()
            } else {
                format!("the size of {} is not given", missing.join(", "))
            }
        })
    }

    /// The named integers of both sides.
    #[must_use]
    pub fn dimensions(&self) -> Vec<IntVar> {
        let (Some(posed), Some((candidate, truth))) = (&self.posed, self.pair) else { return Vec::new() };
        let mut found = Vec::new();
        for node in posed.store.reachable(&[candidate, truth]) {
            for d in posed.store.axes(node) {
                found.extend(posed.store.poly(*d).variables());
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}
