//! Diagnosis: the simplest repair that makes a wrong formula right, verified, and said as a teacher would say it.
//!
//! In: a posed task, an incorrect candidate and its judgement. Out: [`Diagnosed`] mistakes, the simplest first.
//! Invariants: a repair is reported only if the repaired formula is right by the same evidence as any verdict; where
//! nothing simple repairs it, the kind is `other` and no explanation is invented; the work is counted, not timed, so
//! that the same input gives the same diagnosis everywhere.
//! The way: detectors (`mistake`) propose changes of the candidate's tree (`patch`); the bench evaluates each at a
//! fixed point and compares with the truth's numbers; what agrees is verified; the first that holds is said.
//! The ranking: one change before a property that was not declared, that before two changes, two before three. Among
//! single changes the order of the table [`MISTAKES`] decides; within a mistake the order in which it is proposed, the
//! outermost and leftmost place first. Several changes (`several`): a constant factor or the sign of the whole beside
//! one change; changes in two terms of the sum; a change and other weights of the terms; two changes in one term, alone,
//! with weights or with a change in another term; changes in three terms. A candidate that does not fit: two changes of
//! factors, then the nearest arrangement of its factors that fits (`arrangement`), with the signs and weights of terms.
//! Everything ends with the budget of trials, which is counted.
//! Not here: whether a formula is right (see `verdict`), how a diagnosis is shown (see `report`).

mod alike;
mod arrangement;
mod bench;
mod hand;
mod misread;
mod mistake;
mod objective;
mod outline;
mod patch;
mod place;
mod repair;
mod reweigh;
mod rewrite;
mod several;
mod splice;
mod sums;
#[cfg(test)]
mod tests;
mod view;
mod weight;

pub use bench::Budget;
pub use mistake::MISTAKES;
pub use repair::{Example, Mistake};
pub(crate) use rewrite::rewrite;

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
        let hints = ["Look at this step again.".into(), message.clone(), message.clone()];
        Self { kind, message, span, repaired: None, key: kind.into(), hints }
    }

    /// Whether one thing stands for another, as the keys of such mistakes say: then a property that makes the two equal
    /// may be the better explanation.
    #[must_use]
    pub fn is_exchange(&self) -> bool {
        self.key.contains(" for ")
    }
}

/// Looks for the simplest repair of a wrong candidate.
#[must_use]
pub fn diagnose(posed: &Posed, candidate: &Candidate, judgement: &Judgement, budget: Budget) -> Vec<Diagnosed> {
    if judgement.verdict != Verdict::Incorrect {
        return Vec::new();
    }
    let Some(mut bench) = Bench::new(posed, candidate, budget) else { return vec![unexplained(candidate, judgement)] };
    let view = View::new(&mut bench, &candidate.tree, &candidate.text, candidate.syntax);
    match search(&mut bench, &view) {
        Some(Found::Alternatives(mut repairs)) => {
            if let Some(first) = repairs.first_mut() {
                let patch = first.patch.clone();
                mistake::reread(&mut bench, &view, std::slice::from_mut(first), &patch);
            }
            let say = |r: &Repair| {
                let repaired = splice::splice(&mut bench, &view, &r.patch);
                said(&view, r, repaired, &r.patch, Words::default())
            };
            repairs.iter().map(say).collect()
        }
        Some(Found::Together(mut several)) => {
            mistake::reread(&mut bench, &view, &mut several.repairs, &several.patch);
            let of = several.repairs.len();
            let repaired = splice::splice(&mut bench, &view, &several.patch);
            let say =
                |(i, r): (usize, &Repair)| said(&view, r, repaired.clone(), &r.patch, Words { number: i + 1, of });
            several.repairs.iter().enumerate().map(say).collect()
        }
        None => vec![unexplained(candidate, judgement)],
    }
}

/// What a search found.
enum Found {
    /// One mistake, and what else explains it.
    Alternatives(Vec<Repair>),
    /// Several mistakes.
    Together(several::Together),
}

/// The first repair that holds, with all that explains the same mistake; or the first that hold together.
fn search(bench: &mut Bench<'_>, view: &View<'_>) -> Option<Found> {
    let mut singles = several::Singles::default();
    for mistake in MISTAKES {
        for repair in (mistake.propose)(bench, view) {
            let trial = bench.attempt_patch(&repair.patch);
            let hit = trial.as_ref().is_some_and(|t| t.ratio.is_some_and(|c| (c - 1.0).abs() < 1e-6));
            if hit && trial.as_ref().is_some_and(|t| bench.verify(t.node)) {
                return Some(Found::Alternatives(mistake::explain(bench, view, repair)));
            }
            if mistake.in_pairs {
                singles.keep(repair, trial);
            }
        }
    }
    if let Some(repair) = mistake::assumption(bench, view) {
        return Some(Found::Alternatives(vec![repair]));
    }
    several::search(bench, view, singles).map(Found::Together)
}

/// Which of several mistakes it is.
#[derive(Copy, Clone, Default)]
struct Words {
    number: usize,
    of: usize,
}

impl Words {
    fn before(self) -> &'static str {
        match (self.number, self.of) {
            (1, 2) => "There are two mistakes; this is the first. ",
            (1, 3) => "There are three mistakes; this is the first. ",
            (1, n) if n > 3 => "There are several mistakes; this is the first. ",
            (2, _) => "The second mistake: ",
            (3, _) => "The third mistake: ",
            (n, _) if n > 3 => "One more: ",
            _ => "",
        }
    }

    fn repaired(self) -> &'static str {
        match self.of {
            0 | 1 => "Repaired",
            2 => "With both repaired",
            _ => "With all repaired",
        }
    }
}

fn said(view: &View<'_>, repair: &Repair, repaired: Option<String>, patch: &patch::Patch, words: Words) -> Diagnosed {
    // Of several mistakes the last one says what becomes of all.
    let is_last = words.number == words.of;
    let becomes = match &repaired {
        Some(r) if is_last => format!(" {}: `{r}`.", words.repaired()),
        _ => String::new(),
    };
    let naming = match words.number {
        0 | 1 => repair.naming.clone(),
        _ => lower(&repair.naming),
    };
    let naming = format!("{}{naming}", words.before());
    Diagnosed {
        kind: repair.kind,
        message: format!("{naming} {}{becomes}", repair.pointing),
        span: Some(marked(view, repair, patch)),
        key: format!("{}:{}", repair.kind, repair.about),
        hints: [
            format!("Look again at `{}`.", view.source(repair.place)),
            naming,
            format!("{}{becomes}", repair.pointing),
        ],
        repaired,
    }
}

/// What is marked in the text: of factors that have to move, those between the outermost, not the whole product.
fn marked(view: &View<'_>, repair: &Repair, patch: &patch::Patch) -> Span {
    let whole = view.span(repair.place);
    if !matches!(repair.kind, "order" | "transpose") {
        return whole;
    }
    let own =
        patch.touched().filter(|id| (id.0 as usize) < view.tree().len() && view.outline.is_below(*id, repair.place));
    let moved = own.map(|id| view.span(id)).reduce(Span::to);
    moved.filter(|m| whole.start <= m.start && m.end <= whole.end).unwrap_or(whole)
}

/// A sentence as it goes on behind a colon.
fn lower(sentence: &str) -> String {
    let mut chars = sentence.chars();
    match chars.next() {
        Some(c) if chars.clone().next().is_some_and(|next| next.is_lowercase() || next == ' ') => {
            c.to_lowercase().chain(chars).collect()
        }
        _ => sentence.to_owned(),
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
