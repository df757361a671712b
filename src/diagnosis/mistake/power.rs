//! An exponent that is one too large or too small, or missing.

use crate::diagnosis::bench::Bench;
use crate::diagnosis::patch::Draft;
use crate::diagnosis::repair::{Example, Mistake, Repair, View};
use crate::number::Rational;
use crate::operator::{ADD, EXP, HADAMARD_POWER, LOG, NEGATE, NORM, NORM_2, NORM_F, POWER, SIGMOID, SQRT, TANH};
use crate::syntax::{ExprId, Kind};

/// A wrong exponent.
pub(super) static EXPONENT: Mistake = Mistake {
    name: "wrong exponent",
    doc: "A power has an exponent that is too large or too small, or a power or root is left out.",
    propose,
    in_pairs: true,
    examples: [
        Example {
            symbols: "x: n, y: n",
            objective: "x'y/norm2(x)",
            wrt: "x",
            candidate: "y/norm2(x) - x'y x/norm2(x)^2",
            kind: "factor",
        },
        Example { symbols: "a: n, x: n", objective: "(a'x)^4", wrt: "x", candidate: "4 (a'x)^2 a", kind: "factor" },
    ],
    near_miss: Example {
        symbols: "a: n, x: n",
        objective: "(a'x)^4",
        wrt: "x",
        candidate: "3 (a'x)^3 a",
        kind: "factor",
    },
};

fn propose(_: &mut Bench<'_>, view: &View<'_>) -> Vec<Repair> {
    let mut found = Vec::new();
    let tree = view.tree();
    let mut add = |draft: Draft<'_>, id: ExprId, naming: &str, pointing: String| {
        found.push(Repair {
            patch: draft.finish(),
            kind: "factor",
            place: id,
            naming: naming.into(),
            pointing,
            about: format!("exponent of {}", view.plain(id)),
        });
    };
    for id in view.outline.operands().collect::<Vec<_>>() {
        let source = view.source(id);
        match tree.as_apply(id) {
            Some((op, [base, exponent])) if op == &POWER || op == &HADAMARD_POWER => {
                for step in [1, -1, 2, -2] {
                    let mut draft = Draft::new(tree);
                    match tree.kind(*exponent) {
                        Kind::Number(n) => {
                            let new = n + &Rational::from(step);
                            if new.is_zero() {
                                continue;
                            }
                            let kind = if new.is_one() {
                                tree.kind(*base).clone()
                            } else {
                                Kind::Apply {
                                    operator: op,
                                    arguments: [*base, draft.push(Kind::Number(new))].into_iter().collect(),
                                }
                            };
                            draft.set(id, kind);
                        }
                        _ => {
                            let one = draft.push(Kind::Number(Rational::from(step.abs())));
                            let one = if step < 0 { draft.apply(&NEGATE, &[one]) } else { one };
                            let old = draft.copy(*exponent);
                            let sum = draft.apply(&ADD, &[old, one]);
                            draft.set_apply(id, op, &[*base, sum]);
                        }
                    }
                    let words = if step > 0 { "larger" } else { "smaller" };
                    add(
                        draft,
                        id,
                        "An exponent is wrong.",
                        format!("The exponent in `{source}` has to be {} {words}.", step.abs()),
                    );
                }
            }
            Some((op, [inner])) if op == &SQRT => {
                let mut draft = Draft::new(tree);
                draft.set(id, tree.kind(*inner).clone());
                add(draft, id, "There is a root too many.", format!("`{source}` has to stand without the root."));
            }
            Some((op, [_])) if [&NORM, &NORM_2, &NORM_F].contains(&op) => {
                for exponent in [2, 3] {
                    let mut draft = Draft::new(tree);
                    let base = draft.copy(id);
                    let exponent_id = draft.push(Kind::Number(Rational::from(exponent)));
                    draft.set_apply(id, &POWER, &[base, exponent_id]);
                    add(
                        draft,
                        id,
                        "A power is missing.",
                        format!("`{source}` has to be raised to the power {exponent}."),
                    );
                }
            }
            // `1 − tanh(z)` for `1 − tanh²(z)`: the square of a function's value or of a name beside other terms.
            _ if is_squared_alone(view, id) => {
                for power in [&POWER, &HADAMARD_POWER] {
                    let mut draft = Draft::new(tree);
                    let base = draft.copy(id);
                    let two = draft.push(Kind::Number(Rational::from(2)));
                    draft.set_apply(id, power, &[base, two]);
                    let words = if power == &POWER { "" } else { ", entry by entry" };
                    add(draft, id, "A square is missing.", format!("`{source}` has to be squared{words}."));
                }
            }
            _ => {}
        }
    }
    found
}

/// Whether a function of one argument or a name is a term of a sum.
fn is_squared_alone(view: &View<'_>, id: ExprId) -> bool {
    let alone = match view.tree().kind(id) {
        Kind::Symbol(_) => true,
        Kind::Apply { operator, arguments } => arguments.len() == 1 && [&TANH, &EXP, &LOG, &SIGMOID].contains(operator),
        _ => false,
    };
    alone && view.outline.parent_op(id).is_some_and(|op| op == &ADD || op == &NEGATE)
}
