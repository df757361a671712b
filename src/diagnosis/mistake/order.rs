//! The order of factors: two neighbours, two factors further apart, the whole product, the parts of a Kronecker product.

use crate::diagnosis::bench::Bench;
use crate::diagnosis::patch::Draft;
use crate::diagnosis::repair::{Example, Mistake, Repair, View};
use crate::operator::{DIVIDE, HADAMARD_DIVIDE, KRONECKER, MULTIPLY};
use crate::syntax::Kind;

/// Factors in the wrong order.
pub(super) static ORDER: Mistake = Mistake {
    name: "wrong order of factors",
    doc: "The factors of a product stand in the wrong order.",
    propose,
    in_pairs: true,
    examples: [
        Example {
            symbols: "A: n×n, B: n×n, X: n×n",
            objective: "tr(A X B)",
            wrt: "X",
            candidate: "B'A'",
            kind: "order",
        },
        Example {
            symbols: "V: m×n, W: m×r, H: r×n",
            objective: "1/2 ||V - W H||^2",
            wrt: "W",
            candidate: "H'(W H - V)",
            kind: "order",
        },
    ],
    near_miss: Example {
        symbols: "A: n×n, B: n×n, X: n×n",
        objective: "tr(A X B)",
        wrt: "X",
        candidate: "A'B",
        kind: "transpose",
    },
};

fn propose(_: &mut Bench<'_>, view: &View<'_>) -> Vec<Repair> {
    let mut found = Vec::new();
    let tree = view.tree();
    let mut add = |draft: Draft<'_>, place, pointing: String, about: String| {
        found.push(Repair {
            patch: draft.finish(),
            kind: "order",
            place,
            naming: "The order of factors is wrong.".into(),
            pointing,
            about,
        });
    };
    for chain in view.outline.chains.iter().filter(|c| c.operator == &MULTIPLY) {
        // Numbers in front have no place in the order.
        let factors: Vec<_> =
            chain.factors.iter().copied().filter(|f| !matches!(tree.kind(*f), Kind::Number(_))).collect();
        let n = factors.len();
        for distance in 1..n {
            for i in 0..n - distance {
                let (a, b) = (factors[i], factors[i + distance]);
                if tree.same(a, tree, b) {
                    continue;
                }
                let mut draft = Draft::new(tree);
                draft.exchange(a, b);
                let (a, b) = (view.source(a), view.source(b));
                add(
                    draft,
                    chain.root,
                    format!("In `{}` the factors `{a}` and `{b}` have to change places.", view.source(chain.root)),
                    format!("{a} {b}"),
                );
            }
        }
        if n > 2 {
            // One factor moved to the other end, and the whole product turned round.
            for reversed in [false, true] {
                for end in 0..2 {
                    let mut order: Vec<usize> = (0..n).collect();
                    match (reversed, end) {
                        (false, 0) => order.rotate_left(1),
                        (false, _) => order.rotate_right(1),
                        (true, 0) if n > 3 => order.reverse(),
                        (true, _) => continue,
                    }
                    let mut draft = Draft::new(tree);
                    for (place, from) in order.iter().enumerate() {
                        draft.set(factors[place], tree.kind(factors[*from]).clone());
                    }
                    let words = if reversed { "stands in the reverse order" } else { "has a factor at the wrong end" };
                    add(
                        draft,
                        chain.root,
                        format!("The product `{}` {words}.", view.source(chain.root)),
                        view.plain(chain.root),
                    );
                }
            }
        }
    }
    for id in &view.outline.nodes {
        let Some((op, [a, b])) = tree.as_apply(*id) else { continue };
        if op == &KRONECKER {
            let mut draft = Draft::new(tree);
            draft.exchange(*a, *b);
            add(
                draft,
                *id,
                format!("In `{}` the two factors of the Kronecker product have to change places.", view.source(*id)),
                view.plain(*id),
            );
        }
        if op == &DIVIDE || op == &HADAMARD_DIVIDE {
            let mut draft = Draft::new(tree);
            draft.exchange(*a, *b);
            add(draft, *id, format!("The quotient `{}` is upside down.", view.source(*id)), view.plain(*id));
        }
    }
    // Two factors that stand in two terms.
    for (i, g) in view.outline.chains.iter().enumerate() {
        for h in &view.outline.chains[i + 1..] {
            if g.operator != h.operator || view.outline.is_below(h.root, g.root) || found.len() > 400 {
                continue;
            }
            for a in &g.factors {
                for b in &h.factors {
                    if tree.same(*a, tree, *b)
                        || matches!(tree.kind(*a), Kind::Symbol(_)) && matches!(tree.kind(*b), Kind::Symbol(_))
                    {
                        continue;
                    }
                    let mut draft = Draft::new(tree);
                    draft.exchange(*a, *b);
                    found.push(Repair {
                        patch: draft.finish(),
                        kind: "order",
                        place: *a,
                        naming: "Two factors are exchanged between terms.".into(),
                        pointing: format!("`{}` and `{}` have to change places.", view.source(*a), view.source(*b)),
                        about: format!("{} {}", view.plain(*a), view.plain(*b)),
                    });
                }
            }
        }
    }
    found
}
