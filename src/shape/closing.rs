//! Sums that leave out an index nobody names, or stop at one: Σ_{i≠j} aᵢᵀaⱼ and Σ_{i<j} aᵢᵀaⱼ run over j as well, unless j stands free on the other side.

use crate::operator::{ADD, MULTIPLY, NEGATE};
use crate::syntax::{Binder, ExprId, Kind, Name, Syntax, Tree, print};

/// The formula in which such sums run over the other index too, and how that is said. Nothing where every letter that a
/// sum leaves out is bound, or is named outside of that sum.
#[must_use]
pub fn close_sums(tree: &Tree, is_named: impl Fn(&Name) -> bool) -> Option<(Tree, Vec<String>)> {
    let mut closed = tree.clone();
    let mut said = Vec::new();
    let mut places: Vec<(ExprId, Name)> = Vec::new();
    let mut bound = Vec::new();
    find(tree, tree.root, &mut bound, &mut places);
    for (place, letter) in places {
        if is_named(&letter) || is_named_in(tree, &letter) {
            continue;
        }
        let span = closed.span(place);
        let kind = closed.kind(place).clone();
        let inner = closed.push(kind, span);
        let binders = [Binder::over(letter.clone(), span)].into_iter().collect();
        let product = matches!(closed.kind(inner), Kind::Product { .. });
        let kind = if product { Kind::Product { binders, body: inner } } else { Kind::Sum { binders, body: inner } };
        closed.set_kind(place, kind);
        said.push(format!("{} runs over {letter} too", print(tree, place, Syntax::Plain)));
    }
    (!said.is_empty()).then_some((closed, said))
}

/// The formula in which Σ_i aᵢ + bᵢ is Σ_i (aᵢ + bᵢ), and how that is said: the sum takes the terms behind it up to the
/// last one with its index, where that index would mean nothing outside.
#[must_use]
pub fn extend_sums(tree: &Tree, is_named: impl Fn(&Name) -> bool) -> Option<(Tree, Vec<String>)> {
    let mut extended = tree.clone();
    let mut said = Vec::new();
    extend(&mut extended, tree.root, &is_named, &mut Vec::new(), &mut said);
    (!said.is_empty()).then_some((extended, said))
}

fn extend(
    tree: &mut Tree,
    id: ExprId,
    is_named: &impl Fn(&Name) -> bool,
    bound: &mut Vec<Name>,
    said: &mut Vec<String>,
) {
    let terms = terms(tree, id);
    if terms.len() > 1 {
        for (k, term) in terms.iter().enumerate() {
            let Some(sum) = trailing_sum(tree, *term) else { continue };
            let open = |l: &&Name| !is_named(l) && !bound.contains(l);
            let letters: Vec<Name> = tree.kind(sum).binders().iter().map(|b| &b.letter).filter(open).cloned().collect();
            let has = |t: &ExprId| letters.iter().any(|l| mentions(tree, *t, l) > 0);
            let Some(last) = terms.iter().rposition(has).filter(|last| *last > k) else { continue };
            let Kind::Sum { binders, body } = tree.kind(sum).clone() else { continue };
            let span = tree.span(body).to(tree.span(terms[last]));
            let body = terms[k + 1..=last].iter().fold(body, |body, t| tree.apply(&ADD, [body, *t], span));
            tree.set_kind(sum, Kind::Sum { binders, body });
            let kept: Vec<ExprId> = terms[..=k].iter().chain(&terms[last + 1..]).copied().collect();
            let whole = tree.span(id);
            let kind = match kept.as_slice() {
                [one] => tree.kind(*one).clone(),
                [first, middle @ .., end] => {
                    let left = middle.iter().fold(*first, |left, t| tree.apply(&ADD, [left, *t], whole));
                    Kind::Apply { operator: &ADD, arguments: [left, *end].into_iter().collect() }
                }
                [] => continue,
            };
            tree.set_kind(id, kind);
            said.push(format!("the sum over {} takes the terms behind it too", letters.join(", ")));
            return;
        }
    }
    let before = bound.len();
    bound.extend(tree.kind(id).binders().iter().map(|b| b.letter.clone()));
    for c in tree.children(id) {
        extend(tree, c, is_named, bound, said);
    }
    bound.truncate(before);
}

/// The terms of a sum without brackets, in order.
fn terms(tree: &Tree, id: ExprId) -> Vec<ExprId> {
    let mut out = Vec::new();
    let mut at = id;
    while let Some((op, &[left, right])) = tree.as_apply(at) {
        // Brackets around a sum widen its span past its first term.
        let bracketed = at != id && tree.span(at).start != tree.span(left).start;
        if op != &ADD || bracketed {
            break;
        }
        out.push(right);
        at = left;
    }
    out.push(at);
    out.reverse();
    out
}

/// The sum that a term ends with, without brackets around it.
fn trailing_sum(tree: &Tree, id: ExprId) -> Option<ExprId> {
    match tree.kind(id) {
        Kind::Sum { body, .. } => (tree.span(id).end == tree.span(*body).end).then_some(id),
        Kind::Apply { operator, arguments } if [&NEGATE, &MULTIPLY].contains(operator) => {
            arguments.last().and_then(|last| trailing_sum(tree, *last))
        }
        _ => None,
    }
}

/// The sums that leave out, or stop at, a letter which no sum around them binds.
fn find(tree: &Tree, id: ExprId, bound: &mut Vec<Name>, out: &mut Vec<(ExprId, Name)>) {
    let before = bound.len();
    let binders = tree.kind(id).binders();
    if !binders.is_empty() {
        for e in binders.iter().flat_map(|b| b.compared.as_ref().map(|c| &c.1).into_iter().chain(&b.except)) {
            if let Kind::Symbol(name) = tree.kind(*e)
                && !bound.contains(name)
                && !binders.iter().any(|b| b.letter == *name)
            {
                out.push((id, name.clone()));
            }
        }
        bound.extend(binders.iter().map(|b| b.letter.clone()));
    }
    for c in tree.children(id) {
        find(tree, c, bound, out);
    }
    bound.truncate(before);
}

/// How often a letter stands in a formula outside of the sums that bind it.
fn mentions(tree: &Tree, id: ExprId, letter: &Name) -> usize {
    if tree.kind(id).binders().iter().any(|b| b.letter == *letter) {
        return 0;
    }
    let own = usize::from(matches!(tree.kind(id), Kind::Symbol(name) if name == letter));
    own + tree.children(id).iter().map(|c| mentions(tree, *c, letter)).sum::<usize>()
}

/// Whether a letter is named in a formula outside of the sums that bind it, leave it out or stop at it.
#[must_use]
pub fn is_named_in(tree: &Tree, letter: &Name) -> bool {
    let mut places = Vec::new();
    find(tree, tree.root, &mut Vec::new(), &mut places);
    let open: usize = places.iter().filter(|p| p.1 == *letter).map(|p| mentions(tree, p.0, letter)).sum();
    mentions(tree, tree.root, letter) > open
}
