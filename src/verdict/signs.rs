//! Which signs the entries of a node can have, as far as its form tells: exp(x)/(1 + s²) is positive.

use crate::algebra::{self, Budget};
use crate::tensor::{Function, Labels, Node, NodeId, Property, Store};
use rustc_hash::FxHashMap;

/// The signs that entries may have besides 0.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
struct Signs {
    positive: bool,
    negative: bool,
}

const ANY: Signs = Signs { positive: true, negative: true };
const POSITIVE: Signs = Signs { positive: true, negative: false };
const NONE: Signs = Signs { positive: false, negative: false };

impl Signs {
    fn or(self, other: Self) -> Self {
        Self { positive: self.positive || other.positive, negative: self.negative || other.negative }
    }

    fn times(self, other: Self) -> Self {
        Self {
            positive: self.positive && other.positive || self.negative && other.negative,
            negative: self.positive && other.negative || self.negative && other.positive,
        }
    }
}

/// Whether no two entries of a node, at any points, have opposite signs.
pub(super) fn is_one_signed(store: &Store, root: NodeId) -> bool {
    by_form(store, root) || algebra::keeps_sign(store, root, &Budget::default())
}

/// Whether it is so by the form alone.
fn by_form(store: &Store, root: NodeId) -> bool {
    let mut known: FxHashMap<NodeId, Signs> = FxHashMap::default();
    for id in store.reachable(&[root]) {
        let found = signs(store, id, &known);
        known.insert(id, found);
    }
    known.get(&root).is_some_and(|s| *s != ANY)
}

/// Whether a factor is the diagonal of a positive definite matrix.
fn is_definite_diagonal(store: &Store, x: NodeId, labels: &Labels) -> bool {
    let Node::Variable(v) = store.node(x) else { return false };
    let definite = [Property::PositiveDefinite, Property::PositiveSemidefinite];
    let twice = matches!(labels.as_slice(), [.., a, b] if a == b);
    twice && definite.iter().any(|p| store.variable(*v).properties.contains(p))
}

/// The signs of a node, from those of its operands.
fn signs(store: &Store, id: NodeId, known: &FxHashMap<NodeId, Signs>) -> Signs {
    use Property::{NonNegative, OneHot, Positive, Probability};
    let of = |x: &NodeId| known.get(x).copied().unwrap_or(ANY);
    match store.node(id) {
        Node::Variable(v) => {
            let properties = &store.variable(*v).properties;
            let sure = [Positive, NonNegative, OneHot, Probability].iter().any(|p| properties.contains(p));
            if sure { POSITIVE } else { ANY }
        }
        Node::Definition { body, .. } => of(body),
        // A factor twice, at the same indices, is a square.
        Node::Product(p) => p.factors.iter().enumerate().fold(POSITIVE, |all, (i, f)| {
            let before = p.factors[..i].iter().filter(|g| *g == f).count();
            let after = p.factors[i + 1..].iter().filter(|g| *g == f).count();
            let paired = before % 2 == 1 || after > 0;
            let own = if is_definite_diagonal(store, f.0, &f.1) { POSITIVE } else { of(&f.0) };
            if paired { all } else { all.times(own) }
        }),
        Node::Sum(terms) => terms.iter().fold(NONE, |all, (c, x)| {
            let own = if c.is_negative() { Signs { positive: false, negative: true } } else { POSITIVE };
            all.or(own.times(of(x)))
        }),
        Node::Zero(_) => NONE,
        Node::Map(f, x) => match f {
            Function::Exp
            | Function::Cosh
            | Function::Sigmoid
            | Function::Softplus
            | Function::Abs
            | Function::Relu
            | Function::Positive
            | Function::NonNegative
            | Function::Zero => POSITIVE,
            Function::Power(q) => match q.to_integer() {
                Some(n) if n % 2 != 0 => of(x),
                // Roots are positive.
                _ => POSITIVE,
            },
            Function::Sinh | Function::Tanh | Function::Sign => of(x),
            Function::Log | Function::Sin | Function::Cos | Function::Tan | Function::Unknown(..) => ANY,
        },
        Node::ScalarPower(..) | Node::Constant(_) | Node::Pattern(_) => POSITIVE,
        Node::RangeSum { body, .. } => of(body),
        Node::Fuse { argument, .. } | Node::Split { argument, .. } => of(argument),
        Node::Integer(p) => match p.as_constant() {
            Some(n) if n < 0 => Signs { positive: false, negative: true },
            Some(_) => POSITIVE,
            None => ANY,
        },
        Node::Inverse(_) | Node::Determinant(_) | Node::MatrixPower(..) | Node::Unknown { .. } => ANY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Rational;
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
        for id in [square, sum, b, e, minus] {
            assert!(is_one_signed(&s, id));
        }
        for id in [x, less] {
            assert!(!is_one_signed(&s, id));
        }
    }
}
