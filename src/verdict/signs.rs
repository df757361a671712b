//! Which signs the entries of a node can have, as far as its form tells: exp(x)/(1 + s²) is positive, tanh(s) − 2 is not.

use super::range::Range;
use crate::algebra::{self, Budget};
use crate::number::Rational;
use crate::tensor::{Function, Labels, Node, NodeId, Property, Store};
use rustc_hash::FxHashMap;

/// Whether no two entries of a node, at any points, have opposite signs.
pub(super) fn is_one_signed(store: &Store, root: NodeId) -> bool {
    by_form(store, root) || algebra::keeps_sign(store, root, &Budget::default())
}

/// Whether it is so by the form alone.
fn by_form(store: &Store, root: NodeId) -> bool {
    let mut known: FxHashMap<NodeId, Range> = FxHashMap::default();
    for id in store.reachable(&[root]) {
        let found = range(store, id, &known);
        known.insert(id, found);
    }
    known.get(&root).is_some_and(Range::is_one_signed)
}

/// Whether a factor is the diagonal of a positive definite matrix.
fn is_definite_diagonal(store: &Store, x: NodeId, labels: &Labels) -> bool {
    let Node::Variable(v) = store.node(x) else { return false };
    let definite = [Property::PositiveDefinite, Property::PositiveSemidefinite];
    let twice = matches!(labels.as_slice(), [.., a, b] if a == b);
    twice && definite.iter().any(|p| store.variable(*v).properties.contains(p))
}

/// Where the entries of a node lie, from where those of its operands do.
fn range(store: &Store, id: NodeId, known: &FxHashMap<NodeId, Range>) -> Range {
    use Property::{NonNegative, OneHot, Positive, Probability};
    let of = |x: &NodeId| known.get(x).cloned().unwrap_or(Range::ANY);
    match store.node(id) {
        Node::Variable(v) => {
            let has = |p: Property| store.variable(*v).properties.contains(&p);
            match () {
                () if has(OneHot) || has(Probability) => Range::UNIT,
                () if has(Positive) || has(NonNegative) => Range::POSITIVE,
                () => Range::ANY,
            }
        }
        Node::Definition { body, .. } => of(body),
        Node::Product(p) => {
            // A factor twice, at the same indices, is a square.
            let all = p.factors.iter().enumerate().fold(Range::exactly(&Rational::ONE), |all, (i, f)| {
                let before = p.factors[..i].iter().filter(|g| *g == f).count();
                let after = p.factors[i + 1..].iter().filter(|g| *g == f).count();
                match () {
                    () if before % 2 == 1 => all,
                    () if after > 0 || is_definite_diagonal(store, f.0, &f.1) => all.times(&Range::POSITIVE),
                    () => all.times(&of(&f.0)),
                }
            });
            let summed = p.factors.iter().any(|f| f.1.iter().any(|l| !p.out.contains(l)));
            if summed { all.signs() } else { all }
        }
        Node::Sum(terms) => terms.iter().fold(Range::ZERO, |all, (c, x)| all.plus(&Range::exactly(c).times(&of(x)))),
        Node::Zero(_) => Range::ZERO,
        Node::Map(f, x) => match f {
            Function::Positive | Function::NonNegative | Function::Zero | Function::Sigmoid => Range::UNIT,
            Function::Exp | Function::Softplus | Function::Relu => Range::POSITIVE,
            Function::Cosh => Range::from(1),
            Function::Abs => of(x).sizes(),
            Function::Power(q) => match q.to_integer() {
                Some(n) if n % 2 != 0 => of(x).signs(),
                // Roots are positive.
                _ => Range::POSITIVE,
            },
            Function::Sinh | Function::Atan | Function::Asin => of(x).signs(),
            Function::Tanh | Function::Sign | Function::Erf => of(x).bounded_by(1),
            Function::Sin | Function::Cos => Range::ANY.bounded_by(1),
            Function::Log if of(x).is_at_least(1) => Range::POSITIVE,
            Function::Log | Function::Tan | Function::Unknown(..) => Range::ANY,
        },
        // A negative number to an even or odd power.
        Node::ScalarPower(base, _) if !of(base).is_at_least(0) => Range::ANY,
        Node::ScalarPower(..) | Node::Constant(_) | Node::Pattern(_) => Range::POSITIVE,
        Node::RangeSum { body, .. } => of(body).signs(),
        Node::Fuse { argument, .. } | Node::Split { argument, .. } => of(argument),
        Node::Integer(p) => p.as_constant().map_or(Range::ANY, |n| Range::exactly(&Rational::from(n))),
        Node::Inverse(_) | Node::Determinant(_) | Node::MatrixPower(..) | Node::Unknown { .. } => Range::ANY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::{Axes, Variable};

    #[test]
    fn squares_and_exponentials_are_positive() {
        let mut s = Store::default();
        let mut scalar = |name: &str, properties: Vec<Property>| {
            let v =
                s.declare(Variable { name: name.into(), axes: Axes::new(), family: None, properties, is_row: false });
            s.variable_node(v)
        };
        let (x, b) = (scalar("x", vec![]), scalar("b", vec![Property::Positive]));
        let square = s.map(Function::Power(Rational::from(2)), x);
        let one = s.one();
        let sum = s.sum(&[(Rational::ONE, square), (Rational::from(3), one), (Rational::ONE, b)]);
        let less = s.sum(&[(Rational::ONE, square), (Rational::from(-3), one)]);
        let e = s.map(Function::Exp, x);
        let minus = s.negate(e);
        let bounded = s.map(Function::Tanh, x);
        let below = s.sum(&[(Rational::ONE, bounded), (Rational::MINUS_ONE, one)]);
        let half = s.sum(&[(Rational::from(2), bounded), (Rational::MINUS_ONE, one)]);
        assert!(!is_one_signed(&s, half));
        for id in [square, sum, b, e, minus, below] {
            assert!(is_one_signed(&s, id));
        }
        for id in [x, less] {
            assert!(!is_one_signed(&s, id));
        }
    }
}
