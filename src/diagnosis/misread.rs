//! Misreadings: what is differentiated, or one of its definitions, with one local change.
//!
//! A formula may be the right derivative of something else: of ‖x + W s‖² where the problem has ‖x − W s‖². Each source
//! (the objective and every definition that it uses) is changed in one place, differentiated anew, and compared with
//! what the candidate says by the evidence of a verdict. Where the objective is linear in a sum, a changed term of it is
//! a changed term of the answer and nothing more, so that only sums inside something else are looked at.

use super::bench::{Bench, agree};
use super::objective::Objective;
use super::outline::{Chain, Group, Outline, is};
use super::patch::{Draft, Patch};
use super::weight::{scale, without};
use crate::number::Rational;
use crate::operator::{HADAMARD, HADAMARD_POWER, MULTIPLY, POWER, TRANSPOSE};
use crate::shape::{Body, QuantityId};
use crate::syntax::{ExprId, Kind, Name, Tree};
use crate::tensor::NodeId;

/// Most misreadings that are differentiated.
const MOST: usize = 40;

/// Which changes are tried.
#[derive(Copy, Clone, PartialEq, Eq)]
pub(super) enum Changes {
    /// Signs of terms alone.
    Signs,
    /// Signs, factors left out, transposes, powers left out.
    Parts,
    /// Terms left out.
    Terms,
}

/// A source with one change.
pub(super) struct Misreading {
    /// The contract's kind.
    pub(super) kind: &'static str,
    /// The part as the problem has it.
    pub(super) was: Tree,
    /// The part as it was read.
    pub(super) read: Tree,
    /// The definition that it stands in; nothing for the objective itself.
    pub(super) definition: Option<Name>,
}

/// A change of a source: what is changed, and the part around it that is shown.
struct Change {
    kind: &'static str,
    patch: Patch,
    around: ExprId,
}

/// The misreading whose derivative is that node, with those numbers at the first point.
pub(super) fn find(bench: &mut Bench<'_>, which: Changes, node: NodeId, numbers: &[f64]) -> Option<Misreading> {
    let mut left = MOST;
    for Source { quantity, tree: source, linear } in sources(bench) {
        let outline = Outline::new(&source);
        for change in changes(&outline, which, linear) {
            left = left.checked_sub(1)?;
            let mut other = change.patch.apply(&source);
            let objective = match quantity {
                Some(q) => {
                    let tree = bench.posed.tree.clone();
                    Objective::of(bench, tree, Some((q, &other)))
                }
                None => Objective::of(bench, other.clone(), None),
            };
            let Some(derived) = objective.and_then(|o| o.derivative(bench)) else { continue };
            if !bench.numbers(derived, 0).is_some_and(|n| agree(&n, numbers)) || !bench.are_equal(derived, node) {
                continue;
            }
            let is_objective = |q: &QuantityId| {
                let root = bench.posed.tree.kind(bench.posed.tree.root);
                matches!(root, Kind::Symbol(n) if *n == bench.posed.scope.quantity(*q).name)
            };
            let definition = quantity.filter(|q| !is_objective(q));
            let definition = definition.map(|q| bench.posed.scope.quantity(q).name.clone());
            let mut was = source.clone();
            (was.root, other.root) = (change.around, change.around);
            return Some(Misreading { kind: change.kind, was, read: other, definition });
        }
    }
    None
}

/// A formula that may have been misread.
struct Source {
    /// The definition; nothing for what is differentiated.
    quantity: Option<QuantityId>,
    /// The formula.
    tree: Tree,
    /// Whether the objective is linear in the whole of it.
    linear: bool,
}

