//! Indices: a wrong letter, two letters exchanged, a sum lost or one too many, a wrong bound.

use crate::diagnosis::bench::Bench;
use crate::diagnosis::patch::Draft;
use crate::diagnosis::repair::{Example, Mistake, Repair, View};
use crate::number::Rational;
use crate::operator::{ADD, DELTA, NEGATE};
use crate::syntax::{Binder, ExprId, Kind, Name};
use crate::text::Span;
use smallvec::smallvec;

/// A wrong index.
pub(super) static INDEX: Mistake = Mistake {
    name: "wrong index",
    doc: "An index is another letter than it should be, a sum over it is lost, or its range is wrong.",
    propose,
    in_pairs: true,
    examples: [
        Example {
            symbols: "A: m×n, B: n×m",
            objective: "sum_{i=1}^{m} sum_{j=1}^{n} A[i,j] B[j,i]",
            wrt: "A[p,q]",
            candidate: "B[q,q]",
            kind: "index",
        },
        Example {
            symbols: "A: m×n, H: n×r",
            objective: "1/2 normF(A H)^2",
            wrt: "A[a,b]",
            candidate: "sum_{k=1}^{n} A[a,k] H[k,b] H[b,b]",
            kind: "index",
        },
    ],
    near_miss: Example {
        symbols: "A: m×m, B: m×m",
        objective: "sum_{i=1}^{m} sum_{j=1}^{m} A[i,j] B[j,i]",
        wrt: "A[p,q]",
        candidate: "B[p,q]",
        kind: "transpose",
    },
};

/// Letters for the sums that a repair adds.
const LETTERS: [&str; 6] = ["l", "k", "j", "r", "s", "t"];

fn propose(_: &mut Bench<'_>, view: &View<'_>) -> Vec<Repair> {
    let mut found = Vec::new();
    let tree = view.tree();
    let uses: Vec<(ExprId, Name)> = letters(view);
    for (id, name) in &uses {
        for other in view.letters.iter().filter(|l| *l != name) {
            let mut draft = Draft::new(tree);
            draft.set(*id, Kind::Symbol(other.clone()));
            let around = view.outline.parent(*id).unwrap_or(*id);
            found.push(Repair {
                patch: draft.finish(),
                kind: "index",
                place: around,
                naming: format!("The index `{name}` stands where `{other}` belongs."),
                pointing: format!("In `{}` it has to be `{other}`.", view.source(around)),
                about: format!("{name} for {other}"),
            });
        }
    }
    for (n, a) in view.letters.iter().enumerate() {
        for b in &view.letters[n + 1..] {
            let mut draft = Draft::new(tree);
            let mut first = None;
            for (id, name) in &uses {
                let other = if name == a {
                    b
                } else if name == b {
                    a
                } else {
                    continue;
                };
                draft.set(*id, Kind::Symbol(other.clone()));
                first = first.or(Some(*id));
            }
            if let Some(id) = first {
                found.push(Repair {
                    patch: draft.finish(),
                    kind: "index",
                    place: view.outline.parent(id).unwrap_or(id),
                    naming: format!("The indices `{a}` and `{b}` are exchanged."),
                    pointing: format!("Throughout `{}` one has to stand where the other does.", view.source(tree.root)),
                    about: format!("{a} <> {b}"),
                });
            }
        }
    }
    bounds(view, &mut found);
    found.extend(lost_sums(view));
    found
}

/// The letters that stand as indices.
fn letters(view: &View<'_>) -> Vec<(ExprId, Name)> {
    let tree = view.tree();
    let mut found = Vec::new();
    for id in &view.outline.nodes {
        let indices: Vec<ExprId> = match tree.kind(*id) {
            Kind::Subscript { indices, .. } => indices.to_vec(),
            Kind::Apply { operator, arguments } if **operator == DELTA => arguments.to_vec(),
            _ => continue,
        };
        for i in indices {
            if let Kind::Symbol(name) = tree.kind(i) {
                found.push((i, name.clone()));
            }
        }
    }
    found
}

