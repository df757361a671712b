//! Random contractions of scalars, vectors and matrices with repeated labels: whatever is printed must be equal.

#[path = "../../../tests/drawn/mod.rs"]
mod drawn;

use super::Lab;
use crate::tensor::{Function, Label, Labels, NodeId, Value};
use proptest::prelude::*;

/// A factor: which operand, and a label for each of its axes.
type Factor = (usize, [u16; 2]);

struct Operands {
    nodes: Vec<NodeId>,
}

impl Operands {
    /// Scalars, vectors and matrices over one dimension, members of families, and formulas of them.
    fn new(lab: &mut Lab, families: bool) -> Self {
        let (a, b) = (lab.symbol("a", &["n"]), lab.symbol("b", &["n"]));
        let (x, y) = (lab.symbol("X", &["n", "n"]), lab.symmetric("S", "n"));
        let t = lab.symbol("t", &[]);
        let sum = lab.plus(&x, &y);
        let difference = lab.minus(&a, &b);
        let inverse = lab.store.inverted(&x);
        let tanh = lab.map(Function::Tanh, &x);
        let over = lab.power(&t, -1, 1);
        let product = lab.product(&[&x, &y]);
        let nested = lab.product(&[&product, &difference]);
        let mut all = vec![a, b, x, y, t, sum, difference, inverse, tanh, over, nested];
        if families {
            let (u, v) = (lab.family("u", &["n"]), lab.family("c", &[]));
            all.extend([u.clone(), v]);
            all.push(lab.product(&[&product, &u]));
        }
        Self { nodes: all.iter().map(|v| v.node).collect() }
    }
}

/// Builds the contraction; labels 0..4 count n, and the member axis has the label 4.
fn build(lab: &mut Lab, operands: &Operands, factors: &[Factor], out: &[u16]) -> Option<Value> {
    let n = lab.poly("n");
    let n = lab.store.dim(&n);
    let members = lab.poly("N");
    let members = lab.store.dim(&members);
    let dims = [n, n, n, n, members, members];
    let mut list: Vec<(NodeId, Labels)> = Vec::new();
    for (which, labels) in factors {
        let node = operands.nodes[which % operands.nodes.len()];
        let axes = lab.store.axes(node).clone();
        let mut free = labels.iter();
        let labels: Labels = axes
            .iter()
            .map(
                |d| if *d == members { 4 + free.next().map_or(0, |l| l % 2) } else { free.next().map_or(0, |l| l % 4) },
            )
            .collect();
        list.push((node, labels));
    }
    let out: Vec<Label> = out.iter().map(|l| l % 4).collect();
    let node = lab.store.product(&list, &out, &dims);
    Some(Value::matrix(node, !out.is_empty(), out.len() > 1))
}

fn factors() -> impl Strategy<Value = Vec<Factor>> {
    prop::collection::vec((0usize..20, [0u16..4, 0u16..4]), 1..6)
}

proptest! {
    #![proptest_config(drawn::fixed(300))]

    #[test]
    fn networks_of_vectors_and_matrices(f in factors(), out in prop::collection::vec(0u16..4, 0..3)) {
        let mut lab = Lab::new();
        let operands = Operands::new(&mut lab, false);
        if let Some(v) = build(&mut lab, &operands, &f, &out) {
            let _ = lab.tree(&v, false);
            let _ = lab.tree(&v, true);
        }
    }

    #[test]
    fn networks_of_members(f in factors(), out in prop::collection::vec(0u16..4, 0..3)) {
        let mut lab = Lab::new();
        let operands = Operands::new(&mut lab, true);
        if let Some(v) = build(&mut lab, &operands, &f, &out) {
            let _ = lab.tree(&v, false);
            let _ = lab.tree(&v, true);
        }
    }

    #[test]
    fn sums_and_maps_of_networks(
        f in factors(),
        g in factors(),
        out in prop::collection::vec(0u16..4, 0..3),
        c in -3i64..4,
    ) {
        let mut lab = Lab::new();
        let operands = Operands::new(&mut lab, true);
        let (a, b) = (build(&mut lab, &operands, &f, &out), build(&mut lab, &operands, &g, &out));
        if let (Some(a), Some(b)) = (a, b) {
            let b = lab.scale(c, 2, &b);
            let sum = lab.plus(&a, &b);
            let map = lab.map(Function::Softplus, &sum);
            let product = lab.store.entrywise(&map, &a);
            for v in [sum, map, product] {
                let _ = lab.tree(&v, false);
            }
        }
    }

    #[test]
    fn tensors_of_four_axes(f in factors(), out in [0u16..4, 0u16..4, 0u16..4, 0u16..4]) {
        let mut lab = Lab::new();
        let operands = Operands::new(&mut lab, false);
        if let Some(v) = build(&mut lab, &operands, &f, &out) {
            let v = Value { row: false, col: false, ..v };
            let _ = lab.tree(&v, false);
            let _ = lab.tree(&v, true);
            let fused = lab.store.fuse(v.node, smallvec::smallvec![2, 2]);
            let _ = lab.tree(&Value::matrix(fused, true, true), false);
            let vector = lab.store.fuse(v.node, smallvec::smallvec![2, 1, 1]);
            let _ = lab.tree(&Value::matrix(vector, false, false), false);
        }
    }
}
