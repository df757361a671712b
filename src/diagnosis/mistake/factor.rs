//! A constant factor of the whole, of a term, or of a number inside a function.

use crate::diagnosis::bench::{Bench, ratio};
use crate::diagnosis::outline::Term;
use crate::diagnosis::patch::Draft;
use crate::diagnosis::repair::{Example, Mistake, Repair, View};
use crate::diagnosis::weight::{multiplied, recognise, scale, times, weights, whole};
use crate::number::Rational;
use crate::operator::MULTIPLY;
use crate::syntax::Kind;

/// A wrong factor.
pub(super) static FACTOR: Mistake = Mistake {
    name: "wrong factor",
    doc: "The whole or a term is a multiple of what it should be.",
    propose,
    in_pairs: true,
    examples: [
        Example { symbols: "X: m×n", objective: "tr(X'X)", wrt: "X", candidate: "X", kind: "factor" },
        Example {
            symbols: "A: m×n, b: m, x: n, λ:",
            objective: "||A x - b||^2 + λ x'x",
            wrt: "x",
            candidate: "2 A'(A x - b) + λ x",
            kind: "factor",
        },
    ],
    near_miss: Example { symbols: "X: m×n", objective: "tr(X'X)", wrt: "X", candidate: "-2 X", kind: "sign" },
};

fn propose(bench: &mut Bench<'_>, view: &View<'_>) -> Vec<Repair> {
    let mut found = Vec::new();
    let tree = view.tree();
    let Some(given) = bench.given.clone() else { return found };
    if let Some(c) = ratio(&given[0], &bench.truth[0]).and_then(recognise) {
        if c != Rational::ONE && c != Rational::MINUS_ONE {
            let mut draft = Draft::new(tree);
            scale(&mut draft, whole(tree), &c);
            found.push(Repair {
                patch: draft.finish(),
                kind: "factor",
                place: tree.root,
                naming: format!("A constant factor is wrong: the answer is {} times this.", times(&c)),
                pointing: format!("All of `{}` has the same wrong factor.", view.source(tree.root)),
                about: times(&c),
            });
        }
    }
    for group in view.outline.groups.clone() {
        if !view.outline.is_linear_in(group.root) {
            continue;
        }
        let Some(c) = weights(bench, &view.outline, &group) else { continue };
        let Some(c) = c.iter().map(|x| recognise(*x)).collect::<Option<Vec<_>>>() else { continue };
        let wrong: Vec<(Term, &Rational)> =
            group.terms.iter().copied().zip(&c).filter(|(_, c)| **c != Rational::ONE).collect();
        let only_signs = wrong.iter().all(|(_, c)| **c == Rational::MINUS_ONE);
        if wrong.is_empty() || only_signs || wrong.iter().any(|(_, c)| c.is_zero()) {
            continue;
        }
        let mut draft = Draft::new(tree);
        for (term, c) in &wrong {
            scale(&mut draft, *term, c);
        }
        let pointing =
            wrong.iter().map(|(t, c)| format!("{}.", multiplied(&view.source(t.id), c))).collect::<Vec<_>>().join(" ");
        found.push(Repair {
            patch: draft.finish(),
            kind: "factor",
            place: wrong[0].0.signed,
            naming: match wrong.len() {
                1 => "The factor of a term is wrong.".into(),
                n => format!("The factors of {n} terms are wrong."),
            },
            pointing,
            about: wrong
                .iter()
                .map(|(t, c)| format!("{}·{}", times(c), view.plain(t.id)))
                .collect::<Vec<_>>()
                .join(", "),
        });
    }
    numbers(view, &mut found);
    found
}

/// Numbers inside functions, where no weight of a term can be solved for.
fn numbers(view: &View<'_>, found: &mut Vec<Repair>) {
    let tree = view.tree();
    for id in view.outline.nodes.clone() {
        let Kind::Number(n) = tree.kind(id) else { continue };
        if view.outline.is_index(id) || view.outline.is_linear_in(id) {
            continue;
        }
        let choices = [Rational::ONE, n * &Rational::from(2), n * &half(), Rational::from(2)];
        for (i, other) in choices.iter().enumerate().filter(|(_, c)| *c != n) {
            let mut draft = Draft::new(tree);
            let product = view.outline.parent(id).and_then(|p| tree.as_apply(p).map(|a| (p, a)));
            match product {
                Some((p, (op, [a, b]))) if i == 0 && op == &MULTIPLY && *a == id => draft.set(p, tree.kind(*b).clone()),
                _ => draft.set(id, Kind::Number(other.clone())),
            }
            let around = view.outline.parent(id).unwrap_or(id);
            found.push(Repair {
                patch: draft.finish(),
                kind: "factor",
                place: id,
                naming: "A number inside a function is wrong.".into(),
                pointing: format!("In `{}` it has to be {} for {}.", view.source(around), times(other), times(n)),
                about: format!("{} in {}", times(n), view.plain(around)),
            });
        }
    }
}

fn half() -> Rational {
    Rational::new(1, 2).unwrap_or(Rational::ONE)
}
