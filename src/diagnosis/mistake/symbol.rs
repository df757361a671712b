//! A symbol where another one belongs, and two symbols exchanged.

use crate::diagnosis::bench::Bench;
use crate::diagnosis::patch::Draft;
use crate::diagnosis::repair::{Example, Mistake, Repair, View};
use crate::syntax::{ExprId, Kind, Name, Tree};
use crate::text::Span;

/// A wrong symbol.
pub(super) static SYMBOL: Mistake = Mistake {
    name: "wrong symbol",
    doc: "A symbol stands where another belongs, or two symbols are exchanged.",
    propose,
    in_pairs: true,
    examples: [
        Example { symbols: "A: n×n, X: n×n", objective: "tr(A X)", wrt: "X", candidate: "X'", kind: "wrong_symbol" },
        Example {
            symbols: "S: n×n, T: n×n, W: n×m",
            objective: "tr(W'S W) + tr(W'T W)/2",
            wrt: "W",
            candidate: "(S + S') W + 1/2 (T + S') W",
            kind: "wrong_symbol",
        },
    ],
    near_miss: Example { symbols: "A: n×n, X: n×n", objective: "tr(A X)", wrt: "X", candidate: "A", kind: "layout" },
};

fn propose(_: &mut Bench<'_>, view: &View<'_>) -> Vec<Repair> {
    let mut found = Vec::new();
    let tree = view.tree();
    let leaves: Vec<(ExprId, Name)> = view
        .outline
        .nodes
        .iter()
        .filter_map(|id| match tree.kind(*id) {
            Kind::Symbol(name)
                if view.symbols.contains(name) && (!view.outline.is_index(*id) || view.outline.is_base(*id)) =>
            {
                Some((*id, name.clone()))
            }
            _ => None,
        })
        .collect();
    for (id, name) in &leaves {
        for other in view.symbols.iter().filter(|s| *s != name) {
            let mut draft = Draft::new(tree);
            draft.set(*id, Kind::Symbol(other.clone()));
            found.push(one(view, draft, *id, name, other, false));
        }
    }
    for (n, (id, name)) in leaves.iter().enumerate() {
        let is_first = leaves[..n].iter().all(|l| l.1 != *name);
        let all: Vec<ExprId> = leaves.iter().filter(|l| l.1 == *name).map(|l| l.0).collect();
        if !is_first {
            continue;
        }
        for other in view.symbols.iter().filter(|s| *s != name) {
            let others: Vec<ExprId> = leaves.iter().filter(|l| l.1 == *other).map(|l| l.0).collect();
            if all.len() > 1 {
                let mut draft = Draft::new(tree);
                all.iter().for_each(|id| draft.set(*id, Kind::Symbol(other.clone())));
                found.push(one(view, draft, *id, name, other, true));
            }
            if !others.is_empty() && name < other {
                let mut draft = Draft::new(tree);
                all.iter().for_each(|id| draft.set(*id, Kind::Symbol(other.clone())));
                others.iter().for_each(|id| draft.set(*id, Kind::Symbol(name.clone())));
                found.push(exchanged(view, draft, *id, name, other));
            }
        }
        // One occurrence of each.
        for a in &all {
            for (b, other) in leaves.iter().filter(|l| l.1 > *name) {
                let mut draft = Draft::new(tree);
                draft.exchange(*a, *b);
                found.push(exchanged(view, draft, *a, name, other));
            }
        }
    }
    found
}

/// A name as it is written in the candidate's notation.
fn written(view: &View<'_>, name: &Name) -> String {
    let mut tree = Tree::new();
    tree.root = tree.push(Kind::Symbol(name.clone()), Span::default());
    view.show(&tree, tree.root)
}

fn one(view: &View<'_>, draft: Draft<'_>, id: ExprId, name: &Name, other: &Name, all: bool) -> Repair {
    let (was, should) = (view.source(id), written(view, other));
    let around = view.outline.parent(id).unwrap_or(id);
    Repair {
        patch: draft.finish(),
        kind: "wrong_symbol",
        place: id,
        naming: format!("`{was}` stands where `{should}` belongs."),
        pointing: match all {
            true => format!("Every `{was}` has to be `{should}`."),
            false => format!("In `{}` it has to be `{should}`.", view.source(around)),
        },
        about: format!("{name} for {other}"),
    }
}

fn exchanged(view: &View<'_>, draft: Draft<'_>, id: ExprId, name: &Name, other: &Name) -> Repair {
    let (a, b) = (written(view, name), written(view, other));
    Repair {
        patch: draft.finish(),
        kind: "wrong_symbol",
        place: id,
        naming: format!("`{a}` and `{b}` are exchanged."),
        pointing: format!("Beginning with this `{}`, one has to stand where the other does.", view.source(id)),
        about: format!("{name} <> {other}"),
    }
}
