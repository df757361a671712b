//! An entrywise operation where the matrix operation was meant, or the other way round.

use crate::diagnosis::bench::Bench;
use crate::diagnosis::outline::is;
use crate::diagnosis::patch::Draft;
use crate::diagnosis::repair::{Example, Mistake, Repair, View};
use crate::number::Rational;
use crate::operator::{DIAG, DIVIDE, HADAMARD, HADAMARD_DIVIDE, HADAMARD_POWER, INVERSE, MULTIPLY, POWER, TRANSPOSE};
use crate::syntax::{ExprId, Kind};

/// Entrywise for matrix, or matrix for entrywise.
pub(super) static ELEMENTWISE: Mistake = Mistake {
    name: "entrywise and matrix operations confused",
    doc: "A product, power, quotient or inverse is entrywise where that of matrices is meant, or the other way round.",
    propose,
    in_pairs: true,
    examples: [
        Example {
            symbols: "A: n×n, B: n×n, X: n×n",
            objective: "tr(X A B)",
            wrt: "X",
            candidate: "(A .* B)'",
            kind: "elementwise",
        },
        Example {
            symbols: "g: n, x: n, t: n",
            objective: "1/2 ||g .* x - t||^2",
            wrt: "g",
            candidate: "x'(g .* x - t)",
            kind: "elementwise",
        },
    ],
    near_miss: Example {
        symbols: "A: n×n, B: n×n, X: n×n",
        objective: "tr(X A B)",
        wrt: "X",
        candidate: "A B",
        kind: "layout",
    },
};

fn propose(_: &mut Bench<'_>, view: &View<'_>) -> Vec<Repair> {
    let mut found = Vec::new();
    let tree = view.tree();
    let mut add = |draft: Draft<'_>, id: ExprId, naming: &str, pointing: String| {
        found.push(Repair {
            patch: draft.finish(),
            kind: "elementwise",
            place: id,
            naming: naming.into(),
            pointing,
            about: view.plain(id),
        });
    };
    for id in view.outline.nodes.clone() {
        let Some((op, arguments)) = tree.as_apply(id) else { continue };
        let source = view.source(id);
        let pairs = [
            (&MULTIPLY, &HADAMARD, "product"),
            (&POWER, &HADAMARD_POWER, "power"),
            (&DIVIDE, &HADAMARD_DIVIDE, "quotient"),
        ];
        for (matrix, entrywise, word) in pairs {
            let to = if op == matrix {
                entrywise
            } else if op == entrywise {
                matrix
            } else {
                continue;
            };
            let mut draft = Draft::new(tree);
            draft.set_apply(id, to, arguments);
            let (naming, pointing) = if op == matrix {
                (
                    format!("The {word} of matrices stands where the entrywise {word} is meant."),
                    format!("`{source}` has to be taken entry by entry."),
                )
            } else {
                (
                    format!("An entrywise {word} stands where the {word} of matrices is meant."),
                    format!("`{source}` has to be the {word} of matrices."),
                )
            };
            add(draft, id, &naming, pointing.clone());
            // An inner product for the entrywise one, and back.
            if word == "product" {
                let mut draft = Draft::new(tree);
                let [a, b] = arguments else { continue };
                if op == matrix && is(tree, *a, &TRANSPOSE) {
                    draft.transpose(*a);
                    draft.set_apply(id, to, arguments);
                    add(draft, id, "An inner product stands where the entrywise product is meant.", pointing);
                } else if op == entrywise {
                    let d = draft.apply(&DIAG, &[*a]);
                    draft.set_apply(id, &MULTIPLY, &[d, *b]);
                    add(draft, id, &naming, pointing);
                }
            }
        }
        if op == &INVERSE {
            let mut draft = Draft::new(tree);
            let one = draft.push(Kind::Number(Rational::ONE));
            draft.set_apply(id, &HADAMARD_DIVIDE, &[one, arguments[0]]);
            add(
                draft,
                id,
                "An inverse stands where the entrywise reciprocal is meant.",
                format!("`{source}` has to be 1 over each entry."),
            );
        }
        if op == &HADAMARD_DIVIDE && matches!(tree.kind(arguments[0]), Kind::Number(n) if n.is_one()) {
            let mut draft = Draft::new(tree);
            draft.set_apply(id, &INVERSE, &[arguments[1]]);
            add(
                draft,
                id,
                "An entrywise reciprocal stands where the inverse is meant.",
                format!("`{source}` has to be the inverse of the matrix."),
            );
        }
    }
    let places = view.outline.operands().flat_map(|id| {
        let unwrapped = is(tree, id, &DIAG).then_some((id, true));
        unwrapped.into_iter().chain([(id, false)])
    });
    for (id, is_diag) in places.collect::<Vec<_>>() {
        let mut draft = Draft::new(tree);
        if let (true, Some((_, [x]))) = (is_diag, tree.as_apply(id)) {
            draft.set(id, tree.kind(*x).clone());
        } else {
            let inner = draft.copy(id);
            draft.set_apply(id, &DIAG, &[inner]);
        }
        found.push(Repair {
            patch: draft.finish(),
            kind: if view.is_misfit { "shape" } else { "elementwise" },
            place: id,
            naming: if is_diag {
                "A diagonal matrix stands where its diagonal is meant."
            } else {
                "A vector stands where the diagonal matrix of it is meant."
            }
            .into(),
            pointing: if is_diag {
                format!("`{}` has to be a vector here.", view.source(id))
            } else {
                format!("`{}` has to be put on a diagonal here.", view.source(id))
            },
            about: view.plain(id),
        });
    }
    found
}
