//! The derivative through only some of the occurrences of the variable, or through one of them counted twice.

use crate::diagnosis::bench::Bench;
use crate::diagnosis::objective::Objective;
use crate::diagnosis::outline::{Outline, is};
use crate::diagnosis::patch::Draft;
use crate::diagnosis::repair::{Example, Mistake, Repair, View};
use crate::diagnosis::weight::{recognise, scale, solve, whole};
use crate::number::Rational;
use crate::operator::{ADD, TRANSPOSE};
use crate::raise;
use crate::syntax::{ExprId, Syntax, print};
use crate::verdict::integer_name;

/// A path left out.
pub(super) static MISSING_PATH: Mistake = Mistake {
    name: "missing path",
    doc: "The variable occurs several times, and the derivative is taken through only some of the occurrences.",
    propose,
    in_pairs: false,
    examples: [
        Example {
            symbols: "W: m×n, x: n",
            objective: "1/2 ||W'W x - x||^2",
            wrt: "W",
            candidate: "W x (W'W x - x)'",
            kind: "missing_path",
        },
        Example {
            symbols: "A: n×n, x: n, b: n",
            objective: "exp(x'A x + b'x)",
            wrt: "x",
            candidate: "exp(x'A x + b'x) (A'x + b)",
            kind: "missing_path",
        },
    ],
    near_miss: Example {
        symbols: "A: n×n, x: n, b: n",
        objective: "x'A x + b'x",
        wrt: "x",
        candidate: "A'x + A x",
        kind: "dropped_term",
    },
};

/// A larger part is no help to find a place by.
const LARGEST_SHOWN: usize = 12;

fn propose(bench: &mut Bench<'_>, view: &View<'_>) -> Vec<Repair> {
    explain(bench, view).map(|found| found.0).into_iter().collect()
}

