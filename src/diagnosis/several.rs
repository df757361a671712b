//! Several mistakes at once, each of which is a single local change: two, and three where two of them stand in one term
//! or each in a term of its own.
//!
//! What a change in a term of a sum adds to the value does not depend on the other terms, so that changes in different
//! terms are matched by their numbers alone; only changes in one term are tried together. The work is counted.

use super::arrangement::{Arrangement, arrangements};
use super::bench::{Bench, agree};
use super::mistake::{each_term, merged};
use super::outline::{Group, Outline};
use super::patch::{Draft, Patch};
use super::repair::{Repair, View};
use super::reweigh::{Scalar, reweigh, scalars};
use super::sums;
use super::weight::{Columns, minus, recognise, scale, solve, whole};
use crate::number::Rational;
use crate::syntax::ExprId;
use crate::tensor::NodeId;

/// Changes of a candidate that does not fit which are tried in pairs.
const MOST_TRIED: usize = 44;
/// Trials that pairs leave to what comes after them.
const KEPT_FOR_ARRANGEMENTS: usize = 500;
/// Single changes of one kind that are kept.
const MOST_OF_A_KIND: usize = 100;
/// Plain changes of one kind in a term that are tried in pairs.
const MOST_OF_A_KIND_IN_TERM: usize = 10;
/// Plain changes that are tried three by three.
const MOST_IN_THREES: usize = 100;
/// Pairs within terms that are tried.
const MOST_PAIRS: usize = 400;
/// Kinds that are a change of what stands there, not of which quantity it is.
const PLAIN: [&str; 7] = ["sign", "transpose", "order", "inverse", "elementwise", "factor", "layout"];

/// Mistakes that are repaired together.
pub(super) struct Together {
    /// Each of them, in the order of the text.
    pub(super) repairs: Vec<Repair>,
    /// All changes as one.
    pub(super) patch: Patch,
}

/// A single change that did not make it right.
struct Single {
    repair: Repair,
    node: Option<NodeId>,
    numbers: Option<Vec<f64>>,
    ratio: Option<f64>,
}

/// Single changes that did not make it right.
#[derive(Default)]
pub(super) struct Singles {
    kept: Vec<Single>,
}

impl Singles {
    pub(super) fn keep(&mut self, repair: Repair, trial: Option<super::bench::Trial>) {
        if self.kept.iter().filter(|s| s.repair.kind == repair.kind).count() < MOST_OF_A_KIND {
            let ratio = trial.as_ref().and_then(|t| t.ratio);
            let node = trial.as_ref().map(|t| t.node);
            self.kept.push(Single { repair, node, numbers: trial.map(|t| t.numbers), ratio });
        }
    }
}

/// Changes within one term, and what they add to the value.
struct Local {
    term: usize,
    changes: Vec<usize>,
    patch: Patch,
    node: NodeId,
    delta: Vec<f64>,
}

/// The fewest changes that make it right together.
pub(super) fn search(bench: &mut Bench<'_>, view: &View<'_>, mut singles: Singles) -> Option<Together> {
    if bench.given.is_some() {
        // Alone a sign is proposed only where it makes the formula right.
        let mut signs = Singles::default();
        for repair in each_term(view) {
            let trial = bench.attempt_patch(&repair.patch);
            signs.keep(repair, trial);
        }
        singles.kept.splice(0..0, signs.kept);
    }
    let singles = &singles;
    if let Some(found) = with_factor(bench, view, singles) {
        return Some(found);
    }
    if bench.given.is_none() {
        return sums::search(bench, view)
            .or_else(|| one_by_one(bench, view, singles))
            .or_else(|| arranged(bench, view));
    }
    let group = view.outline.groups.iter().find(|g| view.outline.is_linear_in(g.root));
    let local = local(bench, view, singles, group);
    in_two_terms(bench, singles, &local)
        .or_else(|| reweighed(bench, view, singles, &local, group))
        .or_else(|| in_one_term(bench, view, singles, &local, group))
        .or_else(|| in_three_terms(bench, singles, &local))
}

