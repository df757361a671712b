//! The chain rule applied twice: the derivative of a function by its argument stands twice in the answer.

use super::chain::{argument, holds};
use super::kept::kept;
use crate::diagnosis::bench::Bench;
use crate::diagnosis::objective::Objective;
use crate::diagnosis::outline::Outline;
use crate::diagnosis::patch::Draft;
use crate::diagnosis::repair::{Example, Mistake, Repair, View};
use crate::shape::Surroundings;
use crate::syntax::{Syntax, print};

/// A derivative of the chain taken twice.
pub(super) static DOUBLED: Mistake = Mistake {
    name: "inner derivative doubled",
    doc: "The derivative of one function in the chain stands twice.",
    propose,
    in_pairs: false,
    examples: [
        Example {
            symbols: "A: m×n, x: n, v: m",
            objective: "v'tanh(A x)",
            wrt: "x",
            candidate: "A'(v .* (1 - tanh(A x).^2) .* (1 - tanh(A x).^2))",
            kind: "chain_rule",
        },
        Example {
            symbols: "A: n×n, x: n",
            objective: "exp(x'A x)",
            wrt: "x",
            candidate: "exp(x'A x)^2 (A + A')x",
            kind: "chain_rule",
        },
    ],
    near_miss: Example {
        symbols: "A: m×n, x: n, v: m",
        objective: "v'tanh(A x)",
        wrt: "x",
        candidate: "A'(v .* v .* (1 - tanh(A x).^2))",
        kind: "factor",
    },
};

/// Most functions of the objective that are looked at.
const MOST_PARTS: usize = 12;

fn propose(bench: &mut Bench<'_>, view: &View<'_>) -> Vec<Repair> {
    let Some(objective) = Objective::new(bench) else { return Vec::new() };
    let around = Surroundings { letters: bench.posed.form.letters.clone(), ..Surroundings::default() };
    let Some(value) = bench.value_as(view.tree(), &around) else { return Vec::new() };
    let Some(given) = bench.numbers(value.node, 0) else { return Vec::new() };
    let outline = Outline::new(&objective.tree);
    let occurrences = objective.occurrences();
    let depends = |id| occurrences.iter().any(|o| outline.is_below(*o, id));
    for id in outline.nodes.iter().copied().filter(|id| depends(*id)).take(MOST_PARTS) {
        let Some(argument) = argument(&objective.tree, id) else { continue };
        let Some(twice) = objective.with_double_slope(bench, id, argument) else { continue };
        if twice.row != value.row || twice.col != value.col || twice.free != value.free {
            continue;
        }
        if !holds(bench, twice.node, value.node, &given) {
            continue;
        }
        let natural = kept(bench, view)
            .into_iter()
            .find(|r| bench.attempt_patch(&r.patch).is_some_and(|t| t.ratio.is_some_and(|c| (c - 1.0).abs() < 1e-6)));
        let (patch, place) = natural.map_or_else(
            || {
                let mut draft = Draft::new(view.tree());
                let truth = draft.graft(&view.truth, view.truth.root);
                let kind = draft.kind(truth);
                draft.set(view.tree().root, kind);
                (draft.finish(), view.tree().root)
            },
            |r| (r.patch, r.place),
        );
        let part = view.show(&objective.tree, id);
        return vec![Repair {
            patch,
            kind: "chain_rule",
            place,
            naming: format!("The derivative of `{part}` by its argument is taken twice."),
            pointing: format!("It stands once too often in `{}`.", view.source(place)),
            about: format!("twice {}", print(&objective.tree, id, Syntax::Plain)),
        }];
    }
    Vec::new()
}
