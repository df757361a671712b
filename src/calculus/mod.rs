//! Derivatives: reverse mode on the tensor graph, for any order.
//!
//! In: a node and what it is differentiated by. Out: a node whose axes are those of the output, then those of the
//! variable.
//! Invariants: one rule a kind of node, and no other; shared subexpressions stay shared, so the gradient of an
//! n-node graph has O(n) nodes; properties of the variable are not used.
//! Not here: which formula was meant (see `lower`), whether the result is right (see `evidence`).
//! Source: S. Laue, M. Mitterreiter, J. Giesen, Computing Higher Order Derivatives of Matrix and Tensor
//! Expressions, NeurIPS 2018, section 4 (the pullbacks of contraction, sum and elementwise function); K. B. Petersen,
//! M. S. Pedersen, The Matrix Cookbook (2012), equations 49 (determinant), 59 (inverse) and 122 (power).

mod pullback;
mod structured;

pub use structured::{Structure, structured};

use crate::tensor::{Label, Labels, Node, NodeId, Store};
use pullback::Pullback;
use rustc_hash::FxHashMap;

/// The derivative of `output` by `target`, a variable or any other node the output is made from.
///
/// The axes of the result are those of `output`, then those of `target`. Occurrences of the target inside the target
/// itself do not count; occurrences that are not this very node are constant.
pub fn derivative(store: &mut Store, output: NodeId, target: NodeId) -> NodeId {
    derived(store, output, target, false)
}

/// The same with the defined quantities that `output` is made from held fixed: the partial derivative of one formula
/// by what stands in it.
pub fn partial(store: &mut Store, output: NodeId, target: NodeId) -> NodeId {
    let own = match store.node(output) {
        Node::Definition { body, .. } => *body,
        _ => output,
    };
    derived(store, own, target, true)
}

fn derived(store: &mut Store, output: NodeId, target: NodeId, held: bool) -> NodeId {
    let axes = store.axes(output).clone();
    let rank = axes.len();
    let labels: Labels = (0..rank).chain(0..rank).map(|i| Label::try_from(i).unwrap_or(0)).collect();
    let seed = if rank == 0 { store.one() } else { store.product(&[], &labels, &axes) };
    let result = Pullback::new(store, rank, target, held).run(output, seed);
    match result {
        Some(node) => node,
        None => {
            let mut all = axes;
            all.extend_from_slice(store.axes(target));
            store.zero(all)
        }
    }
}

/// The differential of `output`: Σ (∂output/∂X) · dX over the pairs (X, dX), with the axes of `output`.
///
/// Sums, products and rearranged axes have the differentials of their parts in their places, so that d(A X B) is
/// A dX B as it stands; of anything else its derivative is contracted with dX.
pub fn differential(store: &mut Store, output: NodeId, varying: &[(NodeId, NodeId)]) -> NodeId {
    let axes = store.axes(output).clone();
    let mut sum = store.zero(axes);
    for (target, d) in varying {
        let mut known = FxHashMap::default();
        let term = tangent(store, output, (*target, *d), &mut known);
        sum = store.add(sum, term);
    }
    sum
}

/// Deeper than this a derivative is taken as a whole.
const DEEPEST: usize = 64;

fn tangent(
    store: &mut Store,
    output: NodeId,
    (target, d): (NodeId, NodeId),
    known: &mut FxHashMap<NodeId, NodeId>,
) -> NodeId {
    tangent_within(store, output, (target, d), known, DEEPEST)
}

fn tangent_within(
    store: &mut Store,
    id: NodeId,
    moved: (NodeId, NodeId),
    known: &mut FxHashMap<NodeId, NodeId>,
    deep: usize,
) -> NodeId {
    if id == moved.0 {
        return moved.1;
    }
    if let Some(found) = known.get(&id) {
        return *found;
    }
    let mut of = |store: &mut Store, x: NodeId| tangent_within(store, x, moved, known, deep.saturating_sub(1));
    let node = store.node(id).clone();
    let found = match node {
        _ if deep == 0 => contracted(store, id, moved),
        Node::Definition { body, .. } => of(store, body),
        Node::Sum(terms) => {
            let moving: Vec<_> = terms.iter().map(|(c, x)| (c.clone(), of(store, *x))).collect();
            store.sum(&moving)
        }
        Node::Product(p) => {
            let mut sum = store.zero(store.axes(id).clone());
            for place in 0..p.factors.len() {
                let mut factors = p.factors.clone();
                factors[place].0 = of(store, factors[place].0);
                if !matches!(store.node(factors[place].0), Node::Zero(_)) {
                    let term = store.product(&factors, &p.out, &p.dims);
                    sum = store.add(sum, term);
                }
            }
            sum
        }
        Node::Fuse { argument, groups } => {
            let inner = of(store, argument);
            store.fuse(inner, groups)
        }
        // Entry by entry: f'(x) ⊙ dx. A log-determinant has a derivative without the determinant.
        Node::Map(_, x) if !matches!(store.node(x), Node::Determinant(_)) => {
            let dx = of(store, x);
            contracted(store, id, (x, dx))
        }
        _ => contracted(store, id, moved),
    };
    known.insert(id, found);
    found
}

/// The derivative by the target, contracted with the target's own differential.
fn contracted(store: &mut Store, output: NodeId, (target, d): (NodeId, NodeId)) -> NodeId {
    let derivative = derivative(store, output, target);
    let (rank, own) = (store.rank(output), store.rank(target));
    let labels = |range: std::ops::Range<usize>| -> Labels { range.map(|i| Label::try_from(i).unwrap_or(0)).collect() };
    let dims = store.axes(derivative).clone();
    let factors = [(derivative, labels(0..rank + own)), (d, labels(rank..rank + own))];
    store.product(&factors, &labels(0..rank), &dims)
}