/// What is differentiated, and the definitions that it uses, with their formulas.
fn sources(bench: &Bench<'_>) -> Vec<Source> {
    let mut found = vec![Source { quantity: None, tree: bench.posed.tree.clone(), linear: true }];
    let mut at = 0;
    while let Some(source) = found.get(at) {
        let (outline, linear) = (Outline::new(&source.tree), source.linear);
        let mut used: Vec<(Name, bool)> = Vec::new();
        for id in &outline.nodes {
            let Kind::Symbol(name) = source.tree.kind(*id) else { continue };
            let is_linear = linear && outline.is_linear_in(*id);
            match used.iter_mut().find(|u| u.0 == *name) {
                Some(u) => u.1 &= is_linear,
                None => used.push((name.clone(), is_linear)),
            }
        }
        for (id, q) in bench.posed.scope.quantities() {
            let Body::Definition(formula) = &q.body else { continue };
            let Some((_, linear)) = used.iter().find(|u| u.0 == q.name) else { continue };
            match found.iter_mut().find(|f| f.quantity == Some(id)) {
                Some(known) => known.linear &= linear,
                None => found.push(Source { quantity: Some(id), tree: formula.tree.clone(), linear: *linear }),
            }
        }
        at += 1;
    }
    found
}

fn changes(outline: &Outline<'_>, which: Changes, linear: bool) -> Vec<Change> {
    let tree = outline.tree;
    let inner = |id: ExprId| !linear || !outline.is_linear_in(id);
    let groups: Vec<&Group> = outline.groups.iter().filter(|g| inner(g.root)).collect();
    let mut found = Vec::new();
    if which == Changes::Terms {
        for g in &groups {
            for i in 0..g.terms.len() {
                let patch = without(tree, g, &[i]);
                found.extend(patch.map(|patch| Change { kind: "dropped_term", patch, around: g.root }));
            }
        }
        return found;
    }
    for g in &groups {
        // Of x − W s the second term; that the first were subtracted nobody reads.
        for t in g.terms.iter().filter(|t| t.signed != g.terms[0].signed || t.negative) {
            let mut draft = Draft::new(tree);
            scale(&mut draft, *t, &Rational::MINUS_ONE);
            found.push(Change { kind: "sign", patch: draft.finish(), around: g.root });
        }
    }
    if which == Changes::Signs {
        return found;
    }
    let chains = outline.chains.iter().filter(|c| inner(c.root));
    chains.for_each(|c| without_factors(tree, c, &mut found));
    turned(outline, &mut found);
    for id in outline.nodes.iter().filter(|id| inner(**id) && !outline.is_index(**id)) {
        if let Some((_, [base, _])) = tree.as_apply(*id).filter(|(op, _)| *op == &POWER || *op == &HADAMARD_POWER) {
            let mut draft = Draft::new(tree);
            draft.set(*id, tree.kind(*base).clone());
            found.push(Change { kind: "wrong_symbol", patch: draft.finish(), around: *id });
        }
    }
    found
}

/// Each factor of a product left out.
fn without_factors(tree: &Tree, chain: &Chain, found: &mut Vec<Change>) {
    if chain.operator != &MULTIPLY && chain.operator != &HADAMARD {
        return;
    }
    for (i, gone) in chain.factors.iter().enumerate() {
        if matches!(tree.kind(*gone), Kind::Number(_)) {
            continue;
        }
        let mut draft = Draft::new(tree);
        let rest = chain.factors.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, f)| *f);
        let parts: Vec<ExprId> = rest.map(|f| draft.copy(f)).collect();
        let Some(product) = parts.iter().copied().reduce(|a, b| draft.apply(chain.operator, &[a, b])) else { continue };
        let kind = draft.kind(product);
        draft.set(chain.root, kind);
        found.push(Change { kind: "wrong_symbol", patch: draft.finish(), around: chain.root });
    }
}

/// Each symbol transposed, or without its transpose.
fn turned(outline: &Outline<'_>, found: &mut Vec<Change>) {
    let tree = outline.tree;
    for id in outline.operands().filter(|id| matches!(tree.kind(*id), Kind::Symbol(_)) && !outline.is_base(*id)) {
        let place = outline.parent(id).filter(|p| is(tree, *p, &TRANSPOSE)).unwrap_or(id);
        let mut draft = Draft::new(tree);
        draft.transpose(place);
        let around = outline.parent(place).filter(|p| is(tree, *p, &MULTIPLY)).unwrap_or(place);
        found.push(Change { kind: "wrong_symbol", patch: draft.finish(), around });
    }
}