pub(super) fn together(repairs: Vec<Repair>, patch: Patch) -> Together {
    Together { repairs, patch }
}

pub(super) fn right(bench: &mut Bench<'_>, patch: &Patch) -> bool {
    let Some(trial) = bench.attempt_patch(patch) else { return false };
    trial.ratio.is_some_and(is_one) && bench.verify(trial.node)
}

fn is_one(c: f64) -> bool {
    (c - 1.0).abs() < 1e-6
}

/// A change after which only a constant factor or the sign is wrong.
fn with_factor(bench: &mut Bench<'_>, view: &View<'_>, singles: &Singles) -> Option<Together> {
    let given = bench.given.as_ref().and_then(|g| g.first()).cloned();
    singles.kept.iter().find_map(|s| {
        // A change that changes nothing explains nothing.
        if s.numbers.as_ref().zip(given.as_ref()).is_some_and(|(n, g)| agree(n, g)) {
            return None;
        }
        let (patch, factor) = scaled(view, &s.repair.patch, s.ratio?)?;
        right(bench, &patch).then(|| together(vec![s.repair.clone(), factor], patch))
    })
}

/// A change with a constant factor of the whole after it, and what is said of the factor.
fn scaled(view: &View<'_>, patch: &Patch, ratio: f64) -> Option<(Patch, Repair)> {
    let c = recognise(ratio).filter(|c| !c.is_one() && !c.is_zero())?;
    let changed = patch.apply(view.tree());
    let mut draft = Draft::new(&changed);
    scale(&mut draft, whole(&changed), &c);
    let then = draft.finish();
    let (kind, naming, pointing, about) = if c == Rational::MINUS_ONE {
        (
            "sign",
            "The sign of the whole is wrong.",
            "All of it has to be taken with the opposite sign.".into(),
            "whole".into(),
        )
    } else {
        let pointing = match c.is_integer() {
            true => format!("All of it has to be taken {} times.", super::weight::times(&c)),
            false => format!("All of it has to be multiplied by {}.", super::weight::times(&c)),
        };
        ("factor", "A constant factor is wrong.", pointing, super::weight::times(&c))
    };
    let factor = Repair { patch: then.clone(), kind, place: view.tree().root, naming: naming.into(), pointing, about };
    Some((patch.then(&then), factor))
}

/// The changes that stay within one term of the sum; without a sum the whole is the term.
fn local(bench: &Bench<'_>, view: &View<'_>, singles: &Singles, group: Option<&Group>) -> Vec<Local> {
    let Some(given) = bench.given.as_ref().and_then(|g| g.first()) else { return Vec::new() };
    let term_of = |id: ExprId| match group {
        Some(g) => g.terms.iter().position(|t| t.signed == id || view.outline.is_below(id, t.signed)),
        None => Some(0),
    };
    let of = |(i, s): (usize, &Single)| {
        let numbers = s.numbers.as_ref().filter(|n| n.len() == given.len())?;
        let node = s.node?;
        if agree(numbers, given) {
            return None;
        }
        let mut terms = s.repair.patch.touched().map(term_of);
        let term = terms.next()??;
        terms.all(|t| t == Some(term)).then(|| Local {
            term,
            changes: vec![i],
            patch: s.repair.patch.clone(),
            node,
            delta: minus(numbers, given),
        })
    };
    singles.kept.iter().enumerate().filter_map(of).collect()
}

/// What has to be added to the value at the first point, and how large the numbers are.
fn residual(bench: &Bench<'_>) -> Option<(Vec<f64>, f64)> {
    let given = bench.given.as_ref()?.first()?;
    let truth = bench.truth.first()?;
    let scale = truth.iter().chain(given).map(|x| x.abs()).fold(0.0, f64::max);
    Some((minus(truth, given), scale))
}

