//! A term that was left out.

use crate::diagnosis::bench::Bench;
use crate::diagnosis::outline::Outline;
use crate::diagnosis::patch::Draft;
use crate::diagnosis::repair::{Example, Mistake, Repair, View};
use crate::diagnosis::weight::solve;
use crate::operator::{ADD, NEGATE};
use crate::raise;
use crate::syntax::{Kind, Syntax, Tree, print};
use crate::verdict::integer_name;

/// A term left out.
pub(super) static DROPPED_TERM: Mistake = Mistake {
    name: "dropped term",
    doc: "A term of the answer is left out.",
    propose,
    in_pairs: true,
    examples: [
        Example {
            symbols: "A: m×n, b: m, x: n, λ:",
            objective: "1/2 ||A x - b||^2 + λ/2 x'x",
            wrt: "x",
            candidate: "A'(A x - b)",
            kind: "dropped_term",
        },
        Example {
            symbols: "A: m×n, b: m, x: n",
            objective: "1/2 ||A x - b||^2",
            wrt: "x",
            candidate: "A'A x",
            kind: "dropped_term",
        },
    ],
    near_miss: Example {
        symbols: "A: m×n, b: m, x: n",
        objective: "1/2 ||A x - b||^2",
        wrt: "x",
        candidate: "A'A x + A'b",
        kind: "sign",
    },
};

/// More terms than this are not told apart.
const MOST_TERMS: usize = 12;

/// A term left out of a sum inside a product or a function's argument that stands linearly.
pub(super) static DROPPED_INSIDE: Mistake = Mistake {
    name: "dropped term inside a factor",
    doc: "Inside a factor a term is left out: x for x + b.",
    propose: inside,
    in_pairs: false,
    examples: [
        Example {
            symbols: "A: n×n, x: n, b: n",
            objective: "(x + b)'A (x + b)",
            wrt: "x",
            candidate: "(A + A') x",
            kind: "dropped_term",
        },
        Example {
            symbols: "A: n×n, X: n×m, b: m, c: n",
            objective: "(X b + c)'A (X b + c)",
            wrt: "X",
            candidate: "(A + A') X b b'",
            kind: "dropped_term",
        },
    ],
    near_miss: Example {
        symbols: "A: n×n, x: n, b: n",
        objective: "(x + b)'A (x + b)",
        wrt: "x",
        candidate: "A (x + b)",
        kind: "dropped_term",
    },
};

fn inside(_: &mut Bench<'_>, view: &View<'_>) -> Vec<Repair> {
    let tree = view.tree();
    let mut found = Vec::new();
    let is_signed = |id: crate::syntax::ExprId| view.outline.parent_op(id).is_some_and(|op| op == &ADD);
    let places = view.outline.operands().filter(|id| {
        *id != tree.root && view.outline.is_linear_in(*id) && !view.outline.is_base(*id) && !is_signed(*id)
    });
    for id in places.collect::<Vec<_>>() {
        for piece in &view.pieces {
            for negative in [true, false] {
                let mut draft = Draft::new(tree);
                let inner = draft.copy(id);
                let mut added = draft.graft(&piece.tree, piece.tree.root);
                if negative {
                    added = draft.apply(&NEGATE, &[added]);
                }
                draft.set_apply(id, &ADD, &[inner, added]);
                found.push(Repair {
                    patch: draft.finish(),
                    kind: "dropped_term",
                    place: id,
                    naming: "A term is missing inside a factor.".into(),
                    pointing: format!(
                        "From `{}` is missing `{}{}`.",
                        view.source(id),
                        if negative { "−" } else { "" },
                        piece.text
                    ),
                    about: format!("{} in {}", print(&piece.tree, piece.tree.root, Syntax::Plain), view.plain(id)),
                });
            }
        }
    }
    found
}

/// A term left out inside a product of sums.
pub(super) static DROPPED_PART: Mistake = Mistake {
    name: "dropped part of a factor",
    doc: "Inside a factor a term is left out, so that several terms of the answer are missing.",
    propose: |bench, view| proposed(bench, view, true, MOST_TERMS),
    in_pairs: true,
    examples: [
        Example {
            symbols: "S: n×n, T: n×n, W: n×m",
            objective: "tr(W'S W) + tr(W'T W)/2",
            wrt: "W",
            candidate: "T' W/2",
            kind: "dropped_term",
        },
        Example {
            symbols: "A: n×n, x: n, b: n, c: n",
            objective: "(x + b + c)'A (x + b + c)",
            wrt: "x",
            candidate: "(A + A') x",
            kind: "dropped_term",
        },
    ],
    near_miss: Example {
        symbols: "A: n×n, x: n, b: n",
        objective: "(x + b)'A (x + b)",
        wrt: "x",
        candidate: "A (x + b)",
        kind: "dropped_term",
    },
};

fn propose(bench: &mut Bench<'_>, view: &View<'_>) -> Vec<Repair> {
    let mut found = proposed(bench, view, false, MOST_TERMS);
    if found.is_empty() {
        found = proposed(bench, view, true, 1);
    }
    found
}

