//! Contractions as steps: nested products opened, sums multiplied out where that is cheaper, operands paired.

use super::net::{Net, Operand, Order, solvable};
use super::read::Reader;
use super::step::{Step, StepId, renumber};
use crate::number::Rational;
use crate::tensor::{Axes, DimId, Function, Label, Labels, Node, NodeId, Product};
use smallvec::SmallVec;

/// Products inside products are opened up to this many factors.
const MOST_FACTORS: usize = 10;
/// A sum of more terms is not multiplied out.
const MOST_TERMS: usize = 4;
/// How much cheaper a sum has to be multiplied out: below that, brackets are easier to read.
const CHEAPER: f64 = 0.8;

/// A contraction of nodes, opened.
#[derive(Clone)]
struct Opened {
    factors: Vec<(NodeId, Labels)>,
    out: Labels,
    dims: Vec<DimId>,
}

/// A contraction of steps.
struct Ready {
    factors: Vec<(StepId, Labels)>,
    out: Labels,
    dims: Vec<DimId>,
}

impl<'a> Reader<'a> {
    /// The step of a contraction.
    pub(super) fn product(&mut self, p: &Product) -> StepId {
        let opened = self.open(p);
        if let Some(step) = self.distributed(&opened) {
            return step;
        }
        let ready = self.ready(&opened);
        self.contraction(ready)
    }

    /// The factors, with products that are used here alone opened.
    fn open(&self, p: &Product) -> Opened {
        let factors = p.factors.to_vec();
        let mut o = Opened { factors, out: p.out.clone(), dims: p.dims.to_vec() };
        let mut next = 0;
        while next < o.factors.len() {
            let (id, labels) = o.factors[next].clone();
            let Some(inner) = self.inner(id).filter(|i| o.factors.len() + i.factors.len() <= MOST_FACTORS + 1) else {
                next += 1;
                continue;
            };
            o.factors.remove(next);
            o.insert(next, inner, &labels);
        }
        o
    }

