//! Terms taken as equal that differ: 2 A x for A x + Aᵀx, k Aᵀ Xᵏ⁻¹ for a sum over the places of A.

use crate::diagnosis::bench::{Bench, ratio};
use crate::diagnosis::patch::Draft;
use crate::diagnosis::repair::{Example, Mistake, Repair, View};
use crate::diagnosis::weight::recognise;
use crate::number::Rational;
use crate::operator::{ADD, MULTIPLY, NEGATE};
use crate::syntax::{ExprId, Kind, Name, Syntax, Tree, print};
use crate::text::Span;

/// Terms taken as equal.
pub(super) static EQUATED: Mistake = Mistake {
    name: "terms taken as equal",
    doc: "Terms that differ, often only in the order of factors, are taken as equal and counted.",
    propose,
    in_pairs: false,
    examples: [
        Example {
            symbols: "A: n×n, X: n×n",
            objective: "tr(A X X X)",
            wrt: "X",
            candidate: "3 (X X A)'",
            kind: "factor",
        },
        Example { symbols: "A: n×n, X: n×n", objective: "tr(A X X)", wrt: "X", candidate: "2 X'A'", kind: "factor" },
    ],
    near_miss: Example {
        symbols: "A: n×n, X: n×n",
        objective: "tr(A X X)",
        wrt: "X",
        candidate: "X'A'",
        kind: "dropped_term",
    },
};

fn propose(bench: &mut Bench<'_>, view: &View<'_>) -> Vec<Repair> {
    let Some(given) = bench.given.clone() else { return Vec::new() };
    let truth = &view.truth;
    let mut terms: Vec<(Tree, String)> = Vec::new();
    match truth.kind(truth.root) {
        Kind::Sum { binders, body } if binders.len() == 1 => {
            let binder = &binders[0];
            if let (Some(lower), Some(upper), true) = (binder.lower, binder.upper, binder.except.is_empty()) {
                for end in [lower, upper] {
                    terms.push(counted(truth, *body, &binder.letter, end, lower, upper));
                }
            }
        }
        _ => {
            let mut parts = Vec::new();
            super::term::expand(truth, false, &mut parts);
            if (2..=6).contains(&parts.len()) {
                let count = Rational::from(i64::try_from(parts.len()).unwrap_or(1));
                for mut part in parts {
                    let text = view.show(&part, part.root);
                    let n = part.push(Kind::Number(count.clone()), Span::default());
                    let inner = part.root;
                    part.root = part.apply(&MULTIPLY, [n, inner], Span::default());
                    terms.push((part, text));
                }
            }
        }
    }
    for (tree, text) in terms {
        let Some(node) = bench.node_of(&tree) else { continue };
        let Some(numbers) = bench.all_numbers(node) else { continue };
        let all = ratio(&numbers.concat(), &given.concat()).and_then(recognise);
        if !all.is_some_and(|c| c.is_one()) {
            continue;
        }
        let own = view.tree();
        let mut draft = Draft::new(own);
        let grafted = draft.graft(truth, truth.root);
        let kind = draft.kind(grafted);
        draft.set(own.root, kind);
        return vec![Repair {
            patch: draft.finish(),
            kind: "factor",
            place: own.root,
            naming: "Terms that differ are taken as equal.".into(),
            pointing: match text.is_empty() {
                true => format!("`{}` takes all terms of a sum for equal, but each is another.", view.source(own.root)),
                false => format!("`{}` takes `{text}` for every term, but the others differ.", view.source(own.root)),
            },
            about: format!("equated {}", print(truth, truth.root, Syntax::Plain)),
        }];
    }
    Vec::new()
}

/// A term of a sum over a range times their number, and the term in words where it is printed simply.
fn counted(truth: &Tree, body: ExprId, letter: &Name, at: ExprId, lower: ExprId, upper: ExprId) -> (Tree, String) {
    let mut tree = truth.clone();
    let inside = below(truth, body);
    for id in inside {
        if *truth.kind(id) == Kind::Symbol(letter.clone()) {
            tree.set_kind(id, truth.kind(at).clone());
        }
    }
    let span = Span::default();
    let one = tree.push(Kind::Number(Rational::ONE), span);
    let less = tree.apply(&NEGATE, [lower], span);
    let length = tree.apply(&ADD, [upper, less], span);
    let count = tree.apply(&ADD, [length, one], span);
    tree.root = tree.apply(&MULTIPLY, [count, body], span);
    (tree, String::new())
}

fn below(tree: &Tree, id: ExprId) -> Vec<ExprId> {
    let mut all = vec![id];
    for c in tree.children(id) {
        all.extend(below(tree, c));
    }
    all
}
