//! A defined quantity taken for a constant: the derivative through it is left out.

use crate::diagnosis::bench::{Bench, agree};
use crate::diagnosis::objective::Objective;
use crate::diagnosis::patch::Draft;
use crate::diagnosis::repair::{Example, Mistake, Repair, View};
use crate::number::Rational;
use crate::operator::ADD;
use crate::problem::Ask;
use crate::raise;
use crate::shape::{Body, QuantityId};
use crate::syntax::{Kind, Tree};
use crate::text::Span;
use crate::verdict::integer_name;

/// Definitions that are held fixed, one after the other.
const MOST: usize = 8;
/// A longer term is no help in a sentence; it stands in the repaired formula.
const LONGEST_SHOWN: usize = 120;

/// A definition held fixed.
pub(super) static HELD_FIXED: Mistake = Mistake {
    name: "definition held fixed",
    doc: "A defined quantity depends on the variable too, and the derivative takes it for a constant.",
    propose,
    in_pairs: false,
    examples: [
        Example {
            symbols: "x: n, a: n, s = x'x",
            objective: "s a'x + s^2",
            wrt: "x",
            candidate: "s a",
            kind: "missing_path",
        },
        Example {
            symbols: "x: n, a: n, s = x'x, u = a'x",
            objective: "s u^2",
            wrt: "x",
            candidate: "2 s u a",
            kind: "missing_path",
        },
    ],
    near_miss: Example {
        symbols: "x: n, a: n, s = x'x",
        objective: "s a'x + s^2",
        wrt: "x",
        candidate: "2 s a + 2 x a'x + 4 s x",
        kind: "factor",
    },
};

fn propose(bench: &mut Bench<'_>, view: &View<'_>) -> Vec<Repair> {
    let Some(given) = bench.given.clone().map(|g| g.concat()) else { return Vec::new() };
    if bench.posed.ask == Ask::Identity || bench.posed.by.len() != 1 {
        return Vec::new();
    }
    let defined: Vec<QuantityId> = bench
        .posed
        .scope
        .quantities()
        .filter(|(_, q)| matches!(q.body, Body::Definition(_)) && !q.name.starts_with('\u{1}'))
        .map(|(id, _)| id)
        .take(MOST)
        .collect();
    for id in defined {
        let Some(value) = Objective::held(bench, id) else { continue };
        let Some(node) = bench.align(&value) else { continue };
        let numbers = bench.all_numbers(node).map(|n| n.concat());
        if !numbers.is_some_and(|n| agree(&n, &given) && !agree(&n, &bench.truth.concat())) {
            continue;
        }
        let target = bench.target.clone();
        let missing = bench.posed.store.plus(&target, &Rational::MINUS_ONE, &value);
        let scope = bench.posed.scope.clone();
        let term = raise::raise(&mut bench.posed.store, &|v| integer_name(&scope, v), &missing);
        let tree = view.tree();
        let mut draft = Draft::new(tree);
        let sum = draft.copy(tree.root);
        let added = draft.graft(&term, term.root);
        draft.set_apply(tree.root, &ADD, &[sum, added]);
        let name = &bench.posed.scope.quantity(id).name;
        let mut alone = Tree::new();
        alone.root = alone.push(Kind::Symbol(name.clone()), Span::default());
        let (shown, part) = (view.show(&alone, alone.root), view.show(&term, term.root));
        return vec![Repair {
            patch: draft.finish(),
            kind: "missing_path",
            place: tree.root,
            naming: format!("`{shown}` is taken for a constant, but it depends on the variable too."),
            pointing: if part.len() > LONGEST_SHOWN {
                format!("The derivative through `{shown}` has to be added.")
            } else {
                format!("The derivative through `{shown}` adds `{part}`.")
            },
            about: name.to_string(),
        }];
    }
    Vec::new()
}
