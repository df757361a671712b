//! Which sizes let the inverses of a graph exist, read off its contractions.
//!
//! The matrix of a contraction has at most the rank of any label whose removal parts its rows from its columns: XᵀX
//! can be inverted only where X has at least as many rows as columns. Such sizes are preferred, not required.

use crate::dimension::{Constraint, Order, Poly};
use crate::tensor::{DimId, Label, Labels, Node, NodeId, Product, Store};

/// Deepest nesting of contractions that is looked into.
const DEPTH: usize = 16;

/// The comparisons of dimensions without which an inverse or the logarithm of a determinant cannot exist.
pub(super) fn wishes(store: &Store, roots: &[NodeId]) -> Vec<Constraint> {
    of_arguments(store, roots, |node| match node {
        Node::Inverse(x) | Node::Determinant(x) => Some(*x),
        _ => None,
    })
}

/// The comparisons of dimensions without which an inverse cannot exist.
pub(super) fn inverses(store: &Store, roots: &[NodeId]) -> Vec<Constraint> {
    of_arguments(store, roots, |node| match node {
        Node::Inverse(x) => Some(*x),
        _ => None,
    })
}

fn of_arguments(store: &Store, roots: &[NodeId], argument: impl Fn(&Node) -> Option<NodeId>) -> Vec<Constraint> {
    let mut found: Vec<Constraint> = Vec::new();
    for id in store.reachable(roots) {
        let Some(argument) = argument(store.node(id)) else { continue };
        let Some(p) = product_of(store, argument) else { continue };
        let mut network = Network { factors: Vec::new(), dims: Vec::new() };
        let outer: Vec<Label> = (0..p.dims.len()).filter_map(|i| Label::try_from(i).ok()).collect();
        network.dims.extend_from_slice(&p.dims);
        network.flatten(store, p, &outer, DEPTH);
        let [.., row, col] = p.out.as_slice() else { continue };
        for (label, dim) in network.dims.iter().enumerate() {
            let Ok(label) = Label::try_from(label) else { continue };
            if label != *row && label != *col && !p.out.contains(&label) && network.parts(label, *row, *col) {
                let wish = at_least(store, *dim, network.dims[*row as usize]);
                if wish.left != wish.right && !found.contains(&wish) {
                    found.push(wish);
                }
            }
        }
    }
    found
}

fn at_least(store: &Store, large: DimId, small: DimId) -> Constraint {
    let poly = |d: DimId| -> Poly { store.poly(d).clone() };
    Constraint { left: poly(large), order: Order::GreaterEqual, right: poly(small) }
}

/// The contraction that a node is, but for a factor and a name.
fn product_of(store: &Store, id: NodeId) -> Option<&Product> {
    match store.node(id) {
        Node::Product(p) => Some(p),
        Node::Definition { body, .. } => product_of(store, *body),
        Node::Sum(terms) if terms.len() == 1 => terms.first().and_then(|t| product_of(store, t.1)),
        _ => None,
    }
}

struct Network {
    factors: Vec<Labels>,
    dims: Vec<DimId>,
}

impl Network {
    /// Adds the factors of a contraction, those of nested ones included, under the labels `names`.
    fn flatten(&mut self, store: &Store, p: &Product, names: &[Label], depth: usize) {
        for (x, labels) in &p.factors {
            let labels: Labels = labels.iter().filter_map(|l| names.get(*l as usize).copied()).collect();
            let nested = product_of(store, *x).filter(|q| {
                depth > 0 && q.out.len() == labels.len() && (1..q.out.len()).all(|i| !q.out[..i].contains(&q.out[i]))
            });
            let Some(q) = nested else {
                self.factors.push(labels);
                continue;
            };
            if self.dims.len() + q.dims.len() > 1000 {
                self.factors.push(labels);
                continue;
            }
            let inner: Vec<Label> = (0..q.dims.len())
                .map(|i| match q.out.iter().position(|l| *l as usize == i) {
                    Some(axis) => labels[axis],
                    None => {
                        self.dims.push(q.dims[i]);
                        Label::try_from(self.dims.len() - 1).unwrap_or(Label::MAX)
                    }
                })
                .collect();
            self.flatten(store, q, &inner, depth - 1);
        }
    }

    /// Whether every way from `row` to `col` leads over `label`.
    fn parts(&self, label: Label, row: Label, col: Label) -> bool {
        let mut reached: Vec<Label> = vec![row];
        let mut next = 0;
        while let Some(from) = reached.get(next).copied() {
            next += 1;
            for factor in self.factors.iter().filter(|f| f.contains(&from)) {
                for l in factor {
                    if *l != label && !reached.contains(l) {
                        reached.push(*l);
                    }
                }
            }
        }
        !reached.contains(&col)
    }
}