fn repairs_of(singles: &Singles, changes: impl IntoIterator<Item = usize>) -> Vec<Repair> {
    changes.into_iter().map(|i| singles.kept[i].repair.clone()).collect()
}

/// Changes in different terms of the sum: what each adds to the value adds up.
fn in_two_terms(bench: &mut Bench<'_>, singles: &Singles, local: &[Local]) -> Option<Together> {
    let (residual, scale) = residual(bench)?;
    for (i, a) in local.iter().enumerate() {
        for b in local[i + 1..].iter().filter(|b| b.term != a.term) {
            if let Some(patch) = matching(bench, &residual, scale, &[a, b]) {
                return Some(together(repairs_of(singles, [a.changes[0], b.changes[0]]), patch));
            }
        }
    }
    None
}

/// The changes as one, if what they add is what is missing and the result is right.
fn matching(bench: &mut Bench<'_>, residual: &[f64], scale: f64, parts: &[&Local]) -> Option<Patch> {
    let first: f64 = parts.iter().map(|l| l.delta[0]).sum();
    if (residual[0] - first).abs() > 1e-6 * scale {
        return None;
    }
    let close = (0..residual.len())
        .all(|k| (residual[k] - parts.iter().map(|l| l.delta[k]).sum::<f64>()).abs() <= 1e-6 * scale);
    if !close {
        return None;
    }
    let (first, rest) = parts.split_first()?;
    let patch = rest.iter().fold(first.patch.clone(), |all, l| all.and(&l.patch));
    right(bench, &patch).then_some(patch)
}

/// A change in a term, after which the terms only need other weights.
fn reweighed(
    bench: &mut Bench<'_>,
    view: &View<'_>,
    singles: &Singles,
    local: &[Local],
    group: Option<&Group>,
) -> Option<Together> {
    let group = group?;
    let columns = Columns::new(bench, &view.outline, group)?;
    let scalars = scalars(bench, view);
    local.iter().find_map(|l| weighed(bench, view, singles, l, group, &columns, &scalars))
}

fn weighed(
    bench: &mut Bench<'_>,
    view: &View<'_>,
    singles: &Singles,
    local: &Local,
    group: &Group,
    columns: &Columns,
    scalars: &[Scalar],
) -> Option<Together> {
    let is_small = |d: &f64| d.abs() < 1e-12;
    if local.delta.iter().all(is_small) {
        return None;
    }
    let given = bench.given.clone()?;
    // At the first point the numbers of the changed term are known; few changes leave a solution there.
    if local.delta.len() > group.terms.len() {
        let own = columns.changed(0, local.term, &local.delta)?;
        solve(&own, &minus(bench.truth.first()?, columns.beside.first()?))?;
    }
    let numbers = bench.all_numbers(local.node)?;
    let mut changed_columns = Vec::new();
    for (p, (n, g)) in numbers.iter().zip(&given).enumerate() {
        changed_columns.push(columns.changed(p, local.term, &minus(n, g))?);
    }
    let after = Columns { own: changed_columns, beside: columns.beside.clone() };
    let weights = after.weights(&bench.truth)?;
    let changed = local.patch.apply(view.tree());
    let other = reweigh(bench, view, &changed, group.root, &weights, scalars)?;
    let patch = local.patch.then(&other.patch);
    if !right(bench, &patch) {
        return None;
    }
    let mut repairs = repairs_of(singles, local.changes.iter().copied());
    repairs.extend(merged(view, group.root, other));
    Some(together(repairs, patch))
}

