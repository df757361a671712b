//! A part left out where no weight or factor of a term can make up for it: b for W x + b inside a function.

use crate::diagnosis::bench::Bench;
use crate::diagnosis::patch::Draft;
use crate::diagnosis::repair::{Example, Mistake, Repair, View};
use crate::operator::{ADD, HADAMARD, MULTIPLY, NEGATE};
use crate::syntax::{ExprId, Syntax, Tree, print};

/// A part left out.
pub(super) static MISSING_PART: Mistake = Mistake {
    name: "part left out",
    doc: "Of a formula of the task only a part stands there, for instance inside a function.",
    propose,
    in_pairs: true,
    examples: [
        Example {
            symbols: "W: m×n, x: n, b: m, t: m",
            objective: "||relu(W x + b) - t||^2",
            wrt: "b",
            candidate: "2 (relu(b) - t) .* (W x + b > 0)",
            kind: "dropped_term",
        },
        Example {
            symbols: "a: m, X: m×n, b: n",
            objective: "sqrt(a'X b)",
            wrt: "X",
            candidate: "a b'/(2 sqrt(a'X))",
            kind: "factor",
        },
    ],
    near_miss: Example {
        symbols: "W: m×n, x: n, b: m, t: m",
        objective: "||relu(W x + b) - t||^2",
        wrt: "b",
        candidate: "2 (relu(W x - b) - t) .* (W x + b > 0)",
        kind: "sign",
    },
};

fn propose(_: &mut Bench<'_>, view: &View<'_>) -> Vec<Repair> {
    let tree = view.tree();
    let mut found = Vec::new();
    let places = view.outline.operands().filter(|id| !view.outline.is_base(*id));
    for id in places.collect::<Vec<_>>() {
        for piece in view.pieces.iter().filter(|p| contains(&p.tree, tree, id)) {
            let mut draft = Draft::new(tree);
            let whole = draft.graft(&piece.tree, piece.tree.root);
            let kind = draft.kind(whole);
            draft.set(id, kind);
            let is_sum = matches!(piece.tree.as_apply(piece.tree.root), Some((op, _)) if op == &ADD);
            let what = if is_sum { "A term is left out." } else { "A factor is left out." };
            found.push(Repair {
                patch: draft.finish(),
                kind: if is_sum { "dropped_term" } else { "factor" },
                place: id,
                naming: what.into(),
                pointing: format!("`{}` has to be `{}`.", view.source(id), piece.text),
                about: format!("{} for {}", view.plain(id), print(&piece.tree, piece.tree.root, Syntax::Plain)),
            });
        }
    }
    found
}

/// Whether a piece is more than a node, and has it as an operand of its sum or product.
fn contains(piece: &Tree, tree: &Tree, id: ExprId) -> bool {
    let inner = |id: ExprId| match tree.as_apply(id) {
        Some((op, [x])) if op == &NEGATE => *x,
        _ => id,
    };
    let is_part = |p: &ExprId| piece.same(*p, tree, id) || piece.same(*p, tree, inner(id));
    parts(piece, piece.root).iter().skip(1).any(is_part)
}

/// A node, and what it is the sum or the product of.
fn parts(tree: &Tree, id: ExprId) -> Vec<ExprId> {
    let mut all = vec![id];
    if let Some((op, of)) = tree.as_apply(id) {
        if [&ADD, &MULTIPLY, &HADAMARD, &NEGATE].contains(&op) {
            all.extend(of.iter().flat_map(|o| parts(tree, *o)));
        }
    }
    all
}