fn bounds(view: &View<'_>, found: &mut Vec<Repair>) {
    let tree = view.tree();
    for id in &view.outline.nodes {
        let Kind::Sum { binders, body } = tree.kind(*id) else { continue };
        for (n, binder) in binders.iter().enumerate() {
            for (is_upper, bound) in [(false, binder.lower), (true, binder.upper)] {
                let Some(bound) = bound else { continue };
                for up in [true, false] {
                    let mut draft = Draft::new(tree);
                    shift(&mut draft, bound, up);
                    let which = if is_upper { "last" } else { "first" };
                    found.push(Repair {
                        patch: draft.finish(),
                        kind: "index",
                        place: *id,
                        naming: format!("A bound of the sum over `{}` is wrong.", binder.letter),
                        pointing: format!(
                            "The {which} value of `{}` is one too {} in `{}`.",
                            binder.letter,
                            if up { "small" } else { "large" },
                            view.source(*id)
                        ),
                        about: format!("{which} value of {}", binder.letter),
                    });
                }
            }
            // A sum too many.
            let mut draft = Draft::new(tree);
            let mut rest = binders.clone();
            rest.remove(n);
            let kind =
                if rest.is_empty() { tree.kind(*body).clone() } else { Kind::Sum { binders: rest, body: *body } };
            draft.set(*id, kind);
            found.push(Repair {
                patch: draft.finish(),
                kind: "index",
                place: *id,
                naming: "There is a sum too many.".into(),
                pointing: format!("In `{}` the sum over `{}` has to go.", view.source(*id), binder.letter),
                about: format!("sum over {}", binder.letter),
            });
        }
    }
}

/// A bound one larger or smaller: k − 2 becomes k − 1.
fn shift(draft: &mut Draft<'_>, bound: ExprId, up: bool) {
    let step = if up { Rational::ONE } else { Rational::MINUS_ONE };
    if let Kind::Number(n) = draft.kind(bound) {
        draft.set(bound, Kind::Number(&n + &step));
        return;
    }
    if let Kind::Apply { operator, arguments } = draft.kind(bound) {
        if operator == &ADD {
            let (negative, number) = match draft.kind(arguments[1]) {
                Kind::Apply { operator, arguments } if operator == &NEGATE => (true, arguments[0]),
                _ => (false, arguments[1]),
            };
            if let Kind::Number(n) = draft.kind(number) {
                let value = if negative { &n - &step } else { &n + &step };
                let kind = if value.is_zero() { draft.kind(arguments[0]) } else { Kind::Number(value.clone()) };
                draft.set(if value.is_zero() { bound } else { number }, kind);
                return;
            }
        }
    }
    let inner = draft.copy(bound);
    let mut one = draft.push(Kind::Number(Rational::ONE));
    if !up {
        one = draft.apply(&NEGATE, &[one]);
    }
    draft.set_apply(bound, &ADD, &[inner, one]);
}

/// A sum lost: over a letter that stands free, or over an index that collapsed onto a letter of the answer.
pub(in crate::diagnosis) fn lost_sums(view: &View<'_>) -> Vec<Repair> {
    let uses = letters(view);
    let mut found = Vec::new();
    let tree = view.tree();
    let mut places = vec![tree.root];
    places.extend(view.outline.groups.iter().flat_map(|g| g.terms.iter().map(|t| t.id)));
    places.extend(view.outline.nodes.iter().filter_map(|id| match tree.kind(*id) {
        Kind::Sum { body, .. } => Some(*body),
        _ => None,
    }));
    places.dedup();
    let Some(fresh) =
        LETTERS.iter().find(|l| !view.letters.iter().any(|o| o == *l) && !view.symbols.iter().any(|o| o == *l))
    else {
        return found;
    };
    for place in places {
        let inside: Vec<&(ExprId, Name)> =
            uses.iter().filter(|u| u.0 == place || view.outline.is_below(u.0, place)).collect();
        let mut seen: Vec<&Name> = Vec::new();
        for (_, letter) in &inside {
            if seen.contains(&letter) {
                continue;
            }
            seen.push(letter);
            let own: Vec<ExprId> = inside.iter().filter(|u| u.1 == *letter).map(|u| u.0).collect();
            let repair = |draft: Draft<'_>, words: String| Repair {
                patch: draft.finish(),
                kind: "index",
                place,
                naming: "A sum is lost.".into(),
                pointing: words,
                about: format!("sum over {letter}"),
            };
            // Σ over the letter itself, unless it is the answer's.
            if !view.asked.contains(letter) {
                let mut draft = Draft::new(tree);
                sum_over(&mut draft, place, letter);
                found.push(repair(draft, format!("`{}` has to be summed over `{letter}`.", view.source(place))));
            }
            if own.len() > 4 {
                continue;
            }
            for subset in 1..1usize << own.len() {
                let mut draft = Draft::new(tree);
                for (i, id) in own.iter().enumerate() {
                    if subset >> i & 1 == 1 {
                        draft.set(*id, Kind::Symbol((*fresh).into()));
                    }
                }
                sum_over(&mut draft, place, fresh);
                found.push(repair(
                    draft,
                    format!(
                        "`{}` is one term of a sum: an index that is summed over stands as `{letter}`.",
                        view.source(place)
                    ),
                ));
            }
        }
    }
    found
}

fn sum_over(draft: &mut Draft<'_>, place: ExprId, letter: &str) {
    let body = draft.copy(place);
    let binder = Binder::over(letter.into(), Span::default());
    draft.set(place, Kind::Sum { binders: smallvec![binder], body });
}
