//! The right derivative of something else: the objective or a definition misread in one place.

use crate::diagnosis::alike::alike;
use crate::diagnosis::bench::Bench;
use crate::diagnosis::misread::{Changes, Misreading, find};
use crate::diagnosis::outline::Term;
use crate::diagnosis::patch::{Draft, Patch};
use crate::diagnosis::repair::{Example, Mistake, Repair, View};
use crate::diagnosis::weight::scale;
use crate::number::Rational;
use crate::operator::NEGATE;
use crate::syntax::{ExprId, Syntax, Tree, print};

/// The objective or a definition misread.
pub(super) static MISREAD: Mistake = Mistake {
    name: "objective or definition misread",
    doc: "This is the derivative of an objective that differs from the given one in one place.",
    propose,
    in_pairs: false,
    examples: [
        Example {
            symbols: "W: m×n, x: n, b: m, t: m",
            objective: "1/2 ||sigmoid(W x + b) - t||^2",
            wrt: "W",
            candidate: "((sigmoid(W x - b) - t) .* sigmoid(W x - b) .* (1 - sigmoid(W x - b))) x'",
            kind: "sign",
        },
        Example {
            symbols: "A: m×n, x: n, b: m, α:",
            objective: "||α A x - b||^2",
            wrt: "x",
            candidate: "2 A'(A x - b)",
            kind: "wrong_symbol",
        },
    ],
    near_miss: Example {
        symbols: "A: m×n, x: n, b: m",
        objective: "||A x - b||^2",
        wrt: "x",
        candidate: "2 A'A x",
        kind: "dropped_term",
    },
};

/// A term overlooked in the objective or in a definition.
pub(super) static OVERLOOKED: Mistake = Mistake {
    name: "objective or definition read without a term",
    doc: "This is the derivative of an objective in which a term is left out.",
    propose: |bench, view| reading(bench, view, Changes::Terms),
    in_pairs: false,
    examples: [
        Example {
            symbols: "W: m×n, x: n, b: m, t: m",
            objective: "1/2 ||sigmoid(W x + b) - t||^2",
            wrt: "W",
            candidate: "((sigmoid(W x) - t) .* sigmoid(W x) .* (1 - sigmoid(W x))) x'",
            kind: "dropped_term",
        },
        Example {
            symbols: "W: m×n, x: n, b: m, t: m",
            objective: "||relu(W x + b) - t||^2",
            wrt: "W",
            candidate: "2 ((relu(W x) - t) .* (W x > 0)) x'",
            kind: "dropped_term",
        },
    ],
    near_miss: Example {
        symbols: "W: m×n, x: n, b: m, t: m",
        objective: "||relu(W x + b) - t||^2",
        wrt: "W",
        candidate: "2 ((relu(W x - b) - t) .* (W x - b > 0)) x'",
        kind: "sign",
    },
};

fn propose(bench: &mut Bench<'_>, view: &View<'_>) -> Vec<Repair> {
    reading(bench, view, Changes::Parts)
}

fn reading(bench: &mut Bench<'_>, view: &View<'_>, which: Changes) -> Vec<Repair> {
    let Some(given) = bench.given.as_ref().and_then(|g| g.first()).cloned() else { return Vec::new() };
    let Some(node) = bench.node_of(view.tree()) else { return Vec::new() };
    let Some(found) = find(bench, which, node, &given) else { return Vec::new() };
    let (read, was) = (view.show(&found.read, found.read.root), view.show(&found.was, found.was.root));
    let (patch, place, pointing) = match replaced(bench, view, &found) {
        Some((patch, place, 1)) => (patch, place, format!("`{read}` has to be `{was}`.")),
        Some((patch, place, _)) => (patch, place, format!("Every `{read}` has to be `{was}`.")),
        None => {
            let mut draft = Draft::new(view.tree());
            let truth = draft.graft(&view.truth, view.truth.root);
            let kind = draft.kind(truth);
            draft.set(view.tree().root, kind);
            let root = view.tree().root;
            (draft.finish(), root, format!("`{}` is right for `{read}`.", view.source(root)))
        }
    };
    vec![Repair { patch, kind: found.kind, place, naming: named(&found, view, false), pointing, about: about(&found) }]
}

/// What is said of a misreading; `beside` other mistakes it is what is left when they are made good.
fn named(found: &Misreading, view: &View<'_>, beside: bool) -> String {
    let (read, was) = (view.show(&found.read, found.read.root), view.show(&found.was, found.was.root));
    let first = if beside { "Apart from the rest this" } else { "This" };
    match &found.definition {
        Some(name) => format!(
            "{first} is the derivative with `{read}` in the definition of {name}, where the problem has `{was}`."
        ),
        None => format!("{first} is the derivative of an objective with `{read}`, where the problem has `{was}`."),
    }
}

/// The misreading for statistics.
fn about(found: &Misreading) -> String {
    let plain = |tree: &Tree| print(tree, tree.root, Syntax::Plain);
    format!("{} for {}", plain(&found.read), plain(&found.was))
}

/// The misread part replaced wherever it stands in the candidate, where that makes it right: the change, the first
/// place, and how many there are.
fn replaced(bench: &mut Bench<'_>, view: &View<'_>, found: &Misreading) -> Option<(Patch, ExprId, usize)> {
    let tree = view.tree();
    let places: Vec<ExprId> = view
        .outline
        .nodes
        .iter()
        .copied()
        .filter(|id| alike(tree, *id, &found.read, found.read.root) && !view.outline.is_index(*id))
        .collect();
    let first = *places.first()?;
    let mut draft = Draft::new(tree);
    for place in &places {
        let part = draft.graft(&found.was, found.was.root);
        let kind = draft.kind(part);
        draft.set(*place, kind);
    }
    let patch = draft.finish();
    let trial = bench.attempt_patch(&patch)?;
    trial.ratio.is_some_and(|c| (c - 1.0).abs() < 1e-6).then_some((patch, first, places.len()))
}

/// Wrong signs said as misreadings, where everything else made right leaves the derivative of the misread objective.
pub(in crate::diagnosis) fn reread(bench: &mut Bench<'_>, view: &View<'_>, repairs: &mut [Repair], patch: &Patch) {
    let beside = repairs.len() > 1;
    for repair in repairs.iter_mut().filter(|r| r.kind == "sign" && r.place != view.tree().root) {
        let mut tree = patch.apply(view.tree());
        if beside {
            // Only this one is taken back.
            let place = repair.place;
            let term = match tree.as_apply(place) {
                Some((op, [inner])) if op == &NEGATE => Term { signed: place, id: *inner, negative: true },
                _ => Term { signed: place, id: place, negative: false },
            };
            let mut draft = Draft::new(&tree);
            scale(&mut draft, term, &Rational::MINUS_ONE);
            tree = draft.finish().apply(&tree);
        } else {
            tree = view.tree().clone();
        }
        let Some(node) = bench.node_of(&tree) else { continue };
        let Some(numbers) = bench.numbers(node, 0) else { continue };
        if let Some(found) = find(bench, Changes::Signs, node, &numbers) {
            repair.naming = named(&found, view, beside);
            repair.about = about(&found);
        }
    }
}