/// Two changes in one term; and with them a factor, other weights, or a change in another term.
fn in_one_term(
    bench: &mut Bench<'_>,
    view: &View<'_>,
    singles: &Singles,
    local: &[Local],
    group: Option<&Group>,
) -> Option<Together> {
    let given = bench.given.as_ref()?.first()?.clone();
    let pairs = pairs(singles, local);
    let mut both: Vec<Local> = Vec::new();
    for (i, j) in pairs.into_iter().take(MOST_PAIRS) {
        let (a, b) = (&local[i], &local[j]);
        let patch = a.patch.and(&b.patch);
        let Some(trial) = bench.attempt_patch(&patch) else { continue };
        let changes = vec![a.changes[0], b.changes[0]];
        if trial.ratio.is_some_and(is_one) && bench.verify(trial.node) {
            return Some(together(repairs_of(singles, changes), patch));
        }
        if let Some((patch, factor)) = trial.ratio.and_then(|c| scaled(view, &patch, c)) {
            if right(bench, &patch) {
                let mut repairs = repairs_of(singles, changes);
                repairs.push(factor);
                return Some(together(repairs, patch));
            }
        }
        if trial.numbers.len() == given.len() {
            let delta = minus(&trial.numbers, &given);
            both.push(Local { term: a.term, changes, patch, node: trial.node, delta });
        }
    }
    let (residual, scale) = residual(bench)?;
    for a in &both {
        for b in local.iter().filter(|b| b.term != a.term) {
            if let Some(patch) = matching(bench, &residual, scale, &[a, b]) {
                return Some(together(repairs_of(singles, a.changes.iter().chain(&b.changes).copied()), patch));
            }
        }
    }
    let group = group?;
    let columns = Columns::new(bench, &view.outline, group)?;
    let scalars = scalars(bench, view);
    both.iter().find_map(|l| weighed(bench, view, singles, l, group, &columns, &scalars))
}

/// Pairs of plain changes in one term: the first of every kind before the second of any.
fn pairs(singles: &Singles, local: &[Local]) -> Vec<(usize, usize)> {
    let kind = |i: usize| singles.kept[local[i].changes[0]].repair.kind;
    let mut ranked: Vec<(usize, usize, usize)> = Vec::new();
    let terms = local.iter().map(|l| l.term).max().map_or(0, |t| t + 1);
    for term in 0..terms {
        let mut own: Vec<(usize, usize)> = Vec::new();
        for i in (0..local.len()).filter(|i| local[*i].term == term && PLAIN.contains(&kind(*i))) {
            // Another way to write a change that is there already explains nothing more.
            if own.iter().all(|(j, _)| !agree(&local[*j].delta, &local[i].delta)) {
                let rank = own.iter().filter(|(j, _)| kind(*j) == kind(i)).count();
                own.push((i, rank));
            }
        }
        own.retain(|(_, rank)| *rank < MOST_OF_A_KIND_IN_TERM);
        for (n, (i, first)) in own.iter().enumerate() {
            for (j, second) in &own[n + 1..] {
                if local[*i].patch.is_apart_from(&local[*j].patch) {
                    ranked.push((first + second, *i, *j));
                }
            }
        }
    }
    ranked.sort_unstable();
    ranked.into_iter().map(|(_, i, j)| (i, j)).collect()
}

/// Changes in three different terms.
fn in_three_terms(bench: &mut Bench<'_>, singles: &Singles, local: &[Local]) -> Option<Together> {
    let (residual, scale) = residual(bench)?;
    let is_plain = |l: &&Local| PLAIN.contains(&singles.kept[l.changes[0]].repair.kind);
    let plain: Vec<&Local> = local.iter().filter(is_plain).take(MOST_IN_THREES).collect();
    let mut sorted: Vec<&Local> = plain.clone();
    sorted.sort_by(|a, b| a.delta[0].total_cmp(&b.delta[0]));
    for (i, a) in plain.iter().enumerate() {
        for b in plain[i + 1..].iter().filter(|b| b.term != a.term) {
            let missing = residual[0] - a.delta[0] - b.delta[0];
            let from = sorted.partition_point(|c| c.delta[0] < missing - 1e-6 * scale);
            for c in sorted[from..].iter().take_while(|c| c.delta[0] <= missing + 1e-6 * scale) {
                if c.term == a.term || c.term == b.term {
                    continue;
                }
                if let Some(patch) = matching(bench, &residual, scale, &[a, b, c]) {
                    let changes = [a.changes[0], b.changes[0], c.changes[0]];
                    return Some(together(repairs_of(singles, changes), patch));
                }
            }
        }
    }
    None
}

