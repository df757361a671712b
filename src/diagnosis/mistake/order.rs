//! The order of factors: two neighbours, two factors further apart, the whole product, the parts of a Kronecker product.

use crate::diagnosis::bench::Bench;
use crate::diagnosis::patch::Draft;
use crate::diagnosis::repair::{Example, Mistake, Repair, View};
use crate::number::Rational;
use crate::operator::{DIVIDE, HADAMARD_DIVIDE, INVERSE, KRONECKER, MULTIPLY, NEGATE, POWER};
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
                let about = format!("{} {}", view.plain(a), view.plain(b));
                let (a, b) = (view.source(a), view.source(b));
                add(
                    draft,
                    chain.root,
                    format!("In `{}` the factors `{a}` and `{b}` have to change places.", view.source(chain.root)),
                    about,
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
            match tree.kind(*a) {
                // 1/x upside down is x.
                Kind::Number(n) if n.is_one() => draft.set(*id, tree.kind(*b).clone()),
                _ => draft.exchange(*a, *b),
            }
            add(draft, *id, format!("The quotient `{}` is upside down.", view.source(*id)), view.plain(*id));
        }
    }
    around_powers(view, &mut found);
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

/// A square beside another factor, where one of the two belongs on the other side: B A² for A B A.
fn around_powers(view: &View<'_>, found: &mut Vec<Repair>) {
    let tree = view.tree();
    for chain in view.outline.chains.iter().filter(|c| c.operator == &MULTIPLY) {
        for (i, power) in chain.factors.iter().enumerate() {
            let Some((op, [base, exponent])) = tree.as_apply(*power) else { continue };
            let (is_negative, size) = match tree.as_apply(*exponent) {
                Some((op, [n])) if op == &NEGATE => (true, *n),
                _ => (false, *exponent),
            };
            let Kind::Number(n) = tree.kind(size) else { continue };
            let half = match n.to_integer() {
                Some(2) if !is_negative => Rational::ONE,
                Some(2) => Rational::MINUS_ONE,
                Some(-2) if !is_negative => Rational::MINUS_ONE,
                _ => continue,
            };
            if op != &POWER {
                continue;
            }
            let others = [i.checked_sub(1), Some(i + 1)].into_iter().flatten().filter_map(|j| chain.factors.get(j));
            for other in others.filter(|o| !matches!(tree.kind(**o), Kind::Number(_))) {
                let mut draft = Draft::new(tree);
                let single = |draft: &mut Draft<'_>| {
                    if half.is_one() { *base } else { draft.apply(&INVERSE, &[*base]) }
                };
                let (left, right) = (single(&mut draft), single(&mut draft));
                let middle = draft.copy(*other);
                let inner = draft.apply(&MULTIPLY, &[left, middle]);
                // The three stand where the two stood: the earlier factor takes the first two, the later the last.
                let is_before = chain.factors.iter().position(|f| f == other).is_some_and(|p| p < i);
                let (first, last) = if is_before { (*other, *power) } else { (*power, *other) };
                let (front, end) = (draft.kind(inner), draft.kind(right));
                draft.set(first, front);
                draft.set(last, end);
                found.push(Repair {
                    patch: draft.finish(),
                    kind: "order",
                    place: chain.root,
                    naming: "The order of factors is wrong.".into(),
                    pointing: format!(
                        "In `{}` one factor of `{}` belongs on the other side of `{}`.",
                        view.source(chain.root),
                        view.source(*power),
                        view.source(*other)
                    ),
                    about: format!("{} | {}", view.plain(*power), view.plain(*other)),
                });
            }
        }
    }
}
