//! The sign of a term, of several terms, or of the whole.

use crate::diagnosis::bench::{Bench, ratio};
use crate::diagnosis::outline::Term;
use crate::diagnosis::patch::{Draft, Patch};
use crate::diagnosis::repair::{Example, Mistake, Repair, View};
use crate::diagnosis::weight::{scale, weights, whole};
use crate::number::Rational;
use crate::operator::{GREATER, GREATER_EQUAL, LESS, LESS_EQUAL};

/// A wrong sign.
pub(super) static SIGN: Mistake = Mistake {
    name: "wrong sign",
    doc: "A term is added that has to be subtracted, or the other way round.",
    propose,
    in_pairs: true,
    examples: [
        Example {
            symbols: "X: m×n, y: m, w: n",
            objective: "1/2 ||y - X w||^2",
            wrt: "w",
            candidate: "X'(y - X w)",
            kind: "sign",
        },
        Example {
            symbols: "S: n×n, u: n, λ:",
            objective: "u'S u + u'S'u - λ u'u",
            wrt: "u",
            candidate: "2 S u + 2 S'u + 2 λ u",
            kind: "sign",
        },
    ],
    near_miss: Example {
        symbols: "X: m×n, y: m, w: n",
        objective: "1/2 ||y - X w||^2",
        wrt: "w",
        candidate: "-2 X'(y - X w)",
        kind: "factor",
    },
};

