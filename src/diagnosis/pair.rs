//! Two mistakes at once, where each is a single local change.

use super::bench::{Bench, Trial, agree};
use super::outline::Outline;
use super::patch::{Draft, Patch};
use super::repair::{Repair, View};
use super::weight::{recognise, scale, whole};
use crate::number::Rational;
use crate::syntax::ExprId;

/// Single changes of each kind that are tried in pairs one by one.
const MOST_TRIED: usize = 44;
/// Single changes that are kept.
const MOST_KEPT: usize = 600;

/// Single changes that did not make it right.
#[derive(Default)]
pub(super) struct Singles {
    kept: Vec<(Repair, Option<Vec<f64>>, Option<f64>)>,
}

impl Singles {
    pub(super) fn keep(&mut self, repair: Repair, trial: Option<Trial>) {
        if self.kept.len() < MOST_KEPT {
            let ratio = trial.as_ref().and_then(|t| t.ratio);
            self.kept.push((repair, trial.map(|t| t.numbers), ratio));
        }
    }
}

/// Two changes that make it right together.
pub(super) fn search(bench: &mut Bench<'_>, view: &View<'_>, singles: &Singles) -> Option<Repair> {
    with_factor(bench, view, singles)
        .or_else(|| in_two_terms(bench, view, singles))
        .or_else(|| one_by_one(bench, view, singles))
}

/// A change after which only a constant factor or the sign is wrong.
fn with_factor(bench: &mut Bench<'_>, view: &View<'_>, singles: &Singles) -> Option<Repair> {
    for (repair, _, ratio) in &singles.kept {
        let Some(c) = ratio.and_then(recognise) else { continue };
        if c.is_one() || c.is_zero() {
            continue;
        }
        let changed = repair.patch.apply(view.tree());
        let mut draft = Draft::new(&changed);
        scale(&mut draft, whole(&changed), &c);
        let patch = repair.patch.then(&draft.finish());
        if !right(bench, &patch) {
            continue;
        }
        let is_sign = c == Rational::MINUS_ONE;
        let words = if is_sign {
            "the sign of the whole is wrong".to_owned()
        } else {
            format!("the whole has to be taken {c} times")
        };
        return Some(Repair {
            patch,
            naming: format!("There are two mistakes. {}", repair.naming),
            pointing: format!("{} Besides, {words}.", repair.pointing),
            about: format!("{}, {}", repair.about, if is_sign { "sign".to_owned() } else { c.to_string() }),
            ..repair.clone()
        });
    }
    None
}

fn right(bench: &mut Bench<'_>, patch: &Patch) -> bool {
    let Some(trial) = bench.attempt_patch(patch) else { return false };
    trial.ratio.is_some_and(|c| (c - 1.0).abs() < 1e-6) && bench.verify(trial.node)
}

fn together(a: &Repair, b: &Repair, patch: Patch) -> Repair {
    Repair {
        patch,
        naming: format!("There are two mistakes. {}", a.naming),
        pointing: format!("{} {} {}", a.pointing, b.naming, b.pointing),
        about: format!("{}, {}:{}", a.about, b.kind, b.about),
        ..a.clone()
    }
}

/// Changes in different terms of the outermost sum: what each adds to the value adds up.
fn in_two_terms(bench: &mut Bench<'_>, view: &View<'_>, singles: &Singles) -> Option<Repair> {
    let given = bench.given.as_ref()?.first()?.clone();
    let truth = bench.truth.first()?.clone();
    let group = view.outline.groups.iter().find(|g| view.outline.is_linear_in(g.root))?;
    let term_of = |id: ExprId| group.terms.iter().position(|t| t.signed == id || view.outline.is_below(id, t.signed));
    let parts: Vec<(usize, &Repair, Vec<f64>)> = singles
        .kept
        .iter()
        .filter_map(|(repair, numbers, _)| {
            let numbers = numbers.as_ref().filter(|n| n.len() == given.len())?;
            let mut terms = repair.patch.touched().map(term_of);
            let first = terms.next()??;
            let delta: Vec<f64> = numbers.iter().zip(&given).map(|(n, g)| n - g).collect();
            terms.all(|t| t == Some(first)).then_some((first, repair, delta))
        })
        .collect();
    let residual: Vec<f64> = truth.iter().zip(&given).map(|(t, g)| t - g).collect();
    let scale = truth.iter().chain(&given).map(|x| x.abs()).fold(0.0, f64::max);
    for (i, (term, a, delta)) in parts.iter().enumerate() {
        for (other, b, more) in &parts[i + 1..] {
            if term == other || (residual[0] - delta[0] - more[0]).abs() > 1e-6 * scale {
                continue;
            }
            let sum: Vec<f64> = delta.iter().zip(more).zip(&given).map(|((x, y), g)| x + y + g).collect();
            if agree(&sum, &truth) {
                let patch = a.patch.and(&b.patch);
                if right(bench, &patch) {
                    return Some(together(a, b, patch));
                }
            }
        }
    }
    None
}

/// Changes of factors, tried two by two; of a candidate that does not fit, each change alone says nothing.
fn one_by_one(bench: &mut Bench<'_>, view: &View<'_>, singles: &Singles) -> Option<Repair> {
    let outline: &Outline<'_> = &view.outline;
    let local: Vec<&Repair> = singles
        .kept
        .iter()
        .map(|(repair, ..)| repair)
        .filter(|r| {
            matches!(r.kind, "transpose" | "order" | "inverse" | "sign" | "layout") && r.patch.touched().count() <= 3
        })
        .filter(|r| outline.tree.root != r.place || r.kind == "layout" || r.kind == "order" || r.kind == "transpose")
        .take(MOST_TRIED)
        .collect();
    for (i, a) in local.iter().enumerate() {
        for b in &local[i + 1..] {
            if bench.trials_left() == 0 {
                return None;
            }
            if !a.patch.is_apart_from(&b.patch) {
                continue;
            }
            let patch = a.patch.and(&b.patch);
            if right(bench, &patch) {
                return Some(together(a, b, patch));
            }
        }
    }
    None
}
