//! A transpose missing or one too many: of a factor, of a group, of every occurrence.

use crate::diagnosis::bench::Bench;
use crate::diagnosis::outline::is;
use crate::diagnosis::patch::Draft;
use crate::diagnosis::repair::{Example, Mistake, Repair, View};
use crate::operator::{MULTIPLY, TRANSPOSE};
use crate::syntax::{ExprId, Kind};

/// A wrong transpose.
pub(super) static TRANSPOSED: Mistake = Mistake {
    name: "wrong transpose",
    doc: "A factor or a group stands transposed where it should not, or the other way round.",
    propose,
    in_pairs: true,
    examples: [
        Example {
            symbols: "X: m×n, y: m, w: n",
            objective: "||y - X w||^2",
            wrt: "w",
            candidate: "2 X(X w - y)",
            kind: "transpose",
        },
        Example {
            symbols: "A: n×n, B: n×n, X: n×n",
            objective: "tr(A X B)",
            wrt: "X",
            candidate: "A'B",
            kind: "transpose",
        },
    ],
    near_miss: Example {
        symbols: "A: n×n, B: n×n, X: n×n",
        objective: "tr(A X B)",
        wrt: "X",
        candidate: "B'A'",
        kind: "order",
    },
};

fn propose(_: &mut Bench<'_>, view: &View<'_>) -> Vec<Repair> {
    let mut found = Vec::new();
    let tree = view.tree();
    let mut nodes: Vec<ExprId> = view.outline.operands().filter(|id| may_turn(view, *id)).collect();
    nodes.sort_by_key(|id| view.outline.size(*id));
    every_element(view, &mut found);
    for id in &nodes {
        let mut draft = Draft::new(tree);
        turn(&mut draft, *id);
        found.push(one(view, draft, *id));
    }
    // Every occurrence of the same factor.
    for (n, id) in nodes.iter().enumerate() {
        let twins: Vec<ExprId> = view.outline.twins(*id).into_iter().filter(|t| nodes.contains(t)).collect();
        if twins.len() > 1 && twins.iter().all(|t| nodes[..n].iter().all(|o| o != t)) {
            let mut draft = Draft::new(tree);
            twins.iter().for_each(|t| turn(&mut draft, *t));
            let mut r = one(view, draft, *id);
            r.pointing = format!("Each `{}` has to stand {}.", view.source(*id), turned_words(view, *id));
            found.push(r);
        }
    }
    every_symbol(view, &mut found);
    // The transpose stands on the wrong one of two factors: x xᵀ for xᵀx, A D Aᵀ for AᵀD A.
    for chain in view.outline.chains.iter().filter(|c| c.operator == &MULTIPLY) {
        for (i, a) in chain.factors.iter().enumerate() {
            for b in &chain.factors[i + 1..] {
                let bare = |id: ExprId| match tree.as_apply(id) {
                    Some((op, [x])) if op == &TRANSPOSE => *x,
                    _ => id,
                };
                if is(tree, *a, &TRANSPOSE) == is(tree, *b, &TRANSPOSE) || !nodes.contains(a) || !nodes.contains(b) {
                    continue;
                }
                let mut draft = Draft::new(tree);
                draft.transpose(*a);
                draft.transpose(*b);
                let same = tree.same(bare(*a), tree, bare(*b));
                found.push(Repair {
                    patch: draft.finish(),
                    kind: "transpose",
                    place: chain.root,
                    naming: "The transpose is on the wrong factor.".into(),
                    pointing: match same {
                        true => format!(
                            "In `{}` the first factor and not the last, or the last and not the first, is transposed.",
                            view.source(chain.root)
                        ),
                        false => format!(
                            "In `{}` it is the other one of `{}` and `{}` that is transposed.",
                            view.source(chain.root),
                            view.source(*a),
                            view.source(*b)
                        ),
                    },
                    about: format!("{} | {}", view.plain(*a), view.plain(*b)),
                });
            }
        }
        // A pair of factors inside a longer product, as a group.
        for pair in chain.factors.windows(2) {
            let mut draft = Draft::new(tree);
            draft.exchange(pair[0], pair[1]);
            draft.transpose(pair[0]);
            draft.transpose(pair[1]);
            found.push(Repair {
                patch: draft.finish(),
                kind: "transpose",
                place: chain.root,
                naming: "A product stands transposed.".into(),
                pointing: format!("`{}` has to be transposed.", view.between(pair[0], pair[1])),
                about: format!("{} {}", view.plain(pair[0]), view.plain(pair[1])),
            });
        }
    }
    found
}

