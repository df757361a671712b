//! Only the diagonal of the answer: a function of a whole vector differentiated as if it acted entry by entry.

use crate::diagnosis::bench::Bench;
use crate::diagnosis::patch::Draft;
use crate::diagnosis::repair::{Example, Mistake, Repair, View};
use crate::operator::DIAG;
use crate::syntax::{Syntax, print};
use crate::text::Span;

/// The entries beside the diagonal left out.
pub(super) static ONLY_DIAGONAL: Mistake = Mistake {
    name: "only the diagonal",
    doc: "The answer has the right diagonal and nothing beside it.",
    propose,
    in_pairs: false,
    examples: [
        Example {
            symbols: "z: n",
            objective: "softmax(z)",
            wrt: "z",
            candidate: "diag(softmax(z) .* (1 - softmax(z)))",
            kind: "elementwise",
        },
        Example {
            symbols: "x: n, a: n",
            objective: "(a'x) x",
            wrt: "x",
            candidate: "diag(x .* a) + (a'x) I",
            kind: "elementwise",
        },
    ],
    near_miss: Example {
        symbols: "z: n",
        objective: "softmax(z)",
        wrt: "z",
        candidate: "diag(softmax(z)) + softmax(z) softmax(z)'",
        kind: "sign",
    },
};

fn propose(bench: &mut Bench<'_>, view: &View<'_>) -> Vec<Repair> {
    let Some(given) = bench.given.clone() else { return Vec::new() };
    // Cheap to see: a square of numbers with nothing beside the diagonal.
    let n = given[0].len();
    let side = (1..=n).find(|s| s * s == n).unwrap_or(0);
    let is_diagonal = |numbers: &[f64]| (0..n).all(|k| k / side == k % side || numbers[k].abs() < 1e-12);
    if side < 2 || !is_diagonal(&given[0]) || is_diagonal(&bench.truth[0]) {
        return Vec::new();
    }
    let mut tree = view.truth.clone();
    let inner = tree.root;
    let diagonal = tree.apply(&DIAG, [inner], Span::default());
    tree.root = tree.apply(&DIAG, [diagonal], Span::default());
    let (Some(wanted), Some(own)) = (bench.node_of(&tree), bench.node_of(view.tree())) else { return Vec::new() };
    if !bench.are_equal(wanted, own) {
        return Vec::new();
    }
    let mut draft = Draft::new(view.tree());
    let truth = draft.graft(&view.truth, view.truth.root);
    let kind = draft.kind(truth);
    draft.set(view.tree().root, kind);
    vec![Repair {
        patch: draft.finish(),
        kind: "elementwise",
        place: view.tree().root,
        naming: "Only the diagonal of the answer is here.".into(),
        pointing: format!(
            "`{}` is right on the diagonal, but the entries beside it are not zero.",
            view.source(view.tree().root)
        ),
        about: format!("diagonal of {}", print(&view.truth, view.truth.root, Syntax::Plain)),
    }]
}
