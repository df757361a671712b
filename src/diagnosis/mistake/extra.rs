//! A term that should not be there.

use crate::diagnosis::bench::Bench;
use crate::diagnosis::repair::{Example, Mistake, Repair, View};
use crate::diagnosis::weight::{weights, without};

/// A term that should not be there.
pub(super) static EXTRA_TERM: Mistake = Mistake {
    name: "extra term",
    doc: "A term is there that the answer does not have.",
    propose,
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

fn propose(bench: &mut Bench<'_>, view: &View<'_>) -> Vec<Repair> {
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
