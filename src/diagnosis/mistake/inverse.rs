//! An inverse missing or one too many.

use crate::diagnosis::bench::Bench;
use crate::diagnosis::outline::is;
use crate::diagnosis::patch::Draft;
use crate::diagnosis::repair::{Example, Mistake, Repair, View};
use crate::number::Rational;
use crate::operator::{DIVIDE, INVERSE, MULTIPLY, NEGATE, POWER, TRANSPOSE};
use crate::syntax::{ExprId, Kind};

/// A wrong inverse.
pub(super) static INVERTED: Mistake = Mistake {
    name: "wrong inverse",
    doc: "An inverse is missing, or there is one where none belongs.",
    propose,
    in_pairs: true,
    examples: [
        Example { symbols: "X: n×n", objective: "logdet(X)", wrt: "X", candidate: "X'", kind: "inverse" },
        Example {
            symbols: "A: m×n, X: n×p, B: m×p, S: m×m",
            objective: "tr((A X - B)'S (A X - B))",
            wrt: "X",
            candidate: "A'(S + S^-1')(A X - B)",
            kind: "inverse",
        },
    ],
    near_miss: Example { symbols: "X: n×n", objective: "logdet(X)", wrt: "X", candidate: "X^-1", kind: "layout" },
};

fn propose(_: &mut Bench<'_>, view: &View<'_>) -> Vec<Repair> {
    let mut found = Vec::new();
    let tree = view.tree();
    for id in view.outline.operands().collect::<Vec<_>>() {
        // A sign stays in front of the inverse.
        if view.outline.parent_op(id).is_some_and(|op| op == &INVERSE) || is(tree, id, &NEGATE) {
            continue;
        }
        let inverted = invert(view, id);
        found.push(inverted.clone());
        let twins = view.outline.twins(id);
        if twins.len() > 1 && twins[0] == id {
            let mut draft = Draft::new(tree);
            twins.iter().for_each(|t| turn(&mut draft, *t));
            found.push(Repair {
                patch: draft.finish(),
                pointing: inverted.pointing.replacen('`', "each `", 1),
                ..inverted
            });
        }
    }
    // Division for a product with a scalar, and the other way round.
    for id in &view.outline.nodes {
        let Some((op, [a, b])) = tree.as_apply(*id) else { continue };
        let other = if op == &DIVIDE {
            &MULTIPLY
        } else if op == &MULTIPLY {
            &DIVIDE
        } else {
            continue;
        };
        let mut draft = Draft::new(tree);
        draft.set_apply(*id, other, &[*a, *b]);
        found.push(Repair {
            patch: draft.finish(),
            kind: "inverse",
            place: *id,
            naming: if op == &DIVIDE { "There is a division too many." } else { "A division is missing." }.into(),
            pointing: format!(
                "`{}` has to be {}.",
                view.source(*id),
                if op == &DIVIDE { "a product" } else { "a quotient" }
            ),
            about: view.plain(*b),
        });
    }
    found
}

fn turn(draft: &mut Draft<'_>, id: ExprId) {
    match draft.kind(id) {
        Kind::Apply { operator, arguments } if operator == &INVERSE => {
            let inner = draft.kind(arguments[0]);
            draft.set(id, inner);
        }
        Kind::Apply { operator, arguments } if operator == &POWER => {
            if let Kind::Number(n) = draft.kind(arguments[1]) {
                let n = draft.push(Kind::Number(&n * &Rational::MINUS_ONE));
                draft.set_apply(id, &POWER, &[arguments[0], n]);
            }
        }
        // The transposed inverse, as it is mostly written; of a transposed inverse the inverse goes.
        Kind::Apply { operator, arguments } if operator == &TRANSPOSE => {
            let inner = match draft.kind(arguments[0]) {
                Kind::Apply { operator, arguments } if operator == &INVERSE => arguments[0],
                _ => draft.apply(&INVERSE, &[arguments[0]]),
            };
            draft.set_apply(id, &TRANSPOSE, &[inner]);
        }
        _ => {
            let inner = draft.copy(id);
            draft.set_apply(id, &INVERSE, &[inner]);
        }
    }
}

fn invert(view: &View<'_>, id: ExprId) -> Repair {
    let tree = view.tree();
    let mut draft = Draft::new(tree);
    turn(&mut draft, id);
    let inner = match tree.as_apply(id) {
        Some((op, [x])) if op == &TRANSPOSE => *x,
        _ => id,
    };
    let extra = is(tree, inner, &INVERSE);
    Repair {
        patch: draft.finish(),
        kind: "inverse",
        place: id,
        naming: if extra { "There is an inverse too many." } else { "An inverse is missing." }.into(),
        pointing: match extra {
            true => format!("`{}` has to stand without the inverse.", view.source(id)),
            false => format!("`{}` has to be inverted.", view.source(id)),
        },
        about: view.plain(id),
    }
}