/// The path that is missing, and whether all occurrences stand inside one function (a norm, an inverse, an exponential),
/// so that the path is the cause and not only a term of the product rule.
pub(super) fn explain(bench: &mut Bench<'_>, view: &View<'_>) -> Option<(Repair, bool)> {
    let given = bench.given.clone()?;
    let objective = Objective::new(bench)?;
    let occurrences = objective.occurrences();
    if !(2..=8).contains(&occurrences.len()) {
        return None;
    }
    let mut values = Vec::new();
    let mut columns = Vec::new();
    for o in &occurrences {
        let value = objective.through(bench, *o)?;
        let numbers = bench.align(&value).and_then(|n| bench.all_numbers(n))?;
        values.push(value);
        columns.push(numbers.concat());
    }
    let total: Vec<f64> = (0..columns[0].len()).map(|k| columns.iter().map(|c| c[k]).sum()).collect();
    if !crate::diagnosis::bench::agree(&total, &bench.truth.concat()) {
        return None;
    }
    let given = given.concat();
    let weights = solve(&columns, &given).or_else(|| subset(&columns, &given));
    let weights = weights.and_then(|w| w.iter().map(|x| recognise(*x)).collect::<Option<Vec<_>>>())?;
    let kept: Vec<&Rational> = weights.iter().filter(|w| !w.is_zero()).collect();
    let weight = kept.first().copied().cloned()?;
    if kept.len() == weights.len() || kept.iter().any(|w| **w != weight) {
        return None;
    }
    let missing: Vec<usize> = (0..weights.len()).filter(|i| weights[*i].is_zero()).collect();
    let mut left_out = values[missing[0]].clone();
    for i in &missing[1..] {
        left_out = bench.posed.store.plus(&left_out, &Rational::ONE, &values[*i]);
    }
    let scope = bench.posed.scope.clone();
    let term = raise::raise(&mut bench.posed.store, &|v| integer_name(&scope, v), &left_out);
    let tree = view.tree();
    let mut draft = Draft::new(tree);
    if let Some(c) = weight.recip().filter(|c| !c.is_one()) {
        scale(&mut draft, whole(tree), &c);
    }
    let sum = draft.copy(tree.root);
    let added = draft.graft(&term, term.root);
    draft.set_apply(tree.root, &ADD, &[sum, added]);
    let patch = draft.finish();

    let outline = Outline::new(&objective.tree);
    let name = |i: &usize| view.show(&objective.tree, described(&outline, occurrences[*i]));
    let plain = |i: &usize| print(&objective.tree, described(&outline, occurrences[*i]), Syntax::Plain);
    let present: Vec<usize> = (0..weights.len()).filter(|i| !missing.contains(i)).collect();
    // Where two occurrences look the same, each is told by what it stands in.
    let placed = |i: &usize| {
        let (shown, own) = (name(i), described(&outline, occurrences[*i]));
        let twins: Vec<ExprId> =
            (0..occurrences.len()).filter(|j| j != i && name(j) == shown).map(|j| occurrences[j]).collect();
        let ancestors = std::iter::successors(outline.parent(own), |p| outline.parent(*p));
        let alone = ancestors.take_while(|p| !twins.iter().any(|t| outline.is_below(*t, *p)));
        let alone = alone.filter(|p| outline.size(*p) <= LARGEST_SHOWN).last();
        match alone.filter(|_| !twins.is_empty()) {
            Some(part) => format!("the `{shown}` of `{}`", view.show(&objective.tree, part)),
            None if !twins.is_empty() && missing.contains(i) => format!("another `{shown}`"),
            None => format!("`{shown}`"),
        }
    };
    let list = |of: &[usize]| {
        let mut texts: Vec<String> = of.iter().map(placed).collect();
        texts.dedup();
        texts.join(" and ")
    };
    let about = missing.iter().map(plain).collect::<Vec<_>>().join(", ");
    let part = view.show(&term, term.root);
    let repair = if weight.is_one() {
        let same = list(&present) == list(&missing);
        Repair {
            patch,
            kind: "missing_path",
            place: tree.root,
            naming: match same {
                true => format!(
                    "`{}` occurs {} times, and the derivative is taken through only {}.",
                    name(&missing[0]),
                    weights.len(),
                    if present.len() == 1 { "one of them".to_owned() } else { format!("{} of them", present.len()) }
                ),
                false => {
                    format!("The derivative is taken through {} but not through {}.", list(&present), list(&missing))
                }
            },
            pointing: format!("The path that is missing adds `{part}` to `{}`.", view.source(tree.root)),
            about,
        }
    } else {
        Repair {
            patch,
            kind: "factor",
            place: tree.root,
            naming: format!("Terms that differ are taken as equal and merged under the factor {weight}."),
            pointing: format!(
                "`{}` counts the derivative through {} {weight} times; through {} it is `{part}`.",
                view.source(tree.root),
                list(&present),
                list(&missing)
            ),
            about: format!("merged {about}"),
        }
    };
    let inside = std::iter::successors(outline.parent(occurrences[0]), |p| outline.parent(*p))
        .find(|p| occurrences.iter().all(|o| outline.is_below(*o, *p)))
        .is_some_and(|p| !outline.is_linear_in(p));
    Some((repair, inside))
}

/// Which occurrences add up to the candidate, where the derivatives through them depend on each other.
fn subset(columns: &[Vec<f64>], given: &[f64]) -> Option<Vec<f64>> {
    let n = columns.len().min(8);
    (1..(1usize << n) - 1).map(|s| (0..n).map(|i| f64::from(u8::from(s >> i & 1 == 1))).collect::<Vec<_>>()).find(|w| {
        let sum: Vec<f64> = (0..given.len()).map(|k| columns.iter().zip(w).map(|(c, w)| c[k] * w).sum()).collect();
        crate::diagnosis::bench::agree(&sum, given)
    })
}

/// An occurrence with its transpose or index.
fn described(outline: &Outline<'_>, id: ExprId) -> ExprId {
    let mut shown = id;
    while let Some(p) = outline.parent(shown) {
        if !(outline.is_base(shown) || is(outline.tree, p, &TRANSPOSE)) {
            break;
        }
        shown = p;
    }
    shown
}
