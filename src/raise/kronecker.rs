//! Fused axes: vec and the Kronecker product, where the tensor falls apart that way.

use super::compose::Parts;
use super::form::{Form, FormId, FormIds};
use super::product::Factors;
use super::view::{Raiser, Role};
use crate::number::Rational;
use crate::operator as op;
use crate::syntax::Name;
use crate::tensor::{Axes, DimId, Label, Labels, Node, NodeId, Product};
use smallvec::{SmallVec, smallvec};

/// Which labels hang together through the factors.
struct Components {
    root: Vec<usize>,
}

impl Components {
    fn new(factors: &Factors) -> Self {
        let mut all = Self { root: (0..factors.dims.len()).collect() };
        for (_, labels) in &factors.list {
            for l in labels.iter().skip(1) {
                let (a, b) = (all.of(labels[0]), all.of(*l));
                all.root.iter_mut().filter(|r| **r == a).for_each(|r| *r = b);
            }
        }
        all
    }

    fn of(&self, l: Label) -> usize {
        self.root[l as usize]
    }

    fn apart(&self, a: &[Label], b: &[Label]) -> bool {
        a.iter().all(|x| b.iter().all(|y| self.of(*x) != self.of(*y)))
    }
}

impl Raiser<'_> {
    /// A tensor with fused axes.
    #[inline(never)]
    pub(super) fn fused(&mut self, node: NodeId, roles: &[Role]) -> Option<FormId> {
        let Node::Fuse { argument, groups } = self.store.node(node).clone() else { return None };
        if let Some(at) = Self::indices(roles) {
            let shape = [Role::Row, Role::Col];
            let whole = shape.get(..roles.len()).and_then(|s| self.view(node, s));
            return match whole {
                Some(whole) => Some(self.forms.entry(whole, &at)),
                None => self.fused_entry(argument, &groups, &at),
            };
        }
        if let Some(whole) = self.refused(argument, &groups) {
            return self.view(whole, roles);
        }
        match self.store.node(argument).clone() {
            Node::Sum(terms) => {
                let mut forms = FormIds::new();
                for (c, x) in &terms {
                    let fused = self.store.fuse(*x, groups.clone());
                    let form = self.view(fused, roles)?;
                    forms.push(self.forms.scale(c, form));
                }
                return Some(self.forms.sum(&forms));
            }
            Node::Map(f, x) => {
                let fused = self.store.fuse(x, groups);
                return self.mapped(&f, fused, roles);
            }
            Node::Product(p) => {
                if let Some(form) = self.fused_terms(&p, &groups, roles) {
                    return Some(form);
                }
            }
            _ => {}
        }
        match (roles, groups.as_slice()) {
            ([Role::Row], [2]) => {
                let m = self.view(argument, &[Role::Col, Role::Row])?;
                Some(self.fronted(m, |r, m| r.forms.add(Form::Apply(&op::VEC, smallvec![m]), true, false)))
            }
            ([Role::Row, Role::Col], [2, 2] | [1, 2] | [2, 1]) => self.two_sided(argument, groups[0] as usize),
            _ => None,
        }
    }

    /// A product with a sum of many axes among its factors, fused term by term.
    #[inline(never)]
    fn fused_terms(&mut self, p: &Product, groups: &SmallVec<[u8; 4]>, roles: &[Role]) -> Option<FormId> {
        let mut factors = Factors { list: p.factors.to_vec(), dims: p.dims.to_vec() };
        self.open_products(&mut factors, &p.out, 3);
        let is_sum = |(x, ls): &(NodeId, Labels)| ls.len() >= 3 && matches!(self.store.node(*x), Node::Sum(_));
        let place = factors.list.iter().position(is_sum)?;
        let Node::Sum(terms) = self.store.node(factors.list[place].0).clone() else { return None };
        let mut forms = FormIds::new();
        for (c, x) in &terms {
            let mut list = factors.list.clone();
            list[place].0 = *x;
            let node = self.store.product(&list, &p.out, &factors.dims);
            let fused = self.store.fuse(node, groups.clone());
            let form = self.view(fused, roles)?;
            forms.push(self.forms.scale(c, form));
        }
        Some(self.forms.sum(&forms))
    }

    /// The entry at a place p of fused axes: Σ_{j,i} δ_{p, (j − 1) m + i} t_{ji}.
    fn fused_entry(&mut self, argument: NodeId, groups: &[u8], at: &[FormId]) -> Option<FormId> {
        let axes = self.store.axes(argument).clone();
        let depth = self.scope.len();
        let mut used: Vec<Name> = at.iter().flat_map(|i| self.forms.info(*i).letters.clone()).collect();
        let mut roles: SmallVec<[Role; 4]> = SmallVec::new();
        let mut factors = FormIds::new();
        let mut bound = Vec::new();
        let mut rest = axes.iter();
        for (group, place) in groups.iter().zip(at) {
            if *group == 1 {
                roles.push(Role::At(*place));
                rest.next();
                continue;
            }
            let mut own = Vec::new();
            let sizes: Axes = rest.by_ref().take(*group as usize).copied().collect();
            for d in &sizes {
                let letter = self.fresh_letter(None, &used);
                used.push(letter.clone());
                self.scope.push(letter.clone());
                let index = self.forms.index(&letter);
                own.push(index);
                roles.push(Role::At(index));
                let p = self.store.poly(*d).clone();
                bound.push((letter, self.poly(&p)));
            }
            let composite = self.composite(&own, &sizes)?;
            factors.push(self.forms.delta(&[*place, composite]));
        }
        let entry = self.view(argument, &roles);
        self.scope.truncate(depth);
        factors.push(entry?);
        let mut sum = self.forms.product(&factors);
        let one = self.forms.one();
        for (letter, upper) in bound.iter().rev() {
            sum = self.forms.bind(letter, one, *upper, sum);
        }
        Some(sum)
    }

    /// The place (j − 1) m + i of indices among axes made one.
    fn composite(&mut self, at: &[FormId], sizes: &Axes) -> Option<FormId> {
        let mut place = *at.first()?;
        let minus_one = self.forms.number(&Rational::MINUS_ONE);
        for (i, d) in at.iter().zip(sizes).skip(1) {
            let p = self.store.poly(*d).clone();
            let size = self.poly(&p);
            let from_zero = self.forms.sum(&[place, minus_one]);
            let blocks = self.forms.product(&[from_zero, size]);
            place = self.forms.sum(&[blocks, *i]);
        }
        Some(place)
    }

    /// Applies something linear behind the coefficient and scalars of a formula.
    fn fronted(&mut self, x: FormId, of: impl FnOnce(&mut Self, FormId) -> FormId) -> FormId {
        let mut parts = self.forms.parts(x);
        let chain = std::mem::take(&mut parts.chain);
        let front = self.forms.assemble(parts);
        let body = self.forms.assemble(Parts { coefficient: Some(Rational::ONE), scalars: FormIds::new(), chain });
        let whole = of(self, body);
        self.forms.product(&[front, whole])
    }

    /// A matrix of which at least one side is fused of two: A ⊗ B, or vec(M) vec(N)ᵀ.
    fn two_sided(&mut self, argument: NodeId, rows: usize) -> Option<FormId> {
        let Node::Product(p) = self.store.node(argument) else { return None };
        let mut out = p.out.clone();
        let mut factors = Factors { list: p.factors.to_vec(), dims: p.dims.to_vec() };
        self.join_deltas(&mut factors, &mut out);
        self.open_products(&mut factors, &out, 3);
        self.open_products(&mut factors, &out, 2);
        let parts = Components::new(&factors);
        let (r, c) = out.split_at(rows);
        if parts.apart(r, c) {
            let left = self.part(&factors, &parts, r, Some(c));
            let right = self.part(&factors, &parts, c, None);
            let (left, right) = (self.side(left, r.len())?, self.side(right, c.len())?);
            let right = self.forms.transpose(right);
            return Some(self.forms.product(&[left, right]));
        }
        if r == c && r.len() == 2 && r[0] != r[1] {
            // Each entry on its own: diag(vec(M)).
            let body = self.store.product(&factors.list, r, &factors.dims);
            let vector = self.side(body, 2)?;
            return Some(self.forms.diagonal_matrix(vector));
        }
        let splits: SmallVec<[(Labels, Labels, bool, bool); 2]> = match (r, c) {
            ([a, b], [x, y]) => smallvec![
                (smallvec![*a, *x], smallvec![*b, *y], true, true),
                (smallvec![*a, *y], smallvec![*b, *x], true, true)
            ],
            ([a, b], [x]) => smallvec![
                (smallvec![*a, *x], smallvec![*b], true, false),
                (smallvec![*a], smallvec![*b, *x], true, false)
            ],
            ([a], [x, y]) => smallvec![
                (smallvec![*a, *x], smallvec![*y], false, true),
                (smallvec![*x], smallvec![*a, *y], false, true)
            ],
            _ => return None,
        };
        let (slow, fast, row, _) = splits.into_iter().find(|s| parts.apart(&s.0, &s.1))?;
        let crossed = matches!((r, c), ([_, _], [x, y]) if fast.get(1) == Some(x) && slow.get(1) == Some(y) && x != y);
        let one = if row { Role::Row } else { Role::Col };
        let shape = |n: usize| if n == 2 { vec![Role::Row, Role::Col] } else { vec![one] };
        let a = self.part(&factors, &parts, &slow, Some(&fast));
        let b = self.part(&factors, &parts, &fast, None);
        let a = self.view(a, &shape(slow.len()))?;
        let b = self.view(b, &shape(fast.len()))?;
        let both = |r: &mut Self, a: FormId, b: FormId| {
            let (x, y) = (r.forms.info(a).clone(), r.forms.info(b).clone());
            r.forms.add(Form::Apply(&op::KRONECKER, smallvec![a, b]), x.row || y.row, x.col || y.col)
        };
        let whole = self.fronted(a, |r, a| r.fronted(b, |r, b| both(r, a, b)));
        if !crossed {
            return Some(whole);
        }
        let sizes = [slow[1], fast[1]].map(|l| self.store.poly(factors.dims[l as usize]).clone());
        let sizes = sizes.map(|p| self.poly(&p));
        let swap = self.forms.add(Form::Apply(&op::COMMUTATION, sizes.into_iter().collect()), true, true);
        Some(self.forms.product(&[whole, swap]))
    }

    /// Labels that a factor of three or more axes makes equal are one, so that the factor can be opened.
    fn join_deltas(&mut self, factors: &mut Factors, out: &mut Labels) {
        for place in 0..factors.list.len() {
            let (id, labels) = factors.list[place].clone();
            let Node::Product(inner) = self.store.node(id).clone() else { continue };
            if labels.len() < 3 {
                continue;
            }
            let mut kept: SmallVec<[usize; 4]> = SmallVec::new();
            let mut own = labels.clone();
            for (i, l) in inner.out.iter().enumerate() {
                match inner.out[..i].iter().position(|m| m == l) {
                    None => kept.push(i),
                    Some(first) => {
                        let (keep, gone) = (own[first], own[i]);
                        let rename = |ls: &mut Labels| ls.iter_mut().filter(|x| **x == gone).for_each(|x| *x = keep);
                        factors.list.iter_mut().for_each(|f| rename(&mut f.1));
                        rename(out);
                        rename(&mut own);
                    }
                }
            }
            if kept.len() < inner.out.len() {
                let outer: Labels = kept.iter().map(|i| inner.out[*i]).collect();
                let node = self.store.product(&inner.factors, &outer, &inner.dims);
                factors.list[place] = (node, kept.iter().map(|i| own[*i]).collect());
            }
        }
    }

    /// The contraction onto some labels of the factors that hang together with them, and, given the others, of those
    /// that do not hang together with these.
    fn part(&mut self, factors: &Factors, parts: &Components, out: &[Label], others: Option<&[Label]>) -> NodeId {
        let hangs = |l: &Label, with: &[Label]| with.iter().any(|o| parts.of(*o) == parts.of(*l));
        let belongs = |labels: &Labels| match (labels.first(), others) {
            (Some(l), Some(others)) => !hangs(l, others),
            (Some(l), None) => hangs(l, out),
            (None, others) => others.is_some(),
        };
        let list: Vec<(NodeId, Labels)> = factors.list.iter().filter(|f| belongs(&f.1)).cloned().collect();
        self.store.product(&list, out, &factors.dims)
    }

    /// A column, from one axis or two fused.
    fn side(&mut self, node: NodeId, axes: usize) -> Option<FormId> {
        let node = if axes == 2 { self.store.fuse(node, smallvec![2]) } else { node };
        self.view(node, &[Role::Row])
    }

    /// An axis taken apart: the entry at (j − 1) m + i.
    #[inline(never)]
    pub(super) fn split(&mut self, argument: NodeId, axis: usize, sizes: &Axes, roles: &[Role]) -> Option<FormId> {
        let (before, rest) = roles.split_at(axis.min(roles.len()));
        let (here, after) = rest.split_at(sizes.len().min(rest.len()));
        let at = Self::indices(here)?;
        let place = self.composite(&at, sizes)?;
        let all: SmallVec<[Role; 4]> =
            before.iter().copied().chain(std::iter::once(Role::At(place))).chain(after.iter().copied()).collect();
        self.view(argument, &all)
    }

    /// The tensor with every fused axis taken apart, as far as it was fused on the outside.
    pub(super) fn unfused(&mut self, mut node: NodeId) -> NodeId {
        while let Some((axis, parts)) = self.first_fused(node) {
            let open = self.store.split(node, axis, &parts);
            if open == node {
                break;
            }
            node = open;
        }
        node
    }

    fn first_fused(&self, node: NodeId) -> Option<(usize, SmallVec<[DimId; 4]>)> {
        match self.store.node(node) {
            Node::Sum(terms) => terms.iter().find_map(|t| self.first_fused(t.1)),
            Node::Fuse { argument, groups } => {
                let axis = groups.iter().position(|g| *g > 1)?;
                let start: usize = groups[..axis].iter().map(|g| *g as usize).sum();
                let parts = self.store.axes(*argument).get(start..start + groups[axis] as usize)?;
                Some((axis, parts.into()))
            }
            _ => None,
        }
    }
}
