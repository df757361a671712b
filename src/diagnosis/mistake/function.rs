//! A function left out, or one too many: c for tanh(c), and the reverse.

use crate::diagnosis::bench::Bench;
use crate::diagnosis::patch::Draft;
use crate::diagnosis::repair::{Example, Mistake, Repair, View};
use crate::operator::{self, Op};
use crate::syntax::{ExprId, Kind};

/// A function left out.
pub(super) static FUNCTION: Mistake = Mistake {
    name: "function left out",
    doc: "The argument stands where its function belongs, or the function where its argument belongs.",
    propose,
    in_pairs: true,
    examples: [
        Example {
            symbols: "a: n, W: n×m, x: m",
            objective: "a'tanh(W x)",
            wrt: "a",
            candidate: "W x",
            kind: "wrong_symbol",
        },
        Example {
            symbols: "a: n, c: n",
            objective: "sum(a .* a .* log(c))",
            wrt: "a",
            candidate: "2 a .* c",
            kind: "wrong_symbol",
        },
    ],
    near_miss: Example {
        symbols: "a: n, c: n",
        objective: "sum(a .* a .* log(c))",
        wrt: "a",
        candidate: "a .* log(c)",
        kind: "factor",
    },
};

/// Functions that are taken entry by entry.
const FUNCTIONS: &[Op] = &[
    &operator::EXP,
    &operator::LOG,
    &operator::TANH,
    &operator::SIGMOID,
    &operator::RELU,
    &operator::SOFTMAX,
    &operator::SQRT,
];

fn propose(_: &mut Bench<'_>, view: &View<'_>) -> Vec<Repair> {
    let tree = view.tree();
    let mut found = Vec::new();
    let mut add = |draft: Draft<'_>, id: ExprId, belongs: String| {
        let around = view.outline.parent(id).unwrap_or(id);
        found.push(Repair {
            patch: draft.finish(),
            kind: "wrong_symbol",
            place: id,
            naming: format!("`{}` stands where `{belongs}` belongs.", view.source(id)),
            pointing: format!("In `{}` it has to be `{belongs}`.", view.source(around)),
            about: format!("{} for its function", view.plain(id)),
        });
    };
    for id in view.outline.operands().collect::<Vec<_>>() {
        if view.outline.is_base(id) {
            continue;
        }
        for piece in &view.pieces {
            let Some((op, [argument])) = piece.tree.as_apply(piece.tree.root) else { continue };
            if FUNCTIONS.contains(&op) && tree.same(id, &piece.tree, *argument) {
                let mut draft = Draft::new(tree);
                let inner = draft.copy(id);
                draft.set_apply(id, op, &[inner]);
                add(draft, id, piece.text.clone());
            }
        }
        if let Some((op, [argument])) = tree.as_apply(id)
            && FUNCTIONS.contains(&op)
        {
            let mut draft = Draft::new(tree);
            let kind: Kind = tree.kind(*argument).clone();
            draft.set(id, kind);
            add(draft, id, view.source(*argument));
        }
    }
    found
}
