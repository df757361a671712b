//! Diagnosis: the simplest repair that makes a wrong formula right, verified, and said as a teacher would say it.
//!
//! In: a posed task, an incorrect candidate and its judgement. Out: [`Diagnosed`] mistakes, the simplest first.
//! Invariants: a repair is reported only if the repaired formula is right by the same evidence as any verdict; where
//! nothing simple repairs it, the kind is `other` and no explanation is invented; the work is counted, not timed, so
//! that the same input gives the same diagnosis everywhere.
//! The way: detectors (`mistake`) propose changes of the candidate's tree (`patch`); the bench evaluates each at a
//! fixed point and compares with the truth's numbers; what agrees is verified; the first that holds is said.
//! The ranking: one change before two; among single changes the order of the table [`MISTAKES`]; within a mistake the
//! order in which it is proposed, the outermost and leftmost place first.
//! Not here: whether a formula is right (see `verdict`), how a diagnosis is shown (see `report`).

mod bench;
mod mistake;
mod objective;
mod outline;
mod pair;
mod patch;
mod place;
mod repair;
mod rewrite;
mod splice;
#[cfg(test)]
mod tests;
mod view;
mod weight;

pub use bench::Budget;
pub use mistake::MISTAKES;
pub use repair::{Example, Mistake};

use crate::shape::Typed;
use crate::text::{Code, Span};
use crate::verdict::{Candidate, Judgement, Posed, Verdict};
use bench::Bench;
use repair::{Repair, View};

/// A mistake that was named.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnosed {
    /// The contract's kind.
    pub kind: &'static str,
    /// What was done wrong, where, and what it should be, as a teacher would say it.
    pub message: String,
    /// Where in the candidate.
    pub span: Option<Span>,
    /// The candidate made right.
    pub repaired: Option<String>,
    /// The mistake for statistics: the same for the same mistake in many answers.
    pub key: String,
    /// Hints, each saying more than the one before: where, what kind, the repair.
    pub hints: [String; 3],
}

impl Diagnosed {
    /// A mistake that is seen without a search: what does not fit, and nothing to put in its place.
    #[must_use]
    pub fn plain(kind: &'static str, message: impl Into<String>, span: Option<Span>) -> Self {
        let message = message.into();
        let hints = ["look at this step again".into(), message.clone(), message.clone()];
        Self { kind, message, span, repaired: None, key: kind.into(), hints }
    }
}

/// Looks for the simplest repair of a wrong candidate.
#[must_use]
pub fn diagnose(
    posed: &Posed,
    candidate: &Candidate,
    typed: Option<&Typed>,
    judgement: &Judgement,
    budget: Budget,
) -> Vec<Diagnosed> {
    if judgement.verdict != Verdict::Incorrect {
        return Vec::new();
    }
    let _ = typed;
    let Some(mut bench) = Bench::new(posed, candidate, budget) else { return vec![unexplained(candidate, judgement)] };
    let tree = place::widen(&candidate.tree, &candidate.text, candidate.syntax);
    let view = View::new(&mut bench, &tree, &candidate.text, candidate.syntax);
    let repairs = search(&mut bench, &view);
    if repairs.is_empty() {
        return vec![unexplained(candidate, judgement)];
    }
    repairs.iter().map(|r| said(&bench, &view, r)).collect()
}

/// The first repair that holds, with all that explains the same mistake.
fn search(bench: &mut Bench<'_>, view: &View<'_>) -> Vec<Repair> {
    let mut singles = pair::Singles::default();
    for mistake in MISTAKES {
        for repair in (mistake.propose)(bench, view) {
            let trial = bench.attempt_patch(&repair.patch);
            let hit = trial.as_ref().is_some_and(|t| t.ratio.is_some_and(|c| (c - 1.0).abs() < 1e-6));
            if hit && trial.as_ref().is_some_and(|t| bench.verify(t.node)) {
                return mistake::explain(bench, view, repair);
            }
            if mistake.in_pairs {
                singles.keep(repair, trial);
            }
        }
    }
    if let Some(repair) = mistake::assumption(bench, view) {
        return vec![repair];
    }
    pair::search(bench, view, &singles).into_iter().collect()
}

fn said(bench: &Bench<'_>, view: &View<'_>, repair: &Repair) -> Diagnosed {
    let repaired = splice::splice(view.text, view.syntax, &bench.posed.scope.names, view.tree(), &repair.patch);
    let becomes = repaired.as_ref().map_or_else(String::new, |r| format!(" Repaired: `{r}`."));
    Diagnosed {
        kind: repair.kind,
        message: format!("{} {}{becomes}", repair.naming, repair.pointing),
        span: Some(view.span(repair.place)),
        key: format!("{}:{}", repair.kind, repair.about),
        hints: [
            format!("Look again at `{}`.", view.source(repair.place)),
            repair.naming.clone(),
            format!("{}{becomes}", repair.pointing),
        ],
        repaired,
    }
}

/// What is said where nothing simple repairs it: what does not fit, or nothing but that it differs.
fn unexplained(candidate: &Candidate, judgement: &Judgement) -> Diagnosed {
    let (kind, message, span) = match &judgement.misfit {
        Some(d) => {
            let kind = if matches!(d.code, Code::RANGE_MISMATCH | Code::BAD_INDEX) { "index" } else { "shape" };
            (kind, d.message.clone(), d.span)
        }
        None => (
            "other",
            "No single simple change makes this right; compare it with the derived formula and the counterexample."
                .to_owned(),
            candidate.tree.span(candidate.tree.root),
        ),
    };
    Diagnosed {
        kind,
        key: kind.to_owned(),
        span: Some(span),
        repaired: None,
        hints: [message.clone(), message.clone(), message.clone()],
        message,
    }
}
