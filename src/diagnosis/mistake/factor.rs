//! A constant factor of the whole or of a term; terms merged under one factor; a weight that is a scalar of the task.

use crate::diagnosis::bench::{Bench, ratio};
use crate::diagnosis::outline::Term;
use crate::diagnosis::patch::Draft;
use crate::diagnosis::repair::{Example, Mistake, Repair, View};
use crate::diagnosis::weight::{recognise, scale, weights, whole, without};
use crate::number::Rational;

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

/// A term that should not be there.
pub(super) static EXTRA_TERM: Mistake = Mistake {
    name: "extra term",
    doc: "A term is there that the answer does not have.",
    propose: extra,
    in_pairs: true,
    examples: [
        Example {
            symbols: "A: m×n, b: m, x: n",
            objective: "1/2 ||A x - b||^2",
            wrt: "x",
            candidate: "A'(A x - b) + A'b",
            kind: "extra_term",
        },
        Example {
            symbols: "a: n, b: n, x: n",
            objective: "a'x + b'b",
            wrt: "x",
            candidate: "a + 2 b",
            kind: "extra_term",
        },
    ],
    near_miss: Example {
        symbols: "a: n, b: n, x: n",
        objective: "a'x + b'x",
        wrt: "x",
        candidate: "a + 2 b",
        kind: "factor",
    },
};

fn near(x: f64, y: f64) -> bool {
    (x - y).abs() < 1e-6
}

fn times(c: &Rational) -> String {
    if c.is_integer() { c.to_string() } else { format!("{}/{}", c.parts().0, c.parts().1) }
}

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
        let pointing = wrong
            .iter()
            .map(|(t, c)| format!("`{}` has to be taken {} times.", view.source(t.id), times(c)))
            .collect::<Vec<_>>()
            .join(" ");
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
    found
}

fn extra(bench: &mut Bench<'_>, view: &View<'_>) -> Vec<Repair> {
    let mut found = Vec::new();
    for group in view.outline.groups.clone() {
        let gone: Vec<usize> = if bench.given.is_some() && view.outline.is_linear_in(group.root) {
            let Some(c) = weights(bench, &view.outline, &group) else { continue };
            if !c.iter().all(|x| near(*x, 0.0) || near(*x, 1.0)) {
                continue;
            }
            (0..c.len()).filter(|i| near(c[*i], 0.0)).collect()
        } else {
            Vec::new()
        };
        let choices: Vec<Vec<usize>> = if bench.given.is_some() && view.outline.is_linear_in(group.root) {
            vec![gone]
        } else {
            (0..group.terms.len()).map(|i| vec![i]).collect()
        };
        for gone in choices.iter().filter(|g| !g.is_empty()) {
            let Some(patch) = without(view.tree(), &group, gone) else { continue };
            let texts: Vec<String> = gone.iter().map(|i| format!("`{}`", view.source(group.terms[*i].id))).collect();
            found.push(Repair {
                patch,
                kind: "extra_term",
                place: group.terms[gone[0]].signed,
                naming: "There is a term too many.".into(),
                pointing: format!("{} does not belong to the answer.", texts.join(" and ")),
                about: gone.iter().map(|i| view.plain(group.terms[*i].id)).collect::<Vec<_>>().join(", "),
            });
        }
    }
    found
}
