//! A constant factor of the whole or of a term; terms merged under one factor; a weight that is a scalar of the task.

use crate::diagnosis::bench::{Bench, ratio};
use crate::diagnosis::outline::Term;
use crate::diagnosis::patch::Draft;
use crate::diagnosis::repair::{Example, Mistake, Repair, View};
use crate::diagnosis::weight::{recognise, scale, weights, weights_by_point, whole, without};
use crate::number::Rational;
use crate::operator::MULTIPLY;
use crate::shape::Surroundings;
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

/// Terms merged.
pub(super) static MERGED: Mistake = Mistake {
    name: "terms merged under a wrong common factor",
    doc: "Terms stand under one factor that they do not have in common, or a term lacks a scalar factor.",
    propose: merged,
    in_pairs: false,
    examples: [
        Example {
            symbols: "a: n, b: n, w: n, λ:",
            objective: "λ a'w + 2 b'w",
            wrt: "w",
            candidate: "2 λ (a + b)",
            kind: "factor",
        },
        Example {
            symbols: "A: m×n, b: m, x: n, λ:, μ:",
            objective: "λ/2 ||A x - b||^2 + μ/2 x'x",
            wrt: "x",
            candidate: "λ (A'(A x - b) + x)",
            kind: "factor",
        },
    ],
    near_miss: Example {
        symbols: "a: n, b: n, w: n, λ:",
        objective: "λ a'w + 2 b'w",
        wrt: "w",
        candidate: "λ a - 2 b",
        kind: "sign",
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
    numbers(view, &mut found);
    found
}

/// Terms under a common factor, of which each would need another one: 2λ(a + b) for λa + 2b.
fn merged(bench: &mut Bench<'_>, view: &View<'_>) -> Vec<Repair> {
    let mut found = Vec::new();
    let around = Surroundings::default();
    let mut scalars: Vec<(String, Vec<f64>)> = Vec::new();
    for piece in &view.pieces {
        let Some(value) = bench.value_as(&piece.tree, &around).filter(|v| v.is_scalar() && v.free.is_empty()) else {
            continue;
        };
        let Some(numbers) = bench.all_numbers(value.node) else { continue };
        if numbers.len() > 1 && !near(numbers[0][0], numbers[1][0]) {
            scalars.push((piece.text.clone(), numbers.concat()));
        }
    }
    let groups: Vec<_> = view.outline.groups.iter().filter(|g| view.outline.is_linear_in(g.root)).cloned().collect();
    for group in groups {
        let Some(weights) = weights_by_point(bench, &view.outline, &group) else { continue };
        let words: Option<Vec<Option<String>>> = (0..group.terms.len())
            .map(|i| {
                let at: Vec<f64> = weights.iter().map(|w| w[i]).collect();
                named_weight(&at, &scalars)
            })
            .collect();
        let Some(words) = words.filter(|w| w.iter().any(Option::is_some)) else { continue };
        let tree = view.tree();
        let mut draft = Draft::new(tree);
        let truth = draft.graft(&view.truth, view.truth.root);
        let kind = draft.kind(truth);
        draft.set(tree.root, kind);
        let needs: Vec<String> = group
            .terms
            .iter()
            .zip(&words)
            .filter_map(|(t, w)| w.as_ref().map(|w| format!("`{}` has to be taken `{w}` times.", view.source(t.id))))
            .collect();
        found.push(Repair {
            patch: draft.finish(),
            kind: "factor",
            place: group.root,
            naming: match needs.len() {
                1 => "The factor of a term is wrong.".into(),
                _ => "Terms are merged under a factor that they do not have in common.".into(),
            },
            pointing: needs.join(" "),
            about: format!("common factor of {}", view.plain(group.root)),
        });
    }
    found
}

/// A weight in words; nothing inside where it is one, nothing at all where it is not a multiple of a scalar of the task.
fn named_weight(at: &[f64], scalars: &[(String, Vec<f64>)]) -> Option<Option<String>> {
    let same = |values: &[f64]| values.windows(2).all(|w| near(w[0], w[1])).then(|| recognise(values[0])).flatten();
    if let Some(c) = same(at) {
        return (!c.is_zero()).then(|| (!c.is_one()).then(|| times(&c)));
    }
    for (text, numbers) in scalars {
        let quotient: Vec<f64> = at.iter().zip(numbers).map(|(x, s)| x / s).collect();
        let product: Vec<f64> = at.iter().zip(numbers).map(|(x, s)| x * s).collect();
        let front = |c: &Rational| if c.is_one() { String::new() } else { format!("{} ", times(c)) };
        if let Some(c) = same(&quotient).filter(|c| !c.is_zero()) {
            return Some(Some(format!("{}{text}", front(&c))));
        }
        if let Some(c) = same(&product).filter(|c| !c.is_zero()) {
            return Some(Some(format!("{}/({text})", times(&c))));
        }
        for (under, below) in scalars {
            let both: Vec<f64> = quotient.iter().zip(below).map(|(x, s)| x * s).collect();
            if let Some(c) = same(&both).filter(|c| !c.is_zero()) {
                return Some(Some(format!("{}{text}/({under})", front(&c))));
            }
        }
    }
    None
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
