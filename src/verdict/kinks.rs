//! Kinks and jumps that a sample may never reach: `max(0, s − 10)` is 0 at every small s.
//!
//! An equality that only floating point found is trusted only if every argument of a function with a kink was seen on
//! both sides of it. Points are drawn at growing scales until that is so, and the two sides are compared there.

use crate::evaluation::{Bounded, Draw, Floats, Generic, evaluate, mix, sample, seed, sizes, variables};
use crate::evidence::Pair;
use crate::tensor::{Function, Node, NodeId};

/// What growing scales show.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Kinks {
    /// Every kink was seen from both sides, and the two nodes agree.
    Seen,
    /// The two nodes differ at a larger scale.
    Differ,
    /// Some kink was never crossed.
    Unseen,
}

const SCALES: [f64; 12] = [1e-7, 1e-5, 1e-3, 0.05, 0.4, 1.0, 4.0, 16.0, 64.0, 256.0, 2048.0, 16384.0];
const POINTS: u64 = 6;
/// Rounding is far below this share of a value.
const DIFFERENT: f64 = 1e-6;

/// Looks at both sides of every kink.
pub(super) fn look(pair: &Pair<'_>) -> Kinks {
    let store = pair.store;
    let has_kink = |f: &Function| {
        matches!(
            f,
            Function::Relu
                | Function::Abs
                | Function::Sign
                | Function::Positive
                | Function::NonNegative
                | Function::Zero
        )
    };
    let roots = [pair.candidate, pair.truth];
    let arguments: Vec<NodeId> = store
        .reachable(&roots)
        .into_iter()
        .filter_map(|id| match store.node(id) {
            // A comparison of indices is the same at every point.
            Node::Map(f, x) if has_kink(f) && !variables(store, &[*x]).is_empty() => Some(*x),
            _ => None,
        })
        .collect();
    if arguments.is_empty() {
        return Kinks::Seen;
    }
    let all: Vec<NodeId> = roots.iter().chain(&arguments).copied().collect();
    let used = variables(store, &all);
    let Some(here) = sizes(store, &all, pair.sizes, 3).into_iter().next() else { return Kinks::Unseen };
    let floats = Floats::<f64>::new();
    let seed = seed(&pair.seed_text);
    let mut sides = vec![(false, false); arguments.len()];
    for (step, scale) in SCALES.iter().enumerate() {
        for number in 0..POINTS {
            let positive = if number % 3 == 2 { u64::MAX } else { 0 };
            let mut source = Generic::new(*scale, positive, number % 2 == 1);
            let draw = Draw { seed: mix(seed, mix(step as u64 + 77, number)), number, enumerate: false };
            let Ok(point) = sample(&floats, &mut source, store, &used, &here, draw, pair.limits.entries) else {
                continue;
            };
            let Ok(values) = evaluate(&floats, store, &all, &point, pair.limits) else { continue };
            for (side, x) in sides.iter_mut().zip(&values[2..]) {
                side.0 |= x.data.iter().any(|b| b.to_f64() > 0.0);
                side.1 |= x.data.iter().any(|b| b.to_f64() < 0.0);
            }
            let size = values[..2].iter().flat_map(|t| &t.data).map(|b| b.to_f64().abs()).fold(0.0, f64::max);
            let apart = |(a, b): (&Bounded<f64>, &Bounded<f64>)| {
                let difference = (a.to_f64() - b.to_f64()).abs();
                difference > DIFFERENT * size && difference > 1e3 * (a.error + b.error)
            };
            if values[0].data.iter().zip(&values[1].data).any(apart) {
                return Kinks::Differ;
            }
        }
    }
    // An argument that cannot have another sign (a square, say) has no kink to cross.
    let crossed = |(side, x): (&(bool, bool), &NodeId)| side.0 && side.1 || is_one_signed(pair, *x);
    if sides.iter().zip(&arguments).all(crossed) { Kinks::Seen } else { Kinks::Unseen }
}

/// Whether a node is a sum of squares, or made of variables declared positive only.
fn is_one_signed(pair: &Pair<'_>, x: NodeId) -> bool {
    use crate::tensor::Property::{NonNegative, OneHot, Positive, Probability, Sign};
    match pair.store.node(x) {
        Node::Product(p) => matches!(p.factors.as_slice(), [a, b] if a == b),
        Node::Variable(v) => {
            let known = &pair.store.variable(*v).properties;
            [Positive, NonNegative, OneHot, Probability, Sign].iter().any(|q| known.contains(q))
        }
        Node::Map(Function::Exp | Function::Abs, _) => true,
        Node::Definition { body, .. } => is_one_signed(pair, *body),
        _ => false,
    }
}
