//! A factor that is missing.

use crate::diagnosis::bench::Bench;
use crate::diagnosis::outline::is;
use crate::diagnosis::patch::Draft;
use crate::diagnosis::repair::{Example, Mistake, Repair, View};
use crate::diagnosis::weight::put_scalar;
use crate::operator::{HADAMARD, INVERSE, MULTIPLY, TRANSPOSE};
use crate::shape::Surroundings;
use crate::syntax::{ExprId, Kind, Syntax, Tree, print};

/// A factor left out.
pub(super) static MISSING_FACTOR: Mistake = Mistake {
    name: "factor missing",
    doc: "A factor of the answer is left out.",
    propose,
    in_pairs: false,
    examples: [
        Example {
            symbols: "A: m×n, b: m, x: n, α:",
            objective: "α/2 ||A x - b||^2",
            wrt: "x",
            candidate: "A'(A x - b)",
            kind: "factor",
        },
        Example {
            symbols: "v: m, W: m×n, x: n", objective: "v'W x", wrt: "W[a,b]", candidate: "x[b]", kind: "factor"
        },
    ],
    near_miss: Example {
        symbols: "A: m×n, b: m, x: n",
        objective: "||A x - b||^2",
        wrt: "x",
        candidate: "A'(A x - b)",
        kind: "factor",
    },
};

fn propose(bench: &mut Bench<'_>, view: &View<'_>) -> Vec<Repair> {
    let mut found = missing(bench, view);
    found.extend(on_both_sides(view));
    found
}

/// An inverse that is missing on both sides of a product: x yᵀ for K⁻¹ x yᵀ K⁻¹.
fn on_both_sides(view: &View<'_>) -> Vec<Repair> {
    let tree = view.tree();
    let mut found = Vec::new();
    let is_inverse = |t: &Tree| match t.as_apply(t.root) {
        Some((op, [x])) if op == &TRANSPOSE => is(t, *x, &INVERSE),
        Some((op, _)) => op == &INVERSE,
        None => false,
    };
    for chain in view.outline.chains.iter().filter(|c| c.operator == &MULTIPLY) {
        let mut own = chain.factors.iter().filter(|f| !matches!(tree.kind(**f), Kind::Number(_)));
        let (Some(first), Some(last)) = (own.next(), own.next_back()) else { continue };
        for piece in view.pieces.iter().filter(|p| is_inverse(&p.tree)) {
            let mut draft = Draft::new(tree);
            for (place, in_front) in [(*first, true), (*last, false)] {
                let inner = draft.copy(place);
                let factor = draft.graft(&piece.tree, piece.tree.root);
                let parts = if in_front { [factor, inner] } else { [inner, factor] };
                draft.set_apply(place, &MULTIPLY, &parts);
            }
            found.push(Repair {
                patch: draft.finish(),
                kind: "inverse",
                place: chain.root,
                naming: format!("The factor `{}` is missing on both sides.", piece.text),
                pointing: format!("It belongs in front of and behind `{}`.", view.between(*first, *last)),
                about: print(&piece.tree, piece.tree.root, Syntax::Plain),
            });
        }
    }
    found
}

pub(super) fn missing(bench: &mut Bench<'_>, view: &View<'_>) -> Vec<Repair> {
    let tree = view.tree();
    let mut found = Vec::new();
    let around = Surroundings { letters: bench.posed.form.letters.clone(), ..Surroundings::default() };
    let places: Vec<ExprId> = view
        .outline
        .operands()
        .filter(|id| {
            !view.outline.is_base(*id) && view.outline.is_factor(*id) && !is(tree, *id, &crate::operator::NEGATE)
        })
        .collect();
    for piece in &view.pieces {
        let scalar = bench.value_as(&piece.tree, &around).is_some_and(|v| v.is_scalar());
        for id in &places {
            let in_product = view.outline.parent_op(*id).is_some_and(|op| op == &MULTIPLY);
            if scalar && (in_product || is_inner(view, *id)) {
                continue;
            }
            let is_right = in_product
                && view.outline.parent(*id).and_then(|p| tree.as_apply(p)).is_some_and(|(_, a)| a.get(1) == Some(id));
            let forms: &[(crate::operator::Op, bool)] = match (scalar, is_right) {
                (true, _) => &[(&MULTIPLY, true)],
                (false, true) => &[(&HADAMARD, false)],
                (false, false) => &[(&MULTIPLY, true), (&MULTIPLY, false), (&HADAMARD, false)],
            };
            for (op, front) in forms {
                // In front of a product only its first factor is reached, behind it the product so far.
                if !scalar && *front && is(tree, *id, &MULTIPLY) {
                    continue;
                }
                let mut draft = Draft::new(tree);
                let inner = if scalar { *id } else { draft.copy(*id) };
                let factor = draft.graft(&piece.tree, piece.tree.root);
                let arguments = if *front { [factor, inner] } else { [inner, factor] };
                match scalar {
                    true => put_scalar(&mut draft, *id, factor),
                    false => draft.set_apply(*id, op, &arguments),
                }
                let inverse = is(&piece.tree, piece.tree.root, &INVERSE);
                found.push(Repair {
                    patch: draft.finish(),
                    kind: if inverse { "inverse" } else { "factor" },
                    place: *id,
                    naming: format!("The factor `{}` is missing.", piece.text),
                    pointing: format!(
                        "It belongs {} `{}`{}.",
                        if *front { "in front of" } else { "behind" },
                        view.source(*id),
                        if *op == &HADAMARD { ", entry by entry" } else { "" }
                    ),
                    about: print(&piece.tree, piece.tree.root, Syntax::Plain),
                });
            }
        }
    }
    found
}

/// Whether a scalar factor would stand inside a matrix or function rather than before a term.
fn is_inner(view: &View<'_>, id: ExprId) -> bool {
    match view.outline.parent(id) {
        None => false,
        Some(p) => match view.tree().kind(p) {
            Kind::Sum { .. } => false,
            Kind::Apply { operator, .. } => ![&crate::operator::ADD, &crate::operator::NEGATE].contains(operator),
            _ => true,
        },
    }
}
