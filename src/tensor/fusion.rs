//! Fusing and splitting of axes: what vec and the Kronecker product need beyond contractions.

use super::{Axes, DimId, Node, NodeId, Store};
use crate::dimension::Poly;
use smallvec::SmallVec;

impl Store {
    /// Makes runs of adjacent axes one each; `groups` gives the run lengths.
    pub fn fuse(&mut self, x: NodeId, groups: SmallVec<[u8; 4]>) -> NodeId {
        if groups.iter().all(|g| *g == 1) {
            return x;
        }
        if let Node::Zero(_) = self.node(x) {
            let fused = self.intern(Node::Fuse { argument: x, groups });
            let axes = self.axes(fused).clone();
            return self.zero(axes);
        }
        if let Node::Fuse { argument, groups: inner } = self.node(x).clone() {
            let mut rest = inner.iter();
            let one = |g: &u8| rest.by_ref().take(*g as usize).try_fold(0u8, |all, n| all.checked_add(*n));
            let merged: Option<SmallVec<[u8; 4]>> = groups.iter().map(one).collect();
            return match merged {
                Some(merged) => self.fuse(argument, merged),
                None => self.intern(Node::Fuse { argument: x, groups }),
            };
        }
        let (c, rest) = self.split_coefficient(x);
        if !c.is_one() {
            let inner = self.fuse(rest, groups);
            return self.scale_fused(&c, inner);
        }
        self.intern(Node::Fuse { argument: x, groups })
    }

    /// A multiple of a fused tensor, kept outside the fusion.
    fn scale_fused(&mut self, c: &crate::number::Rational, fused: NodeId) -> NodeId {
        self.intern(Node::Sum(smallvec::smallvec![(c.clone(), fused)]))
    }

    /// Makes one axis several, whose dimensions multiply to its own.
    pub fn split(&mut self, x: NodeId, axis: usize, factors: &[DimId]) -> NodeId {
        if factors.len() == 1 {
            return x;
        }
        match self.node(x).clone() {
            Node::Fuse { argument, groups } => {
                let start: usize = groups[..axis].iter().map(|g| *g as usize).sum();
                let run = groups[axis] as usize;
                if self.axes(argument).get(start..start + run) == Some(factors) {
                    let mut open: SmallVec<[u8; 4]> = groups[..axis].into();
                    open.extend(std::iter::repeat_n(1, run));
                    open.extend_from_slice(&groups[axis + 1..]);
                    return self.fuse(argument, open);
                }
            }
            Node::Zero(axes) => {
                let mut out: Axes = axes[..axis].into();
                out.extend_from_slice(factors);
                out.extend_from_slice(&axes[axis + 1..]);
                return self.zero(out);
            }
            Node::Sum(terms) => {
                let inner: Vec<_> = terms.iter().map(|(c, t)| (c.clone(), self.split(*t, axis, factors))).collect();
                return self.sum(&inner);
            }
            Node::Product(p) => return self.split_product(&p, axis, factors),
            Node::Map(f, y) => {
                let inner = self.split(y, axis, factors);
                return self.map(f, inner);
            }
            _ => {}
        }
        self.intern(Node::Split { argument: x, axis: u8::try_from(axis).unwrap_or(u8::MAX), factors: factors.into() })
    }

    /// A label of a contraction made several, in the result and in every factor that has it.
    fn split_product(&mut self, p: &super::Product, axis: usize, parts: &[DimId]) -> NodeId {
        let label = p.out[axis];
        let mut dims: Vec<DimId> = p.dims.to_vec();
        let new: super::Labels = parts
            .iter()
            .map(|d| {
                dims.push(*d);
                super::Label::try_from(dims.len() - 1).unwrap_or(0)
            })
            .collect();
        let mut factors = Vec::new();
        for (id, labels) in &p.factors {
            let (mut id, mut expanded) = (*id, super::Labels::new());
            for l in labels {
                if *l == label {
                    id = self.split(id, expanded.len(), parts);
                    expanded.extend_from_slice(&new);
                } else {
                    expanded.push(*l);
                }
            }
            factors.push((id, expanded));
        }
        let mut out = super::Labels::new();
        let mut groups: SmallVec<[u8; 4]> = SmallVec::new();
        for (i, l) in p.out.iter().enumerate() {
            if *l == label {
                out.extend_from_slice(&new);
                if i == axis {
                    groups.extend(std::iter::repeat_n(1, new.len()));
                } else {
                    groups.push(u8::try_from(new.len()).unwrap_or(u8::MAX));
                }
            } else {
                out.push(*l);
                groups.push(1);
            }
        }
        let body = self.product(&factors, &out, &dims);
        self.fuse(body, groups)
    }

    /// The dimension of several axes made one.
    pub fn product_dim(&mut self, parts: &[DimId]) -> DimId {
        let product = parts.iter().fold(Poly::constant(1), |p, d| p.mul(self.poly(*d)));
        self.dim(&product)
    }
}