    /// The product that a node is, where it has only one use and no deltas of its own.
    fn inner(&self, id: NodeId) -> Option<&'a Product> {
        let Node::Product(p) = self.store.node(id) else { return None };
        let plain =
            p.out.iter().enumerate().all(|(i, l)| !p.out[..i].contains(l) && p.factors.iter().any(|f| f.1.contains(l)));
        let single = self.uses.get(id.0 as usize) == Some(&1);
        (plain && single && p.factors.len() >= 2).then_some(p)
    }

    /// A sum multiplied out, where the terms are so much cheaper that way: (u vᵀ + v uᵀ) x.
    fn distributed(&mut self, o: &Opened) -> Option<StepId> {
        let whole = self.cost(o);
        for (place, (id, labels)) in o.factors.iter().enumerate() {
            let Node::Sum(terms) = self.store.node(*id) else { continue };
            let terms = terms.clone();
            let single = self.uses.get(id.0 as usize) == Some(&1);
            let distinct = labels.iter().enumerate().all(|(i, l)| !labels[..i].contains(l));
            if !single || !distinct || terms.len() < 2 || terms.len() > MOST_TERMS || o.factors.len() < 2 {
                continue;
            }
            let mut apart: Vec<(Rational, Opened)> = Vec::new();
            let mut bracketed = whole;
            for (c, x) in &terms {
                let mut one = o.clone();
                one.factors.remove(place);
                match self.inner(*x) {
                    Some(inner) => {
                        bracketed += self.cost(&Opened {
                            factors: inner.factors.to_vec(),
                            out: inner.out.clone(),
                            dims: inner.dims.to_vec(),
                        });
                        one.insert(place, inner, labels);
                    }
                    None => one.factors.insert(place, (*x, labels.clone())),
                }
                bracketed += self.extent(labels, &o.dims);
                apart.push((c.clone(), one));
            }
            let out = self.extent(&o.out, &o.dims);
            let multiplied: f64 = apart.iter().map(|(_, one)| self.cost(one) + out).sum();
            if multiplied < CHEAPER * bracketed {
                let axes: Axes = o.out.iter().map(|l| o.dims[*l as usize]).collect();
                let terms: Vec<(Rational, StepId)> = apart
                    .into_iter()
                    .map(|(c, one)| {
                        let ready = self.ready(&one);
                        (c, self.contraction(ready))
                    })
                    .collect();
                return Some(self.steps.add(Step::Linear(terms), axes));
            }
        }
        None
    }

    fn extent(&self, labels: &[Label], dims: &[DimId]) -> f64 {
        labels.iter().map(|l| (self.size)(dims[*l as usize])).product()
    }

    /// What a contraction costs in its best order.
    fn cost(&mut self, o: &Opened) -> f64 {
        let ready = self.ready(o);
        let sizes: Vec<f64> = ready.dims.iter().map(|d| (self.size)(*d)).collect();
        let (factors, out) = self.prepared(&ready);
        let operands = self.operands(&factors);
        let net = Net { operands: &operands, out: &out, sizes: &sizes };
        net.order().map_or(f64::INFINITY, |o| o.0)
    }

    /// The factors as steps, with softmax and σ put together from their parts.
    fn ready(&mut self, o: &Opened) -> Ready {
        let factors = o.factors.iter().map(|(id, l)| (self.step(*id), l.clone())).collect();
        let mut ready = Ready { factors, out: o.out.clone(), dims: o.dims.clone() };
        self.logistic_pairs(&mut ready);
        self.softmax_pairs(&mut ready);
        ready
    }

    /// e^z · σ(−z) = σ(z).
    fn logistic_pairs(&mut self, r: &mut Ready) {
        for i in 0..r.factors.len() {
            let Step::Map(Function::Exp, z) = *self.steps.step(r.factors[i].0) else { continue };
            let minus = self.steps.scaled(&Rational::MINUS_ONE, z);
            let sigmoid = Step::Map(Function::Sigmoid, minus);
            let found = r.factors.iter().position(|(s, l)| *self.steps.step(*s) == sigmoid && *l == r.factors[i].1);
            if let Some(j) = found {
                r.factors[i].0 = self.steps.map(Function::Sigmoid, z);
                r.factors.remove(j);
                return self.logistic_pairs(r);
            }
        }
    }

    /// e^z / Σ e^z.
    fn softmax_pairs(&mut self, r: &mut Ready) {
        for i in 0..r.factors.len() {
            let (step, outer) = r.factors[i].clone();
            let Step::Map(Function::Power(p), sum) = self.steps.step(step).clone() else { continue };
            let Step::Single { of: e, labels, out } = self.steps.step(sum).clone() else { continue };
            let Step::Map(Function::Exp, z) = *self.steps.step(e) else { continue };
            let Some(axis) = labels.iter().position(|l| !out.contains(l)) else { continue };
            let rest =
                |l: &Labels| -> Labels { l.iter().enumerate().filter(|(k, _)| *k != axis).map(|(_, l)| *l).collect() };
            if !p.is_integer() || !p.is_negative() || rest(&labels) != out || labels.len() != out.len() + 1 {
                continue;
            }
            let fits = |(s, l): &(StepId, Labels)| {
                *s == e && l.len() == labels.len() && rest(l) == outer && !outer.contains(&l[axis])
            };
            let Some(j) = r.factors.iter().position(fits) else { continue };
            let axes = self.steps.axes(z).clone();
            let axis = u8::try_from(axis).unwrap_or(0);
            r.factors[j].0 = self.steps.add(Step::Softmax { of: z, axis, log: false }, axes);
            let left = &p + &Rational::ONE;
            if left.is_zero() {
                r.factors.remove(i);
            } else {
                r.factors[i].0 = self.steps.map(Function::Power(left), sum);
            }
            return self.softmax_pairs(r);
        }
    }

    /// Diagonals taken and lonely labels summed, so that every label is shared or kept; and the labels of the result,
    /// each once.
    fn prepared(&mut self, r: &Ready) -> (Vec<(StepId, Labels)>, Labels) {
        let mut factors: Vec<(StepId, Labels)> = Vec::new();
        for (i, (step, labels)) in r.factors.iter().enumerate() {
            let mut kept = Labels::new();
            for l in labels {
                let elsewhere = r.factors.iter().enumerate().any(|(j, f)| j != i && f.1.contains(l));
                if !kept.contains(l) && (elsewhere || r.out.contains(l)) {
                    kept.push(*l);
                }
            }
            let axes: Axes = kept.iter().map(|l| r.dims[*l as usize]).collect();
            factors.push((self.steps.single(*step, labels, &kept, axes), kept));
        }
        let mut out = Labels::new();
        for l in &r.out {
            if !out.contains(l) && factors.iter().any(|f| f.1.contains(l)) {
                out.push(*l);
            }
        }
        (factors, out)
    }

    fn operands(&self, factors: &[(StepId, Labels)]) -> Vec<Operand> {
        factors
            .iter()
            .map(|(s, labels)| Operand {
                labels: labels.clone(),
                inverse: matches!(self.steps.step(*s), Step::Inverse(_)),
            })
            .collect()
    }

    /// Multiples come before the contraction.
    fn contraction(&mut self, mut r: Ready) -> StepId {
        let mut c = Rational::ONE;
        for (step, _) in &mut r.factors {
            if let Step::Linear(terms) = self.steps.step(*step) {
                if let ([(k, of)], false) = (terms.as_slice(), self.steps.is_one(terms[0].1)) {
                    c = &c * k;
                    *step = *of;
                }
            }
        }
        let product = self.contracted(&r);
        self.steps.scaled(&c, product)
    }

    fn contracted(&mut self, r: &Ready) -> StepId {
        let axes: Axes = r.out.iter().map(|l| r.dims[*l as usize]).collect();
        match r.factors.as_slice() {
            [] => {
                let one = self.steps.one();
                return self.steps.single(one, &[], &r.out, axes);
            }
            [(of, labels)] => return self.steps.single(*of, labels, &r.out, axes),
            _ => {}
        }
        let (factors, out) = self.prepared(r);
        let operands = self.operands(&factors);
        let sizes: Vec<f64> = r.dims.iter().map(|d| (self.size)(*d)).collect();
        let net = Net { operands: &operands, out: &out, sizes: &sizes };
        let Some((_, order)) = net.order() else {
            let (step, labels) = self.folded(factors, &out, &r.dims);
            return self.steps.single(step, &labels, &r.out, axes);
        };
        let (step, labels) = self.ordered(&net, &factors, &order, &r.dims);
        self.steps.single(step, &labels, &r.out, axes)
    }

    /// More operands than an order is looked for: from the left.
    fn folded(&mut self, factors: Vec<(StepId, Labels)>, out: &Labels, dims: &[DimId]) -> (StepId, Labels) {
        let mut rest: std::collections::VecDeque<(StepId, Labels)> = factors.into();
        let Some(mut product) = rest.pop_front() else { return (self.steps.one(), Labels::new()) };
        while let Some(next) = rest.pop_front() {
            let alive = product.1.iter().chain(&next.1).copied();
            let alive: Labels = alive.filter(|l| out.contains(l) || rest.iter().any(|f| f.1.contains(l))).collect();
            let wanted = if rest.is_empty() { out.clone() } else { natural(&product.1, &next.1, &alive) };
            product = self.pair(product, next, &wanted, rest.is_empty(), dims);
        }
        product
    }

    fn ordered(
        &mut self,
        net: &Net<'_>,
        factors: &[(StepId, Labels)],
        order: &Order,
        dims: &[DimId],
    ) -> (StepId, Labels) {
        match order {
            Order::Operand(i) => factors[*i].clone(),
            Order::Pair(a, b) => {
                let x = self.ordered(net, factors, a, dims);
                let y = self.ordered(net, factors, b, dims);
                let set = order.set();
                let alive = net.alive(set);
                let whole = set.count_ones() as usize == factors.len();
                let wanted = if whole { Labels::from_slice(net.out) } else { natural(&x.1, &y.1, &alive) };
                self.pair(x, y, &wanted, whole, dims)
            }
        }
    }

    /// Two operands contracted onto the wanted labels, or onto these in another order.
    fn pair(
        &mut self,
        x: (StepId, Labels),
        y: (StepId, Labels),
        wanted: &Labels,
        whole: bool,
        dims: &[DimId],
    ) -> (StepId, Labels) {
        let axes = |labels: &Labels| -> Axes { labels.iter().map(|l| dims[*l as usize]).collect() };
        if let Some(solved) = self.solved(&x, &y, wanted, dims).or_else(|| self.solved(&y, &x, wanted, dims)) {
            return solved;
        }
        let made = |(a, b): (&(StepId, Labels), &(StepId, Labels)), out: &Labels| {
            let [l, r, o] = renumber([&a.1, &b.1, out]);
            (Step::Pair { left: (a.0, l), right: (b.0, r), out: o }, axes(out))
        };
        // What is there already, perhaps transposed, is not computed again.
        let mut turned = wanted.clone();
        turned.reverse();
        for out in [wanted, &turned] {
            for operands in [(&x, &y), (&y, &x)] {
                let (step, own) = made(operands, out);
                if let Some(found) = self.steps.find(step, own) {
                    return (found, out.clone());
                }
            }
        }
        // A matrix stands before a vector, and the operand with the rows of the result first.
        let first =
            |o: &(StepId, Labels)| wanted.iter().position(|l| o.1.contains(l) && !(x.1.contains(l) && y.1.contains(l)));
        let swap = match (x.1.len(), y.1.len()) {
            (1, 2) => x.1.iter().all(|l| y.1.contains(l)) && !wanted.contains(&x.1[0]),
            (2, 1) => false,
            _ => whole && matches!((first(&x), first(&y)), (Some(a), Some(b)) if b < a),
        };
        let (step, own) = if swap { made((&y, &x), wanted) } else { made((&x, &y), wanted) };
        (self.steps.add(step, own), wanted.clone())
    }

    /// x⁻¹ y as the solution of linear systems.
    fn solved(
        &mut self,
        x: &(StepId, Labels),
        y: &(StepId, Labels),
        wanted: &Labels,
        dims: &[DimId],
    ) -> Option<(StepId, Labels)> {
        let Step::Inverse(matrix) = *self.steps.step(x.0) else { return None };
        let inverse = Operand { labels: x.1.clone(), inverse: true };
        let (transposed, gone, kept) = solvable(&inverse, &y.1, wanted)?;
        let transposed = transposed && !self.symmetric.contains(&matrix);
        let batch = x.1.len() - 2;
        let mut right: Labels = x.1[..batch].into();
        right.push(gone);
        right.extend(y.1.iter().copied().filter(|l| *l != gone && !x.1[..batch].contains(l)));
        let axes = |labels: &[Label]| -> Axes { labels.iter().map(|l| dims[*l as usize]).collect() };
        let b = self.steps.single(y.0, &y.1, &right, axes(&right));
        let mut labels = right.clone();
        labels[batch] = kept;
        let step = Step::Solve { matrix, transposed, right: b, batch: u8::try_from(batch).ok()? };
        let solved = self.steps.add(step, axes(&labels));
        if labels.iter().filter(|l| **l == kept).count() == 2 {
            let traced = self.steps.single(solved, &labels, &[], Axes::new());
            return Some((traced, Labels::new()));
        }
        Some((solved, labels))
    }
}

