//! Two sums that are lost, one inside the other: Σᵢ (… Σₖ w_ik H_kb …) w_ia written as (… w_ia H_ab …) w_ia.
//!
//! The outer sum is over a letter that the answer does not have, so that the candidate does not fit before it is there;
//! only with it can the inner one be looked for.

use super::bench::Bench;
use super::mistake::lost_sums;
use super::repair::{Repair, View};
use super::several::{Together, right, together};
use crate::syntax::{Kind, Name};

/// Trials of an inner sum.
const MOST_TRIED: usize = 200;

/// An outer and an inner sum that make it right together.
pub(super) fn search(bench: &mut Bench<'_>, view: &View<'_>) -> Option<Together> {
    let strangers: Vec<Name> = strangers(bench, view);
    let outer: Vec<Repair> = lost_sums(view).into_iter().filter(|r| adds_sum_over(view, r, &strangers)).collect();
    let mut left = MOST_TRIED;
    for first in outer {
        let changed = first.patch.apply(view.tree());
        if bench.node_of(&changed).is_none() {
            continue;
        }
        let inside = View::new(bench, &changed, view.text, view.syntax);
        for second in lost_sums(&inside) {
            left = left.checked_sub(1)?;
            let patch = first.patch.then(&second.patch);
            if right(bench, &patch) {
                return Some(together(vec![first, second], patch));
            }
        }
    }
    None
}

/// The letters of the candidate that are neither bound in it nor the answer's.
fn strangers(bench: &Bench<'_>, view: &View<'_>) -> Vec<Name> {
    let tree = view.tree();
    let mut found: Vec<Name> = Vec::new();
    for id in &view.outline.nodes {
        let Kind::Subscript { indices, .. } = tree.kind(*id) else { continue };
        for index in indices {
            let Kind::Symbol(name) = tree.kind(*index) else { continue };
            let is_known = view.letters.contains(name) || bench.posed.form.letters.iter().any(|l| l.0 == *name);
            if !is_known && !found.contains(name) {
                found.push(name.clone());
            }
        }
    }
    found
}

/// Whether a change is a sum over one of these letters.
fn adds_sum_over(view: &View<'_>, repair: &Repair, letters: &[Name]) -> bool {
    let tree = repair.patch.apply(view.tree());
    let Kind::Sum { binders, .. } = tree.kind(repair.place) else { return false };
    binders.iter().any(|b| letters.contains(&b.letter))
}
