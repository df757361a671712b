//! Sums written without brackets: `Σ_i a_i + b_i`, where the index stands in the terms after the sum too and means
//! nothing there unless the sum goes on over them.

use super::session::Session;
use super::side::{Hint, Reading};
use super::walk::Side;
use crate::operator;
use crate::syntax::{ExprId, Kind, Name, Tree};
use crate::text::Span;

impl Session {
    /// A side whose sums go on over the terms after them, where its index letters fit the other side only then.
    pub(super) fn summed_on(&mut self, known: &[Reading], side: &Side, hint: &Hint) -> Option<Side> {
        let fits = |r: &Reading| known.iter().any(|k| r.letters.iter().all(|l| k.letters.iter().any(|x| x.0 == l.0)));
        let tree = side.tree.as_ref()?;
        if known.is_empty() || side.readings.is_empty() || side.readings.iter().any(fits) {
            return None;
        }
        let mut wide = tree.clone();
        let root = wide.root;
        if !extend(&mut wide, root) {
            return None;
        }
        let mut readings = self.readings(&wide, hint).0;
        readings.retain(fits);
        if readings.is_empty() {
            return None;
        }
        self.note("the sum is read as going on over the terms after it".into());
        Some(Side { tree: Some(wide), readings })
    }
}

/// Draws terms in which the index of a sum before them is free into that sum; whether there were any.
fn extend(tree: &mut Tree, id: ExprId) -> bool {
    let mut any = false;
    for child in tree.children(id) {
        any |= extend(tree, child);
    }
    let Some((op, [left, right])) = tree.as_apply(id) else { return any };
    if *op != operator::ADD {
        return any;
    }
    let (left, right) = (*left, *right);
    let free = letters(tree, right);
    let Some(sum) = last_sum(tree, left) else { return any };
    let Kind::Sum { binders, body } = tree.kind(sum).clone() else { return any };
    if !binders.iter().any(|b| free.contains(&b.letter)) {
        return any;
    }
    let span: Span = tree.span(body).to(tree.span(right));
    let body = tree.apply(&operator::ADD, [body, right], span);
    tree.set_kind(sum, Kind::Sum { binders, body });
    let whole = tree.kind(left).clone();
    tree.set_kind(id, whole);
    true
}

/// The sum that a term ends with.
fn last_sum(tree: &Tree, id: ExprId) -> Option<ExprId> {
    if matches!(tree.kind(id), Kind::Sum { .. }) {
        return Some(id);
    }
    let (op, arguments) = tree.as_apply(id)?;
    let ends = [&operator::NEGATE, &operator::MULTIPLY, &operator::ADD].contains(&op);
    arguments.last().filter(|_| ends).and_then(|a| last_sum(tree, *a))
}

/// The letters that stand as indices and are not bound within the expression, as often as they stand there.
pub(super) fn letters(tree: &Tree, id: ExprId) -> Vec<Name> {
    let mut out = Vec::new();
    free_letters(tree, id, &mut Vec::new(), &mut out);
    out
}

fn free_letters(tree: &Tree, id: ExprId, bound: &mut Vec<Name>, out: &mut Vec<Name>) {
    let before = bound.len();
    if let Kind::Sum { binders, .. } = tree.kind(id) {
        bound.extend(binders.iter().map(|b| b.letter.clone()));
    }
    if let Kind::Subscript { indices, .. } = tree.kind(id) {
        for i in indices {
            if let Kind::Symbol(name) = tree.kind(*i)
                && !bound.contains(name)
            {
                out.push(name.clone());
            }
        }
    }
    for child in tree.children(id) {
        free_letters(tree, child, bound, out);
    }
    bound.truncate(before);
}