impl Opened {
    /// Puts the factors of an inner product, seen through the outer labels, at a place.
    fn insert(&mut self, place: usize, inner: &Product, labels: &Labels) {
        let mut image: SmallVec<[Option<Label>; 8]> = SmallVec::from_elem(None, inner.dims.len());
        for (inside, outside) in inner.out.iter().zip(labels) {
            image[*inside as usize] = Some(*outside);
        }
        for (offset, (id, own)) in inner.factors.iter().enumerate() {
            let mapped = own
                .iter()
                .map(|l| {
                    *image[*l as usize].get_or_insert_with(|| {
                        self.dims.push(inner.dims[*l as usize]);
                        Label::try_from(self.dims.len() - 1).unwrap_or(Label::MAX)
                    })
                })
                .collect();
            self.factors.insert(place + offset, (*id, mapped));
        }
    }
}

/// The labels that are left: shared ones, then the first operand's, then the second's.
fn natural(x: &Labels, y: &Labels, alive: &Labels) -> Labels {
    let shared = x.iter().filter(|l| y.contains(l) && alive.contains(l));
    let left = x.iter().filter(|l| !y.contains(l) && alive.contains(l));
    let right = y.iter().filter(|l| !x.contains(l) && alive.contains(l));
    shared.chain(left).chain(right).copied().collect()
}