/// The factors put where they fit; and with that the signs and factors of the terms.
fn arranged(bench: &mut Bench<'_>, view: &View<'_>) -> Option<Together> {
    let mut found: Option<Together> = None;
    for a in arrangements(bench, view) {
        let Some(trial) = bench.attempt_patch(&a.patch) else { continue };
        if trial.ratio.is_some_and(is_one) && bench.verify(trial.node) {
            return Some(together(a.repairs, a.patch));
        }
        if found.is_none() {
            found = trial.ratio.and_then(|c| scaled(view, &a.patch, c)).map(|(patch, factor)| {
                let repairs = std::iter::once(factor).chain(a.repairs.iter().cloned()).collect();
                together(repairs, patch)
            });
            found = found.or_else(|| with_weights(bench, view, &a, trial.node)).filter(|t| right(bench, &t.patch));
        }
    }
    found
}

/// An arrangement in which terms have the wrong sign or a wrong number.
fn with_weights(bench: &mut Bench<'_>, view: &View<'_>, a: &Arrangement, node: NodeId) -> Option<Together> {
    let changed = a.patch.apply(view.tree());
    let outline = Outline::new(&changed);
    let group = outline.groups.iter().find(|g| outline.is_linear_in(g.root))?;
    let given = bench.all_numbers(node)?;
    let columns = Columns::of(bench, &outline, group, &given)?;
    let weights = columns.weights(&bench.truth)?;
    let mut other = reweigh(bench, view, &changed, group.root, &weights, &[])?;
    let origin = |id: ExprId| a.origins.iter().find(|o| o.0 == id).map_or(id, |o| o.1);
    for (term, _) in &mut other.numbers {
        (term.signed, term.id) = (origin(term.signed), origin(term.id));
    }
    let patch = a.patch.then(&other.patch);
    let mut repairs = merged(view, group.root, other);
    repairs.extend(a.repairs.iter().cloned());
    Some(together(repairs, patch))
}

/// Changes of factors, tried two by two; of a candidate that does not fit, each change alone says nothing.
fn one_by_one(bench: &mut Bench<'_>, view: &View<'_>, singles: &Singles) -> Option<Together> {
    let outline: &Outline<'_> = &view.outline;
    let local: Vec<&Repair> = singles
        .kept
        .iter()
        .map(|s| &s.repair)
        .filter(|r| {
            matches!(r.kind, "transpose" | "order" | "inverse" | "sign" | "layout") && r.patch.touched().count() <= 3
        })
        .filter(|r| outline.tree.root != r.place || matches!(r.kind, "layout" | "order" | "transpose"))
        .take(MOST_TRIED)
        .collect();
    let mut third: Option<Together> = None;
    for (i, a) in local.iter().enumerate() {
        for b in &local[i + 1..] {
            if bench.trials_left() < KEPT_FOR_ARRANGEMENTS {
                return third.filter(|t| right(bench, &t.patch));
            }
            if !a.patch.is_apart_from(&b.patch) {
                continue;
            }
            let patch = a.patch.and(&b.patch);
            let Some(trial) = bench.attempt_patch(&patch) else { continue };
            if trial.ratio.is_some_and(is_one) && bench.verify(trial.node) {
                return Some(together(vec![(*a).clone(), (*b).clone()], patch));
            }
            if third.is_none() {
                let factor = trial.ratio.and_then(|c| scaled(view, &patch, c));
                third = factor.map(|(patch, factor)| together(vec![(*a).clone(), (*b).clone(), factor], patch));
            }
        }
    }
    third.filter(|t| right(bench, &t.patch))
}