/// Whether a node may be transposed: not below a transpose, which is turned itself, and not a sign's or a number's.
fn may_turn(view: &View<'_>, id: ExprId) -> bool {
    let tree = view.tree();
    !matches!(view.outline.parent_op(id), Some(op) if op == &TRANSPOSE)
        && !view.outline.is_base(id)
        && !is_variable(view, id)
        && match tree.kind(id) {
            Kind::Subscript { indices, .. } => indices.len() == 2 || indices.len() < 2 && id != tree.root,
            _ => id != tree.root,
        }
}

/// Whether a node is what a written derivative is taken by.
fn is_variable(view: &View<'_>, id: ExprId) -> bool {
    let parent = view.outline.parent(id).map(|p| view.tree().kind(p));
    matches!(parent, Some(Kind::Derivative { wrt, .. }) if wrt.contains(&id))
}

/// Transposes a node; of an element, exchanges the indices.
fn turn(draft: &mut Draft<'_>, id: ExprId) {
    match draft.kind(id) {
        Kind::Subscript { base, indices } if indices.len() == 2 => {
            let turned = [indices[1], indices[0]].into_iter().collect();
            draft.set(id, Kind::Subscript { base, indices: turned });
        }
        _ => draft.transpose(id),
    }
}

fn turned_words(view: &View<'_>, id: ExprId) -> &'static str {
    match view.tree().kind(id) {
        Kind::Subscript { indices, .. } if indices.len() == 2 => "with its indices exchanged",
        _ if is(view.tree(), id, &TRANSPOSE) => "without the transpose",
        _ => "transposed",
    }
}

fn one(view: &View<'_>, draft: Draft<'_>, id: ExprId) -> Repair {
    let naming = match view.tree().kind(id) {
        Kind::Subscript { indices, .. } if indices.len() == 2 => "The indices of a factor are exchanged.",
        _ if is(view.tree(), id, &TRANSPOSE) => "There is a transpose too many.",
        _ => "A transpose is missing.",
    };
    Repair {
        patch: draft.finish(),
        kind: "transpose",
        place: id,
        naming: naming.into(),
        pointing: format!("`{}` has to stand {}.", view.source(id), turned_words(view, id)),
        about: view.plain(id),
    }
}

/// Every element of the same matrix with its indices exchanged.
fn every_element(view: &View<'_>, found: &mut Vec<Repair>) {
    let tree = view.tree();
    let elements: Vec<(ExprId, ExprId)> = view
        .outline
        .nodes
        .iter()
        .filter_map(|id| match tree.kind(*id) {
            Kind::Subscript { base, indices } if indices.len() == 2 => Some((*id, *base)),
            _ => None,
        })
        .collect();
    for (n, (id, base)) in elements.iter().enumerate() {
        let same: Vec<ExprId> = elements.iter().filter(|e| tree.same(e.1, tree, *base)).map(|e| e.0).collect();
        if same.len() < 2 || elements[..n].iter().any(|e| tree.same(e.1, tree, *base)) {
            continue;
        }
        let mut draft = Draft::new(tree);
        same.iter().for_each(|e| turn(&mut draft, *e));
        found.push(Repair {
            patch: draft.finish(),
            kind: "transpose",
            place: *id,
            naming: "The indices of a factor are exchanged.".into(),
            pointing: format!("`{}` and the like have to stand with their indices exchanged.", view.source(*id)),
            about: view.plain(*base),
        });
    }
}

/// Every occurrence of a symbol turned, whatever its indices.
fn every_symbol(view: &View<'_>, found: &mut Vec<Repair>) {
    let tree = view.tree();
    for name in &view.symbols {
        let occurrences: Vec<ExprId> = view
            .outline
            .nodes
            .iter()
            .copied()
            .filter(|id| matches!(tree.kind(*id), Kind::Symbol(n) if n == name))
            .map(|id| match view.outline.parent(id) {
                Some(p) if view.outline.is_base(id) || is(tree, p, &TRANSPOSE) => p,
                _ => id,
            })
            .collect();
        if occurrences.len() < 2 || occurrences.iter().all(|o| tree.same(*o, tree, occurrences[0])) {
            continue;
        }
        let mut draft = Draft::new(tree);
        occurrences.iter().for_each(|o| turn(&mut draft, *o));
        let shown = view.source(occurrences[0]);
        found.push(Repair {
            patch: draft.finish(),
            kind: "transpose",
            place: occurrences[0],
            naming: format!("Every {name} stands transposed."),
            pointing: format!("`{shown}` and the other occurrences of {name} have to be turned round."),
            about: name.to_string(),
        });
    }
}
