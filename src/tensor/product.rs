//! Contractions: the one constructor of [`Node::Product`].

use super::{Axes, DimId, Label, Labels, Node, NodeId, Product, Store};
use crate::number::Rational;
use smallvec::SmallVec;

/// A contraction under construction.
struct Contraction {
    factors: Vec<(NodeId, Labels)>,
    out: Labels,
    dims: SmallVec<[DimId; 8]>,
    /// Labels that another one has replaced.
    merged: SmallVec<[Label; 4]>,
    /// How many labels the caller gave; later ones came with opened factors.
    given: usize,
    coefficient: Rational,
}

impl Contraction {
    fn fresh(&mut self, dim: DimId) -> Label {
        self.dims.push(dim);
        Label::try_from(self.dims.len() - 1).unwrap_or(Label::MAX)
    }

    /// Makes two labels one: what a delta between them says.
    fn merge(&mut self, keep: Label, gone: Label) {
        let rename = |labels: &mut Labels| labels.iter_mut().filter(|l| **l == gone).for_each(|l| *l = keep);
        self.factors.iter_mut().for_each(|f| rename(&mut f.1));
        rename(&mut self.out);
        self.merged.push(gone);
    }
}

impl Store {
    /// The contraction of `factors` onto the axes `out`; `dims[l]` is the dimension of label `l`.
    ///
    /// Rational factors go to the front, products of fewer than two factors are opened, fused axes are opened and
    /// fused again on the outside.
    pub fn product(&mut self, factors: &[(NodeId, Labels)], out: &[Label], dims: &[DimId]) -> NodeId {
        let mut c = Contraction {
            factors: Vec::with_capacity(factors.len()),
            out: out.into(),
            dims: dims.into(),
            merged: SmallVec::new(),
            given: dims.len(),
            coefficient: Rational::ONE,
        };
        // Later factors are opened into `c` with their labels as they are after the merges so far.
        let mut pending: Vec<(NodeId, Labels)> = factors.iter().rev().cloned().collect();
        while let Some((id, labels)) = pending.pop() {
            match self.node(id) {
                Node::Zero(_) => return self.zero(out.iter().map(|l| dims[*l as usize]).collect()),
                Node::Sum(terms) if terms.len() == 1 => {
                    let (k, x) = terms[0].clone();
                    c.coefficient = &c.coefficient * &k;
                    pending.push((x, labels));
                }
                Node::Integer(p) if p.is_one() => {}
                Node::Product(inner) if inner.factors.len() < 2 => {
                    let inner = inner.clone();
                    Self::open(&mut c, &mut pending, &inner, &labels);
                }
                _ => c.factors.push((id, labels)),
            }
        }
        if let Some(fused) = self.open_fused(&mut c) {
            return fused;
        }
        self.count_vanished(&mut c, factors);
        self.finish(c)
    }

    /// A summed label that no factor has any more, once its deltas are gone, counts its range: tr I = n.
    fn count_vanished(&mut self, c: &mut Contraction, factors: &[(NodeId, Labels)]) {
        // Labels that were used, and are not any more.
        let mut vanished: SmallVec<[bool; 16]> = SmallVec::from_elem(true, c.dims.len());
        vanished[..c.given].fill(false);
        factors.iter().flat_map(|f| &f.1).for_each(|l| vanished[*l as usize] = true);
        let left = c.factors.iter().flat_map(|f| &f.1).chain(&c.out).chain(&c.merged);
        left.for_each(|l| vanished[*l as usize] = false);
        for l in (0..c.dims.len()).filter(|l| vanished[*l]) {
            let count = self.poly(c.dims[l]).clone();
            let count = self.integer(&count);
            let (k, rest) = self.split_coefficient(count);
            c.coefficient = &c.coefficient * &k;
            if self.as_rational(rest).is_none_or(|r| !r.is_one()) {
                c.factors.push((rest, Labels::new()));
            }
        }
    }

    /// Puts the factor of `inner`, seen through the outer `labels`, back on the pending list.
    fn open(c: &mut Contraction, pending: &mut Vec<(NodeId, Labels)>, inner: &Product, labels: &Labels) {
        let mut image: SmallVec<[Option<Label>; 8]> = SmallVec::from_elem(None, inner.dims.len());
        let mut labels = labels.clone();
        for position in 0..inner.out.len() {
            let (inside, outside) = (inner.out[position] as usize, labels[position]);
            match image[inside] {
                None => image[inside] = Some(outside),
                Some(keep) if keep == outside => {}
                Some(keep) => {
                    c.merge(keep, outside);
                    let rename = |l: &mut Labels| l.iter_mut().filter(|x| **x == outside).for_each(|x| *x = keep);
                    pending.iter_mut().for_each(|p| rename(&mut p.1));
                    rename(&mut labels);
                    image.iter_mut().flatten().filter(|x| **x == outside).for_each(|x| *x = keep);
                }
            }
        }
        for (id, l) in &inner.factors {
            let mapped = l
                .iter()
                .map(|x| match image[*x as usize] {
                    Some(known) => known,
                    None => {
                        let new = c.fresh(inner.dims[*x as usize]);
                        image[*x as usize] = Some(new);
                        new
                    }
                })
                .collect();
            pending.push((*id, mapped));
        }
    }

