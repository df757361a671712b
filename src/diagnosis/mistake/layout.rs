//! The answer in the other convention.

use crate::diagnosis::bench::Bench;
use crate::diagnosis::patch::Draft;
use crate::diagnosis::repair::{Example, Mistake, Repair, View};

/// The whole answer transposed.
pub(super) static LAYOUT: Mistake = Mistake {
    name: "the other layout",
    doc: "The whole is the transpose of the answer: right in the other convention.",
    propose,
    in_pairs: true,
    examples: [
        Example { symbols: "A: n×m, X: m×n", objective: "tr(A X)", wrt: "X", candidate: "A", kind: "layout" },
        Example { symbols: "a: n, x: n", objective: "a'x", wrt: "x", candidate: "a'", kind: "layout" },
    ],
    near_miss: Example { symbols: "A: n×n, x: n", objective: "x'A x", wrt: "x", candidate: "2 A x", kind: "factor" },
};

fn propose(_: &mut Bench<'_>, view: &View<'_>) -> Vec<Repair> {
    let tree = view.tree();
    let mut draft = Draft::new(tree);
    draft.transpose(tree.root);
    vec![Repair {
        patch: draft.finish(),
        kind: "layout",
        place: tree.root,
        naming: "This is the answer in the transposed convention.".into(),
        pointing: format!("`{}` is the transpose of what is asked.", view.source(tree.root)),
        about: "whole".into(),
    }]
}