fn propose(bench: &mut Bench<'_>, view: &View<'_>) -> Vec<Repair> {
    let mut found = Vec::new();
    let tree = view.tree();
    let mut flip = |terms: &[Term], naming: String, pointing: String| {
        let mut draft = Draft::new(tree);
        for t in terms {
            scale(&mut draft, *t, &Rational::MINUS_ONE);
        }
        found.push(Repair {
            patch: draft.finish(),
            kind: "sign",
            place: terms[0].signed,
            naming,
            pointing,
            about: terms.iter().map(|t| view.plain(t.id)).collect::<Vec<_>>().join(", "),
        });
    };
    let say = |term: &Term| flipped(view, *term);
    let given = bench.given.clone();
    let is_negative =
        given.as_ref().is_some_and(|g| ratio(&g[0], &bench.truth[0]).is_some_and(|c| (c + 1.0).abs() < 1e-6));
    let all = whole(tree);
    // A difference taken the wrong way round is the nearest cause of a wrong sign of the whole.
    if is_negative {
        let difference = view.outline.groups.iter().find(|g| {
            let is_number = |t: &Term| matches!(tree.kind(t.id), crate::syntax::Kind::Number(_));
            g.terms.len() == 2
                && g.terms[0].negative != g.terms[1].negative
                && view.outline.is_linear_in(g.root)
                && !g.terms.iter().any(is_number)
                // (x − μ)(x − μ)ᵀ is no such case.
                && view.outline.twins(g.root).len() < 2
        });
        let exchanged = difference.map(|g| {
            let mut draft = Draft::new(tree);
            draft.exchange(g.terms[0].id, g.terms[1].id);
            (g, draft.finish())
        });
        // Beside another term the sign of all is not that of the difference.
        let is_right = |bench: &mut Bench<'_>, patch: &Patch| {
            bench.attempt_patch(patch).is_some_and(|t| t.ratio.is_some_and(|c| (c - 1.0).abs() < 1e-6))
        };
        if let Some((g, patch)) = exchanged.filter(|(_, patch)| is_right(bench, patch)) {
            found.push(Repair {
                patch,
                kind: "sign",
                place: g.root,
                naming: "The sign of the whole is wrong.".into(),
                pointing: format!("The difference `{}` is taken the wrong way round.", view.source(g.root)),
                about: "whole".into(),
            });
            return found;
        }
        let terms = view.outline.groups.iter().find(|g| g.root == tree.root).map(|g| g.terms.clone());
        flip(
            &terms.unwrap_or_else(|| vec![all]),
            "The sign of the whole is wrong.".into(),
            format!("`{}` has to be taken with the opposite sign.", view.source(tree.root)),
        );
        if let Some(r) = found.last_mut() {
            (r.about, r.place) = ("whole".into(), tree.root);
        }
        return found;
    }
    let groups: Vec<_> = view.outline.groups.clone();
    for group in &groups {
        if given.is_some() && view.outline.is_linear_in(group.root) {
            let Some(c) = weights(bench, &view.outline, group) else { continue };
            let minus = |x: &f64| (x + 1.0).abs() < 1e-6;
            let wrong: Vec<Term> = group.terms.iter().zip(&c).filter(|(_, x)| minus(x)).map(|(t, _)| *t).collect();
            if wrong.is_empty() || !c.iter().all(|x| minus(x) || (x - 1.0).abs() < 1e-6) {
                continue;
            }
            let naming = match wrong.len() {
                1 => "The sign of a term is wrong.".to_owned(),
                n => format!("The signs of {n} terms are wrong."),
            };
            flip(&wrong, naming, wrong.iter().map(say).collect::<Vec<_>>().join(" "));
        } else {
            for term in &group.terms {
                flip(&[*term], "The sign of a term is wrong.".into(), say(term));
            }
        }
    }
    if given.is_none() {
        flip(
            &[all],
            "The sign of the whole is wrong.".into(),
            format!("`{}` has to be taken with the opposite sign.", view.source(tree.root)),
        );
    }
    // Signs of what stands inside a function: exp(−x), and the direction of a comparison.
    for id in view.outline.nodes.clone() {
        let Some((op, arguments)) = tree.as_apply(id) else { continue };
        let turned =
            [(&GREATER, &LESS), (&LESS, &GREATER), (&GREATER_EQUAL, &LESS_EQUAL), (&LESS_EQUAL, &GREATER_EQUAL)];
        if let Some((_, other)) = turned.iter().find(|(o, _)| *o == op) {
            let mut draft = Draft::new(tree);
            draft.set_apply(id, other, arguments);
            found.push(Repair {
                patch: draft.finish(),
                kind: "sign",
                place: id,
                naming: "A comparison goes the wrong way.".into(),
                pointing: format!("`{}` has to be turned round.", view.source(id)),
                about: view.plain(id),
            });
        }
        if let [x] = arguments {
            let inner = whole_of(view, *x);
            if !view.outline.is_linear_in(*x) && !view.outline.is_index(*x) {
                let mut draft = Draft::new(tree);
                scale(&mut draft, inner, &Rational::MINUS_ONE);
                found.push(Repair {
                    patch: draft.finish(),
                    kind: "sign",
                    place: *x,
                    naming: "The sign inside a function is wrong.".into(),
                    pointing: format!("`{}` has to have the opposite sign.", view.source(*x)),
                    about: view.plain(*x),
                });
            }
        }
    }
    found
}

/// The sign of each term inside a sum changed, whether or not that alone makes it right.
pub(in crate::diagnosis) fn each_term(view: &View<'_>) -> Vec<Repair> {
    let terms = view.outline.groups.iter().flat_map(|g| &g.terms);
    terms
        .map(|t| {
            let mut draft = Draft::new(view.tree());
            scale(&mut draft, *t, &Rational::MINUS_ONE);
            Repair {
                patch: draft.finish(),
                kind: "sign",
                place: t.signed,
                naming: "The sign of a term is wrong.".into(),
                pointing: flipped(view, *t),
                about: view.plain(t.id),
            }
        })
        .collect()
}

/// What a term with the wrong sign needs.
pub(super) fn flipped(view: &View<'_>, term: Term) -> String {
    match term.negative {
        true => format!("`{}` is subtracted here and has to be added.", view.source(term.id)),
        false => format!("`{}` is added here and has to be subtracted.", view.source(term.id)),
    }
}

fn whole_of(view: &View<'_>, id: crate::syntax::ExprId) -> Term {
    match view.tree().as_apply(id) {
        Some((op, [inner])) if op == &crate::operator::NEGATE => Term { signed: id, id: *inner, negative: true },
        _ => Term { signed: id, id, negative: false },
    }
}