/// The terms of the truth that are missing, at most so many of them.
fn proposed(bench: &mut Bench<'_>, view: &View<'_>, everywhere: bool, most: usize) -> Vec<Repair> {
    let Some(given) = bench.given.clone() else { return Vec::new() };
    let residual: Vec<f64> = bench.truth.concat().iter().zip(given.concat()).map(|(t, g)| t - g).collect();
    let mut terms = Vec::new();
    expand(&view.truth, everywhere, &mut terms);
    if !(2..=MOST_TERMS).contains(&terms.len()) {
        return Vec::new();
    }
    let mut columns = Vec::new();
    let mut nodes = Vec::new();
    for t in &terms {
        let Some(node) = bench.node_of_term(t) else { return Vec::new() };
        let Some(numbers) = bench.all_numbers(node) else { return Vec::new() };
        // Equal terms count as one.
        if let Some(i) = columns.iter().position(|c: &Vec<f64>| crate::diagnosis::bench::agree(c, &numbers.concat())) {
            nodes[i] = bench.posed.store.add(nodes[i], node);
            columns[i] = bench.all_numbers(nodes[i]).unwrap_or_default().concat();
            continue;
        }
        columns.push(numbers.concat());
        nodes.push(node);
    }
    let Some(missing) = subset(&columns, &residual) else { return Vec::new() };
    if missing.len() == columns.len() || missing.len() > most {
        return Vec::new();
    }
    let scope = bench.posed.scope.clone();
    let mut sum = nodes[missing[0]];
    for i in &missing[1..] {
        sum = bench.posed.store.add(sum, nodes[*i]);
    }
    let value = bench.target.with(sum);
    let formula = raise::raise(&mut bench.posed.store, &|v| integer_name(&scope, v), &value);
    let mut formulas = Vec::new();
    expand(&formula, false, &mut formulas);
    let all: Vec<usize> = (0..formulas.len()).collect();
    vec![dropped(view, &formulas, &all)]
}

/// Which columns add up to the right side, each taken once.
fn subset(columns: &[Vec<f64>], right: &[f64]) -> Option<Vec<usize>> {
    let near = |x: f64, y: f64| (x - y).abs() < 1e-6;
    let exact = solve(columns, right).filter(|c| c.iter().all(|x| near(*x, 0.0) || near(*x, 1.0)));
    if let Some(c) = exact {
        return Some((0..c.len()).filter(|i| near(c[*i], 1.0)).collect::<Vec<_>>()).filter(|m| !m.is_empty());
    }
    // Terms that depend on each other: the fewest that explain it.
    let n = columns.len().min(8);
    let mut choices: Vec<usize> = (1..1usize << n).collect();
    choices.sort_by_key(|s| s.count_ones());
    choices.into_iter().map(|s| (0..n).filter(|i| s >> i & 1 == 1).collect::<Vec<_>>()).find(|chosen| {
        let sum: Vec<f64> = (0..right.len()).map(|k| chosen.iter().map(|i| columns[*i][k]).sum()).collect();
        crate::diagnosis::bench::agree(&sum, right)
    })
}

fn dropped(view: &View<'_>, terms: &[Tree], missing: &[usize]) -> Repair {
    let tree = view.tree();
    let mut draft = Draft::new(tree);
    let mut sum = draft.copy(tree.root);
    for (n, i) in missing.iter().enumerate() {
        let added = draft.graft(&terms[*i], terms[*i].root);
        if n + 1 == missing.len() {
            draft.set_apply(tree.root, &ADD, &[sum, added]);
        } else {
            sum = draft.apply(&ADD, &[sum, added]);
        }
    }
    let added = |i: &usize| {
        let term = &terms[*i];
        match term.as_apply(term.root) {
            Some((op, [inner])) if op == &NEGATE => (view.show(term, *inner), true),
            _ => (view.show(term, term.root), false),
        }
    };
    let is_taken = missing.iter().all(|i| added(i).1);
    let texts: Vec<String> = missing
        .iter()
        .map(|i| match added(i) {
            (text, negative) if negative == is_taken => format!("`{text}`"),
            (text, _) => format!("`-{text}`"),
        })
        .collect();
    let verb = if texts.len() == 1 { "has" } else { "have" };
    let (texts, whole) = (texts.join(" and "), view.source(tree.root));
    Repair {
        patch: draft.finish(),
        kind: "dropped_term",
        place: tree.root,
        naming: match missing.len() {
            1 => "A term is missing.".into(),
            n => format!("{n} terms are missing."),
        },
        pointing: match is_taken {
            true => format!("{texts} {verb} to be subtracted from `{whole}`."),
            false => format!("{texts} {verb} to be added to `{whole}`."),
        },
        about: missing.iter().map(|i| print(&terms[*i], terms[*i].root, Syntax::Plain)).collect::<Vec<_>>().join(", "),
    }
}

/// The terms of a formula: of its outermost sum, or with products of sums multiplied out where that is cheap.
pub(super) fn expand(tree: &Tree, everywhere: bool, terms: &mut Vec<Tree>) {
    if terms.len() > MOST_TERMS {
        return;
    }
    let outline = Outline::new(tree);
    let group =
        outline.groups.iter().find(|g| outline.is_linear_in(g.root) && (everywhere || is_outermost(tree, g.root)));
    let Some(group) = group else {
        terms.push(tree.clone());
        return;
    };
    for term in &group.terms {
        let mut draft = Draft::new(tree);
        let alone = draft.kind(term.signed);
        draft.set(group.root, alone);
        let mut one = draft.finish().apply(tree);
        tidy_sign(&mut one);
        expand(&one, everywhere, terms);
    }
}

fn is_outermost(tree: &Tree, id: crate::syntax::ExprId) -> bool {
    id == tree.root || matches!(tree.as_apply(tree.root), Some((op, [x])) if op == &NEGATE && *x == id)
}

/// Two signs in front cancel.
fn tidy_sign(tree: &mut Tree) {
    let Some((op, [x])) = tree.as_apply(tree.root) else { return };
    if op != &NEGATE {
        return;
    }
    if let Some((inner, [y])) = tree.as_apply(*x) {
        if inner == &NEGATE {
            let kind: Kind = tree.kind(*y).clone();
            tree.set_kind(tree.root, kind);
        }
    }
}
