//! The chain rule: a derivative taken by an intermediate quantity, or the derivative of one function left out.

use super::missing;
use crate::diagnosis::bench::{Bench, agree};
use crate::diagnosis::objective::Objective;
use crate::diagnosis::outline::Outline;
use crate::diagnosis::patch::Draft;
use crate::diagnosis::repair::{Example, Mistake, Repair, View};
use crate::operator as ops;
use crate::shape::Surroundings;
use crate::syntax::{ExprId, Kind, Syntax, Tree, print};
use crate::tensor::NodeId;

/// A derivative of the chain left out.
pub(super) static CHAIN_RULE: Mistake = Mistake {
    name: "inner derivative missing",
    doc: "The derivative stops at an intermediate quantity, or that of one function in the chain is left out.",
    propose,
    in_pairs: false,
    examples: [
        Example {
            symbols: "A: m×n, x: n, v: m",
            objective: "v'tanh(A x)",
            wrt: "x",
            candidate: "A'v",
            kind: "chain_rule",
        },
        Example {
            symbols: "A: n×n, x: n",
            objective: "exp(x'A x)",
            wrt: "x",
            candidate: "(A + A')x",
            kind: "chain_rule",
        },
    ],
    near_miss: Example {
        symbols: "A: m×n, x: n, b: m",
        objective: "1/2 ||A x - b||^2",
        wrt: "x",
        candidate: "A'A x",
        kind: "dropped_term",
    },
};

/// Most parts of the objective that are looked at.
const MOST_PARTS: usize = 24;

fn propose(bench: &mut Bench<'_>, view: &View<'_>) -> Vec<Repair> {
    let mut found = Vec::new();
    let Some(objective) = Objective::new(bench) else { return found };
    let around = Surroundings { letters: bench.posed.form.letters.clone(), ..Surroundings::default() };
    let Some(value) = bench.value_as(view.tree(), &around) else { return found };
    let Some(given) = bench.numbers(value.node, 0) else { return found };
    let outline = Outline::new(&objective.tree);
    let occurrences = objective.occurrences();
    let parts: Vec<ExprId> = outline
        .nodes
        .iter()
        .copied()
        .filter(|id| *id != objective.tree.root && occurrences.iter().any(|o| outline.is_below(*o, *id)))
        .filter(|id| !matches!(objective.tree.kind(*id), Kind::Subscript { .. }))
        .take(MOST_PARTS)
        .collect();
    // The whole chain after an intermediate quantity is left out.
    for id in &parts {
        let shape = objective.typed.shape(*id);
        let scalar = objective.typed.shape(objective.tree.root).is_scalar();
        if scalar && (shape.rows.is_one() == value.row || shape.cols.is_one() == value.col) {
            continue;
        }
        let Some(by_part) = objective.by_part(bench, *id) else { continue };
        if by_part.row != value.row || by_part.col != value.col || by_part.free != value.free {
            continue;
        }
        if holds(bench, by_part.node, value.node, &given) {
            let part = view.show(&objective.tree, *id);
            let plain = print(&objective.tree, *id, Syntax::Plain);
            let variable = print_name(&objective, view);
            found.push(repaired(
                bench,
                view,
                format!("This is the derivative by `{part}`, not by `{variable}`."),
                format!(
                    "In `{}` the derivative of `{part}` by `{variable}` is missing.",
                    view.source(view.tree().root)
                ),
                plain,
            ));
            return found;
        }
    }
    // The derivative of one function is left out.
    for id in outline.nodes.iter().copied().filter(|id| *id == objective.tree.root || parts.contains(id)) {
        let Some(argument) = argument(&objective.tree, id) else { continue };
        if objective.typed.shape(id) != objective.typed.shape(argument) {
            continue;
        }
        let Some(without) = objective.without_slope(bench, id, argument) else { continue };
        if without.row != value.row || without.col != value.col || without.free != value.free {
            continue;
        }
        if holds(bench, without.node, value.node, &given) {
            let part = view.show(&objective.tree, id);
            let plain = print(&objective.tree, id, Syntax::Plain);
            found.push(repaired(
                bench,
                view,
                format!("The derivative of `{part}` by its argument is left out."),
                format!("It is missing as a factor in `{}`.", view.source(view.tree().root)),
                plain,
            ));
            return found;
        }
    }
    found
}

/// What a function with a slope of its own is applied to.
pub(super) fn argument(tree: &Tree, id: ExprId) -> Option<ExprId> {
    match tree.kind(id) {
        Kind::Apply { operator, arguments }
            if ![
                &ops::NEGATE,
                &ops::TRANSPOSE,
                &ops::ADD,
                &ops::MULTIPLY,
                &ops::HADAMARD,
                &ops::TRACE,
                &ops::SUM,
                &ops::DIVIDE,
            ]
            .contains(operator) =>
        {
            arguments.first().copied()
        }
        Kind::Call { arguments, .. } if arguments.len() == 1 => arguments.first().copied(),
        _ => None,
    }
}

fn print_name(objective: &Objective, view: &View<'_>) -> String {
    objective.occurrences().first().map_or_else(String::new, |o| view.show(&objective.tree, *o))
}

pub(super) fn holds(bench: &mut Bench<'_>, node: NodeId, candidate: NodeId, given: &[f64]) -> bool {
    bench.posed.store.axes(node) == bench.posed.store.axes(candidate)
        && bench.numbers(node, 0).is_some_and(|n| agree(&n, given))
        && bench.are_equal(node, candidate)
}

/// The repair: the missing factor where there is one, or else the derivation as a whole.
fn repaired(bench: &mut Bench<'_>, view: &View<'_>, naming: String, pointing: String, about: String) -> Repair {
    let tree = view.tree();
    let natural = missing::missing(bench, view)
        .into_iter()
        .take(600)
        .find(|r| bench.attempt_patch(&r.patch).is_some_and(|t| t.ratio.is_some_and(|c| (c - 1.0).abs() < 1e-6)));
    let patch = natural.map_or_else(
        || {
            let mut draft = Draft::new(tree);
            let truth = draft.graft(&view.truth, view.truth.root);
            let kind = draft.kind(truth);
            draft.set(tree.root, kind);
            draft.finish()
        },
        |r| r.patch,
    );
    Repair { patch, kind: "chain_rule", place: tree.root, naming, pointing, about }
}