    /// Where a factor is fused, opens the fused labels in every factor and fuses the result again.
    fn open_fused(&mut self, c: &mut Contraction) -> Option<NodeId> {
        let found = c.factors.iter().find_map(|(id, labels)| match self.node(*id) {
            Node::Fuse { argument, groups } => {
                let position = groups.iter().position(|g| *g > 1)?;
                let start: usize = groups[..position].iter().map(|g| *g as usize).sum();
                let axes = self.axes(*argument);
                let parts: Axes = axes.get(start..start + groups[position] as usize)?.into();
                Some((labels[position], parts))
            }
            _ => None,
        });
        let (label, parts) = found?;
        let mut inner = Contraction {
            factors: Vec::new(),
            out: Labels::new(),
            dims: c.dims.clone(),
            merged: SmallVec::new(),
            given: c.dims.len(),
            coefficient: c.coefficient.clone(),
        };
        let new: Labels = parts.iter().map(|d| inner.fresh(*d)).collect();
        for (id, labels) in std::mem::take(&mut c.factors) {
            let mut id = id;
            let mut expanded = Labels::new();
            for l in &labels {
                if *l == label {
                    id = self.split(id, expanded.len(), &parts);
                    expanded.extend_from_slice(&new);
                } else {
                    expanded.push(*l);
                }
            }
            inner.factors.push((id, expanded));
        }
        let mut groups: SmallVec<[u8; 4]> = SmallVec::new();
        for l in &c.out {
            if *l == label {
                inner.out.extend_from_slice(&new);
                groups.push(u8::try_from(new.len()).unwrap_or(u8::MAX));
            } else {
                inner.out.push(*l);
                groups.push(1);
            }
        }
        let body = self.product(&inner.factors, &inner.out, &inner.dims);
        let body = self.scale(&inner.coefficient, body);
        Some(self.fuse(body, groups))
    }

    fn finish(&mut self, mut c: Contraction) -> NodeId {
        let (factors, out, dims) = Self::renumber(&mut c);
        let is_identity = |labels: &Labels| *labels == out && out.iter().enumerate().all(|(i, l)| *l as usize == i);
        let node = match factors.as_slice() {
            [(id, labels)] if is_identity(labels) => *id,
            [] if out.is_empty() => self.one(),
            _ => self.intern(Node::Product(Product { factors: factors.into(), out, dims })),
        };
        if c.coefficient.is_one() { node } else { self.scale(&c.coefficient, node) }
    }

    #[allow(clippy::type_complexity)] // one use, and the parts are named where it is taken apart
    fn renumber(c: &mut Contraction) -> (Vec<(NodeId, Labels)>, Labels, SmallVec<[DimId; 4]>) {
        let mut number: SmallVec<[Option<Label>; 8]> = SmallVec::from_elem(None, c.dims.len());
        let mut dims: SmallVec<[DimId; 4]> = SmallVec::new();
        let mut of = |l: Label| {
            let i = l as usize;
            *number[i].get_or_insert_with(|| {
                dims.push(c.dims[i]);
                Label::try_from(dims.len() - 1).unwrap_or(Label::MAX)
            })
        };
        let out: Labels = c.out.iter().map(|l| of(*l)).collect();
        let factors = std::mem::take(&mut c.factors)
            .into_iter()
            .map(|(id, l)| (id, l.iter().map(|x| of(*x)).collect()))
            .collect();
        (factors, out, dims)
    }

    /// The tensor with its axes in another order: axis `i` of the result is axis `order[i]` of `x`.
    pub fn permute(&mut self, x: NodeId, order: &[usize]) -> NodeId {
        let axes = self.axes(x).clone();
        let labels: Labels = (0..axes.len()).map(|i| Label::try_from(i).unwrap_or(0)).collect();
        let out: Labels = order.iter().map(|i| labels[*i]).collect();
        self.product(&[(x, labels)], &out, &axes)
    }

    /// Entries of two tensors of equal axes multiplied.
    pub fn hadamard(&mut self, x: NodeId, y: NodeId) -> NodeId {
        let axes = self.axes(x).clone();
        let labels: Labels = (0..axes.len()).map(|i| Label::try_from(i).unwrap_or(0)).collect();
        self.product(&[(x, labels.clone()), (y, labels.clone())], &labels, &axes)
    }
}
