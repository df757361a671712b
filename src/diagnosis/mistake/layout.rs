//! The answer in the other convention.

use crate::diagnosis::bench::Bench;
use crate::diagnosis::patch::{Draft, Patch};
use crate::diagnosis::repair::{Example, Mistake, Repair, View};
use crate::operator::{ADD, DIAG, DIVIDE, HADAMARD, IDENTITY, MULTIPLY, NEGATE, TRANSPOSE};
use crate::shape::Surroundings;
use crate::syntax::{ExprId, Tree};

/// The whole answer transposed.
pub(super) static LAYOUT: Mistake = Mistake {
    name: "the other layout",
    doc: "The whole is the transpose of the answer: right in the other convention.",
    propose,
    in_pairs: true,
    examples: [
        Example { symbols: "A: n×m, X: m×n", objective: "tr(A X)", wrt: "X", candidate: "A", kind: "layout" },
        Example { symbols: "a: n, x: n", objective: "a'x", wrt: "x", candidate: "a'", kind: "layout" },
    ],
    near_miss: Example { symbols: "A: n×n, x: n", objective: "x'A x", wrt: "x", candidate: "2 A x", kind: "factor" },
};

fn propose(bench: &mut Bench<'_>, view: &View<'_>) -> Vec<Repair> {
    let tree = view.tree();
    let mut draft = Draft::new(tree);
    draft.transpose(tree.root);
    let whole = draft.finish();
    let repair = |patch| Repair {
        patch,
        kind: "layout",
        place: tree.root,
        naming: "This is the answer in the transposed convention.".into(),
        pointing: format!("`{}` is the transpose of what is asked.", view.source(tree.root)),
        about: "whole".into(),
    };
    let right = |bench: &mut Bench<'_>, patch: &Patch| {
        bench.attempt_patch(patch).is_some_and(|t| t.ratio.is_some_and(|c| (c - 1.0).abs() < 1e-6))
    };
    let mut found = Vec::new();
    if right(bench, &whole) {
        // Where it is right, it is written as a person would: a bᵀ and not (b aᵀ)ᵀ.
        let mut draft = Draft::new(tree);
        let turned = turned(bench, view, &mut draft, tree.root);
        let kind = draft.kind(turned);
        draft.set(tree.root, kind);
        let patch = draft.finish();
        found.extend(right(bench, &patch).then(|| repair(patch)));
    }
    found.push(repair(whole));
    found
}

/// The transpose of a part, with sums and products taken apart.
fn turned(bench: &mut Bench<'_>, view: &View<'_>, draft: &mut Draft<'_>, id: ExprId) -> ExprId {
    let tree = view.tree();
    if is_scalar(bench, tree, id) {
        return id;
    }
    match tree.as_apply(id) {
        Some((op, [x])) if op == &TRANSPOSE => *x,
        Some((op, _)) if op == &IDENTITY || op == &DIAG => id,
        Some((op, [x])) if op == &NEGATE => {
            let inner = turned(bench, view, draft, *x);
            draft.apply(&NEGATE, &[inner])
        }
        Some((op, [a, b])) if op == &ADD || op == &HADAMARD => {
            let (a, b) = (turned(bench, view, draft, *a), turned(bench, view, draft, *b));
            draft.apply(op, &[a, b])
        }
        Some((op, [a, b])) if op == &DIVIDE => {
            let over = turned(bench, view, draft, *a);
            draft.apply(&DIVIDE, &[over, *b])
        }
        Some((op, [_, _])) if op == &MULTIPLY => {
            let chain = view.outline.chains.iter().find(|c| c.root == id && c.operator == &MULTIPLY);
            let Some(chain) = chain else { return transposed(draft, id) };
            let (scalars, others): (Vec<ExprId>, Vec<ExprId>) =
                chain.factors.iter().partition(|f| is_scalar(bench, tree, **f));
            let mut factors = scalars;
            for f in others.iter().rev() {
                factors.push(turned(bench, view, draft, *f));
            }
            factors.into_iter().reduce(|a, b| draft.apply(&MULTIPLY, &[a, b])).unwrap_or(id)
        }
        _ => transposed(draft, id),
    }
}

/// The transpose of a copy, since the node itself may come to hold it.
fn transposed(draft: &mut Draft<'_>, id: ExprId) -> ExprId {
    let inner = draft.copy(id);
    draft.apply(&TRANSPOSE, &[inner])
}

fn is_scalar(bench: &mut Bench<'_>, tree: &Tree, id: ExprId) -> bool {
    let mut part = tree.clone();
    part.root = id;
    let around = Surroundings { letters: bench.posed.form.letters.clone(), ..Surroundings::default() };
    bench.value_as(&part, &around).is_some_and(|v| v.is_scalar())
}
