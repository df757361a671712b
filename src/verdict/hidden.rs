//! What the layers of evidence do not see by themselves: terms that no floating-point number shows, and domains.
//!
//! `10^-40 sin(y)`, `exp(-500)` and `tanh(90)` hide beside other terms.
//! Where only floating point says that two sides are equal, while as formulas in uninterpreted functions they differ,
//! and a constant is so large or small that a term can vanish beside the others, the terms that the two sides do not
//! have in common are compared with zero on their own. If that shows nothing, nothing is decided.

use crate::evidence::{self, Limits, Numeric, Pair};
use crate::number::Rational;
use crate::tensor::{Function, Node, NodeId, Store};

/// A coefficient outside 10⁻⁹…10⁹ can hide a term.
const WEIGHT: f64 = 1e9;
/// Inside a function that grows or saturates exponentially, a number beyond this can.
const EXPONENT: f64 = 30.0;
/// A number of more bits than this can stand for another, as 3.14… for π, that no floating point tells from it.
const BITS: u64 = 90;
/// So can a power beyond this.
const POWER: f64 = 16.0;

/// Whether a term of either side can be too small to be seen.
pub(super) fn may_hide(store: &Store, roots: [NodeId; 2]) -> bool {
    let nodes = store.reachable(&roots);
    let inside: Vec<NodeId> = nodes
        .iter()
        .filter_map(|id| match store.node(*id) {
            Node::Map(f, x) if saturates(f) => Some(*x),
            Node::ScalarPower(_, y) => Some(*y),
            _ => None,
        })
        .collect();
    let inside = if inside.is_empty() { Vec::new() } else { store.reachable(&inside) };
    let beyond = |c: &Rational, limit: f64| {
        let size = c.to_f64().abs();
        size > limit || size < 1.0 / limit
    };
    let weights = |id: &NodeId, limit: f64| match store.node(*id) {
        Node::Sum(terms) => terms.iter().any(|t| beyond(&t.0, limit) || is_long(&t.0)),
        Node::Map(Function::Power(q), _) => q.to_f64().abs() > POWER,
        Node::MatrixPower(_, p) => p.as_constant().is_some_and(|k| k.unsigned_abs() > POWER as u64),
        _ => false,
    };
    let large = |id: &NodeId| match store.node(*id) {
        Node::Sum(terms) => terms.iter().any(|t| t.0.to_f64().abs() > EXPONENT),
        Node::Integer(p) => p.as_constant().is_none_or(|n| n.unsigned_abs() as f64 > EXPONENT),
        _ => false,
    };
    nodes.iter().any(|id| weights(id, WEIGHT)) || inside.iter().any(large)
}

fn is_long(c: &Rational) -> bool {
    let (over, under) = c.parts();
    over.bits().max(under.bits()) > BITS
}

/// Whether either side has a number of more digits than floating point has.
pub(super) fn has_long_numbers(store: &Store, roots: [NodeId; 2]) -> bool {
    store.reachable(&roots).iter().any(|id| match store.node(*id) {
        Node::Sum(terms) => terms.iter().any(|t| is_long(&t.0)),
        _ => false,
    })
}

fn saturates(f: &Function) -> bool {
    matches!(
        f,
        Function::Exp
            | Function::Erf
            | Function::Sinh
            | Function::Cosh
            | Function::Tanh
            | Function::Sigmoid
            | Function::Softplus
            | Function::Unknown(..)
    )
}

/// Whether the candidate has logarithms or roots that the truth does not have: its domain may be smaller.
pub(super) fn restricts(store: &Store, candidate: NodeId, truth: NodeId) -> bool {
    let partial = |id: &NodeId| match store.node(*id) {
        Node::Map(Function::Log | Function::Asin, _) | Node::ScalarPower(..) => true,
        Node::Map(Function::Power(q), _) => !q.is_integer(),
        _ => false,
    };
    let own: Vec<NodeId> = store.reachable(&[candidate]).into_iter().filter(partial).collect();
    if own.is_empty() {
        return false;
    }
    let known = store.reachable(&[truth]);
    own.iter().any(|id| !known.contains(id))
}

/// Whether what the two sides do not have in common is certainly not zero.
pub(super) fn differ(pair: &Pair<'_>) -> bool {
    let mut store = pair.store.clone();
    let mut terms: Vec<(Rational, NodeId)> = Vec::new();
    for (sign, root) in [(Rational::ONE, pair.candidate), (Rational::MINUS_ONE, pair.truth)] {
        match store.node(root) {
            Node::Sum(inner) => terms.extend(inner.iter().map(|(c, x)| (&sign * c, *x))),
            _ => terms.push((sign, root)),
        }
    }
    let difference = store.sum(&terms);
    let axes = store.axes(difference).clone();
    let zero = store.zero(axes);
    if store.is_exceeded() || difference == zero {
        return false;
    }
    let limits = Limits::default();
    let own = Pair { store: &store, candidate: difference, truth: zero, limits: &limits, ..*pair };
    matches!(evidence::numeric(&own), Numeric::Different { .. })
}
