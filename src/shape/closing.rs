//! Sums that leave out an index nobody names: Σ_{i≠j} aᵢᵀaⱼ runs over j as well, unless j stands free on the other side.

use crate::syntax::{Binder, ExprId, ExprIds, Kind, Name, Syntax, Tree, print};

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
        if is_named(&letter) || mentions(tree, tree.root, &letter) > mentions(tree, place, &letter) {
            continue;
        }
        let span = closed.span(place);
        let kind = closed.kind(place).clone();
        let inner = closed.push(kind, span);
        let binder = Binder { letter: letter.clone(), lower: None, upper: None, except: ExprIds::new(), span };
        closed.set_kind(place, Kind::Sum { binders: [binder].into_iter().collect(), body: inner });
        said.push(format!("{} runs over {letter} too", print(tree, place, Syntax::Plain)));
    }
    (!said.is_empty()).then_some((closed, said))
}

/// The sums that leave out a letter which no sum around them binds.
fn find(tree: &Tree, id: ExprId, bound: &mut Vec<Name>, out: &mut Vec<(ExprId, Name)>) {
    let before = bound.len();
    if let Kind::Sum { binders, .. } = tree.kind(id) {
        for e in binders.iter().flat_map(|b| &b.except) {
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

/// How often a letter stands in a formula.
pub(super) fn mentions(tree: &Tree, id: ExprId, letter: &Name) -> usize {
    let own = usize::from(matches!(tree.kind(id), Kind::Symbol(name) if name == letter));
    own + tree.children(id).iter().map(|c| mentions(tree, *c, letter)).sum::<usize>()
}

/// Whether a letter stands anywhere in a formula.
#[must_use]
pub fn is_mentioned(tree: &Tree, letter: &Name) -> bool {
    mentions(tree, tree.root, letter) > 0
}
