//! A factor kept where differentiation takes it away.

use crate::diagnosis::bench::Bench;
use crate::diagnosis::outline::is;
use crate::diagnosis::patch::Draft;
use crate::diagnosis::repair::{Example, Mistake, Repair, View};
use crate::syntax::{ExprId, Kind, Name};

/// A factor too many.
pub(super) static KEPT_FACTOR: Mistake = Mistake {
    name: "factor kept",
    doc: "A factor stands in the answer that differentiation takes away.",
    propose: kept,
    in_pairs: true,
    examples: [
        Example {
            symbols: "A: n×m, X: m×n",
            objective: "tr(A X)",
            wrt: "X[i,j]",
            candidate: "A[j,i] X[i,j]",
            kind: "factor",
        },
        Example {
            symbols: "a: n, b: n, x: n",
            objective: "(a'b) (b'x)",
            wrt: "x",
            candidate: "(a'b) (a'b) b",
            kind: "factor",
        },
    ],
    near_miss: Example {
        symbols: "a: n, b: n, x: n",
        objective: "a'x + b'b",
        wrt: "x",
        candidate: "a + b",
        kind: "extra_term",
    },
};

pub(super) fn kept(bench: &mut Bench<'_>, view: &View<'_>) -> Vec<Repair> {
    let tree = view.tree();
    let mut found = Vec::new();
    let variables: Vec<Name> =
        bench.posed.by.iter().map(|by| bench.posed.scope.quantity(by.quantity).name.clone()).collect();
    let is_variable = |id: ExprId| match tree.kind(id) {
        Kind::Symbol(name) => variables.contains(name),
        Kind::Subscript { base, .. } => matches!(tree.kind(*base), Kind::Symbol(name) if variables.contains(name)),
        _ => false,
    };
    for chain in &view.outline.chains {
        for id in chain_nodes(view, chain.root, chain.operator) {
            let Some((_, [a, b])) = tree.as_apply(id) else { continue };
            for (gone, stays) in [(*b, *a), (*a, *b)] {
                if matches!(tree.kind(gone), Kind::Number(_)) {
                    continue;
                }
                let mut draft = Draft::new(tree);
                draft.set(id, tree.kind(stays).clone());
                found.push(Repair {
                    patch: draft.finish(),
                    kind: "factor",
                    place: gone,
                    naming: match is_variable(gone) {
                        true => format!("`{}` is kept, but differentiating by it takes it away.", view.source(gone)),
                        false => "There is a factor too many.".into(),
                    },
                    pointing: format!("In `{}` the factor `{}` has to go.", view.source(chain.root), view.source(gone)),
                    about: view.plain(gone),
                });
            }
        }
    }
    found
}

/// The nodes of a chain of products.
fn chain_nodes(view: &View<'_>, root: ExprId, operator: crate::operator::Op) -> Vec<ExprId> {
    let tree = view.tree();
    let below = |id: &ExprId| *id == root || view.outline.is_below(*id, root);
    let mut nodes: Vec<ExprId> =
        view.outline.nodes.iter().copied().filter(|id| is(tree, *id, operator) && below(id)).collect();
    nodes.retain(|id| {
        std::iter::successors(Some(*id), |i| view.outline.parent(*i))
            .take_while(|i| *i != root)
            .all(|i| is(tree, i, operator))
    });
    nodes
}
