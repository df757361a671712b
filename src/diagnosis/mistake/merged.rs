//! Terms merged under a factor that they do not have in common: 2λ(a + b) for λa + 2b.

use super::sign::flipped;
use crate::diagnosis::bench::Bench;
use crate::diagnosis::outline::Term;
use crate::diagnosis::patch::Patch;
use crate::diagnosis::repair::{Example, Mistake, Repair, View};
use crate::diagnosis::reweigh::{Reweighed, reweigh, scalars};
use crate::diagnosis::weight::{Columns, multiplied, times};
use crate::number::Rational;
use crate::syntax::ExprId;

/// Terms merged.
pub(super) static MERGED: Mistake = Mistake {
    name: "terms merged under a wrong common factor",
    doc: "Terms stand under one factor that they do not have in common, or a term lacks a scalar factor.",
    propose,
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

fn propose(bench: &mut Bench<'_>, view: &View<'_>) -> Vec<Repair> {
    let mut found = Vec::new();
    let groups: Vec<_> = view.outline.groups.iter().filter(|g| view.outline.is_linear_in(g.root)).cloned().collect();
    let scalars = if groups.is_empty() { Vec::new() } else { scalars(bench, view) };
    for group in groups {
        let columns = Columns::new(bench, &view.outline, &group);
        let Some(weights) = columns.and_then(|c| c.weights(&bench.truth)) else { continue };
        let Some(other) = reweigh(bench, view, view.tree(), group.root, &weights, &scalars) else { continue };
        if !other.are_numbers {
            found.extend(merged(view, group.root, other));
        }
    }
    found
}

/// What is said of a sum whose terms need other weights: of numbers, each is a mistake of its own.
pub(in crate::diagnosis) fn merged(view: &View<'_>, sum: ExprId, other: Reweighed) -> Vec<Repair> {
    if other.are_numbers {
        return other.numbers.iter().map(|(term, c)| weighed(view, *term, c, other.patch.clone())).collect();
    }
    vec![Repair {
        patch: other.patch,
        kind: "factor",
        place: sum,
        naming: match (other.whole, other.wrong) {
            (Some(words), _) => words,
            (None, 1) => "The factor of a term is wrong.".into(),
            _ => "Terms are merged under a factor that they do not have in common.".into(),
        },
        pointing: other.needs,
        about: format!("common factor of {}", view.plain(sum)),
    }]
}

/// A term that has to be taken so many times.
fn weighed(view: &View<'_>, term: Term, c: &Rational, patch: Patch) -> Repair {
    if *c == Rational::MINUS_ONE {
        return Repair {
            patch,
            kind: "sign",
            place: term.signed,
            naming: "The sign of a term is wrong.".into(),
            pointing: flipped(view, term),
            about: view.plain(term.id),
        };
    }
    Repair {
        patch,
        kind: "factor",
        place: term.signed,
        naming: "The factor of a term is wrong.".into(),
        pointing: format!("{}.", multiplied(&view.source(term.id), c)),
        about: format!("{}·{}", times(c), view.plain(term.id)),
    }
}
