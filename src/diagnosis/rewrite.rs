//! Nodes replaced in a graph by others of equal axes.

use crate::tensor::{Node, NodeId, Store};
use rustc_hash::FxHashMap;

/// The node with some of the nodes it is made from replaced.
pub(crate) fn rewrite(store: &mut Store, root: NodeId, changes: &[(NodeId, NodeId)]) -> NodeId {
    let mut new: FxHashMap<NodeId, NodeId> = changes.iter().copied().collect();
    for id in store.reachable(&[root]) {
        if new.contains_key(&id) {
            continue;
        }
        let operands = store.operands(id);
        let of = |x: NodeId| new.get(&x).copied().unwrap_or(x);
        if operands.iter().all(|o| of(*o) == *o) {
            continue;
        }
        let made = match store.node(id).clone() {
            // What a definition stands for has changed, so that it is that definition no more.
            Node::Definition { body, .. } => of(body),
            Node::Product(p) => {
                let factors: Vec<_> = p.factors.iter().map(|(x, l)| (of(*x), l.clone())).collect();
                store.product(&factors, &p.out, &p.dims)
            }
            Node::Sum(terms) => {
                let terms: Vec<_> = terms.iter().map(|(c, x)| (c.clone(), of(*x))).collect();
                store.sum(&terms)
            }
            Node::Map(f, x) => store.map(f, of(x)),
            Node::ScalarPower(a, b) => store.scalar_power(of(a), of(b)),
            Node::MatrixPower(x, p) => store.matrix_power(of(x), &p),
            Node::Inverse(x) => store.inverse(of(x)),
            Node::Determinant(x) => store.determinant(of(x)),
            Node::Unknown { function, order, batch, argument } => store.unknown(function, order, batch, of(argument)),
            Node::RangeSum { variable, lower, upper, body } => store.range_sum(variable, &lower, &upper, of(body)),
            Node::Fuse { argument, groups } => store.fuse(of(argument), groups),
            Node::Split { argument, axis, factors } => store.split(of(argument), axis as usize, &factors),
            Node::Variable(_) | Node::Zero(_) | Node::Integer(_) | Node::Constant(_) | Node::Pattern(_) => id,
        };
        new.insert(id, made);
    }
    new.get(&root).copied().unwrap_or(root)
}
