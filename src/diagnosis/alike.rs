//! Formulas that are the same but for brackets that change nothing.
//!
//! (a b) c and a (b c), a + (b + c) and a + b + c, −(a b) and (−a) b, 1/2 as a quotient and as a number are alike. What
//! is alike has the same value wherever both fit; whether they fit is not looked at here.

use crate::number::Rational;
use crate::operator::{ADD, DIVIDE, HADAMARD, MULTIPLY, NEGATE, Op};
use crate::syntax::{ExprId, Kind, Tree};

/// Whether two formulas are the same but for such brackets.
pub(super) fn alike(a: &Tree, left: ExprId, b: &Tree, right: ExprId) -> bool {
    if let (Some(x), Some(y)) = (number(a, left), number(b, right)) {
        return x == y;
    }
    let (x, y) = (flat(a, left), flat(b, right));
    if let (Some(x), Some(y)) = (&x, &y) {
        return x.operator == y.operator
            && x.negative == y.negative
            && x.parts.len() == y.parts.len()
            && x.parts.iter().zip(&y.parts).all(|(p, q)| p.1 == q.1 && alike(a, p.0, b, q.0));
    }
    if x.is_some() || y.is_some() || !same_head(a.kind(left), b.kind(right)) {
        return false;
    }
    let (l, r) = (a.children(left), b.children(right));
    l.len() == r.len() && l.iter().zip(&r).all(|(l, r)| alike(a, *l, b, *r))
}

/// A number, also where it is written as a quotient.
fn number(tree: &Tree, id: ExprId) -> Option<Rational> {
    match tree.kind(id) {
        Kind::Number(n) => Some(n.clone()),
        Kind::Apply { operator, arguments } if *operator == &DIVIDE => match arguments.as_slice() {
            [a, b] => Some(&number(tree, *a)? * &number(tree, *b)?.recip()?),
            _ => None,
        },
        _ => None,
    }
}

/// A sum or a product without its brackets; the sign of a product, and of a lone negated part, stands in front.
struct Flat {
    operator: Op,
    negative: bool,
    /// The parts, each with whether it is subtracted.
    parts: Vec<(ExprId, bool)>,
}

fn flat(tree: &Tree, id: ExprId) -> Option<Flat> {
    let (mut id, mut negative) = (id, false);
    while let Some((op, [x])) = tree.as_apply(id) {
        if op != &NEGATE {
            break;
        }
        (id, negative) = (*x, !negative);
    }
    let mut parts = Vec::new();
    let operator: Op = match tree.as_apply(id) {
        Some((op, [_, _])) if op == &ADD => {
            terms(tree, id, false, &mut parts);
            &ADD
        }
        Some((op, [_, _])) if op == &MULTIPLY || op == &HADAMARD => {
            factors(tree, id, op, &mut negative, &mut parts);
            op
        }
        _ if negative => {
            parts.push((id, false));
            &NEGATE
        }
        _ => return None,
    };
    Some(Flat { operator, negative, parts })
}

fn terms(tree: &Tree, id: ExprId, negative: bool, parts: &mut Vec<(ExprId, bool)>) {
    match tree.as_apply(id) {
        Some((op, [a, b])) if op == &ADD => {
            terms(tree, *a, negative, parts);
            terms(tree, *b, negative, parts);
        }
        Some((op, [x])) if op == &NEGATE => terms(tree, *x, !negative, parts),
        _ => parts.push((id, negative)),
    }
}

fn factors(tree: &Tree, id: ExprId, operator: Op, negative: &mut bool, parts: &mut Vec<(ExprId, bool)>) {
    match tree.as_apply(id) {
        Some((op, [a, b])) if op == operator => {
            factors(tree, *a, operator, negative, parts);
            factors(tree, *b, operator, negative, parts);
        }
        Some((op, [x])) if op == &NEGATE => {
            *negative = !*negative;
            factors(tree, *x, operator, negative, parts);
        }
        _ => parts.push((id, false)),
    }
}

/// Whether two nodes are the same but for what stands below them.
fn same_head(a: &Kind, b: &Kind) -> bool {
    match (a, b) {
        (Kind::Symbol(x), Kind::Symbol(y)) => x == y,
        (Kind::Apply { operator: x, arguments: p }, Kind::Apply { operator: y, arguments: q }) => {
            x == y && p.len() == q.len()
        }
        _ => {
            let bare = |k: &Kind| {
                let mut k = k.clone();
                k.map_children(&mut |_| ExprId(0));
                k.forget_places();
                k
            };
            std::mem::discriminant(a) == std::mem::discriminant(b) && bare(a) == bare(b)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::{Names, Syntax, parse};

    fn are(a: &str, b: &str) -> bool {
        let read = |t: &str| parse(t, Syntax::Plain, &Names::default()).unwrap();
        let (a, b) = (read(a), read(b));
        alike(&a, a.root, &b, b.root)
    }

    #[test]
    fn brackets_that_change_nothing_are_not_looked_at() {
        assert!(are("2 (A x)", "2 A x") && are("A (B C)", "A B C"));
        assert!(are("(a + b) + c", "a + (b + c)") && are("-(A B)", "-A B"));
        assert!(are("1/2 A", "½ A") && are("(-a) - b", "-a - b"));
    }

    #[test]
    fn brackets_that_matter_are() {
        assert!(!are("a - (b + c)", "a - b + c") && !are("A B'", "(A B)'"));
        assert!(!are("A B", "B A") && !are("-a", "a") && !are("a + b", "a b"));
        assert!(!are("2 (a + b)", "2 a + b") && !are("A .* (B C)", "A .* B C + A"));
    }
}
