//! From the graph to steps: every node once, with what has a stable function of its own recognised.

use super::step::{Step, StepId, Steps};
use crate::number::Rational;
use crate::tensor::{Axes, DimId, Function, Label, Node, NodeId, Product, Store};
use smallvec::SmallVec;
use std::collections::BTreeSet;

/// The graph being read.
pub(super) struct Reader<'a> {
    pub(super) store: &'a Store,
    /// The size that a dimension is taken to have when orders are compared.
    pub(super) size: &'a dyn Fn(DimId) -> f64,
    pub(super) steps: Steps,
    /// How many operands of other nodes a node is.
    pub(super) uses: Vec<u32>,
    /// The matrices that equal their transposes.
    pub(super) symmetric: BTreeSet<StepId>,
    of: Vec<Option<StepId>>,
}

/// The steps of a node; `symmetric` are matrices known to equal their transposes.
pub(super) fn read(
    store: &Store,
    root: NodeId,
    symmetric: &BTreeSet<NodeId>,
    size: &dyn Fn(DimId) -> f64,
) -> (Steps, StepId) {
    let order = store.reachable(&[root]);
    let mut uses = vec![0; root.0 as usize + 1];
    for id in &order {
        for x in store.operands(*id) {
            uses[x.0 as usize] += 1;
        }
    }
    let of = vec![None; uses.len()];
    let mut reader = Reader { store, size, steps: Steps::default(), uses, symmetric: BTreeSet::new(), of };
    for id in order {
        let step = reader.node(id);
        if symmetric.contains(&id) {
            reader.symmetric.insert(step);
        }
        reader.of[id.0 as usize] = Some(step);
    }
    let root = reader.step(root);
    (reader.steps, root)
}

impl Reader<'_> {
    /// The step of a node that stands before the one at hand.
    pub(super) fn step(&mut self, id: NodeId) -> StepId {
        match self.of.get(id.0 as usize).copied().flatten() {
            Some(step) => step,
            None => self.steps.one(), // operands stand first, so this is not reached
        }
    }

    fn node(&mut self, id: NodeId) -> StepId {
        let axes = self.store.axes(id).clone();
        let step = match self.store.node(id).clone() {
            Node::Variable(v) => Step::Argument(v),
            Node::Definition { name, body } => Step::Named { name, body: self.step(body) },
            Node::Product(p) => return self.product(&p),
            Node::Sum(terms) => return self.sum(&terms, axes),
            Node::Zero(_) => Step::Zero,
            Node::Map(f, x) => return self.map(&f, x),
            Node::ScalarPower(x, y) => Step::Power(self.step(x), self.step(y)),
            Node::MatrixPower(x, p) => Step::MatrixPower(self.step(x), p),
            Node::Inverse(x) => Step::Inverse(self.step(x)),
            Node::Determinant(x) => Step::Determinant(self.step(x)),
            Node::Unknown { function, order, batch, argument } => {
                Step::Unknown { function, order, batch, of: self.step(argument) }
            }
            Node::RangeSum { variable, lower, upper, body } => {
                Step::RangeSum { variable, lower, upper, body: self.step(body) }
            }
            Node::Integer(p) => Step::Integer(p),
            Node::Constant(c) => Step::Constant(c),
            Node::Pattern(p) => Step::Pattern(p),
            Node::Fuse { argument, groups } => Step::Fuse { of: self.step(argument), groups },
            Node::Split { argument, .. } => Step::Reshape(self.step(argument)),
        };
        self.steps.add(step, axes)
    }

    fn sum(&mut self, terms: &[(Rational, NodeId)], axes: Axes) -> StepId {
        if let [(c, x)] = terms {
            let x = self.step(*x);
            return self.steps.scaled(c, x);
        }
        let terms: Vec<(Rational, StepId)> = terms
            .iter()
            .map(|(c, x)| {
                let x = self.step(*x);
                // A multiple inside, as −softplus, joins its coefficient.
                match self.steps.step(x) {
                    Step::Linear(inner) if inner.len() == 1 => (c * &inner[0].0, inner[0].1),
                    _ => (c.clone(), x),
                }
            })
            .collect();
        self.steps.add(Step::Linear(terms), axes)
    }

    fn map(&mut self, f: &Function, x: NodeId) -> StepId {
        let stable = match f {
            Function::Log => self.log(x),
            Function::Power(p) if *p == Rational::MINUS_ONE => self.logistic(x),
            _ => None,
        };
        if let Some(step) = stable {
            return step;
        }
        let x = self.step(x);
        self.steps.map(f.clone(), x)
    }

    /// The step z of exp(z).
    fn exponent(&self, x: NodeId) -> Option<NodeId> {
        match self.store.node(x) {
            Node::Map(Function::Exp, z) => Some(*z),
            _ => None,
        }
    }

    /// Whether a node is an array of ones as it stands.
    fn is_ones(&self, x: NodeId) -> bool {
        match self.store.node(x) {
            Node::Integer(p) => p.is_one(),
            Node::Product(p) => p.factors.is_empty() && p.out.iter().enumerate().all(|(i, l)| !p.out[..i].contains(l)),
            _ => false,
        }
    }

    /// The x and c of 1 + c x.
    fn one_plus(&self, x: NodeId) -> Option<(Rational, NodeId)> {
        let Node::Sum(terms) = self.store.node(x) else { return None };
        match terms.as_slice() {
            [(a, x), (b, y)] if a.is_one() && self.is_ones(*x) => Some((b.clone(), *y)),
            [(a, x), (b, y)] if b.is_one() && self.is_ones(*y) => Some((a.clone(), *x)),
            _ => None,
        }
    }

    /// 1/(1 + e^z) = σ(−z).
    fn logistic(&mut self, x: NodeId) -> Option<StepId> {
        let (c, e) = self.one_plus(x)?;
        let z = self.exponent(e).filter(|_| c.is_one())?;
        let z = self.step(z);
        let z = self.steps.scaled(&Rational::MINUS_ONE, z);
        Some(self.steps.map(Function::Sigmoid, z))
    }

    /// −log(1 + e^(c z)) for c = ±1.
    fn minus_softplus(&mut self, c: &Rational, z: StepId) -> StepId {
        let z = self.steps.scaled(c, z);
        let s = self.steps.map(Function::Softplus, z);
        self.steps.scaled(&Rational::MINUS_ONE, s)
    }

    /// The logarithm of what would overflow, underflow or cancel before it is taken.
    fn log(&mut self, x: NodeId) -> Option<StepId> {
        if let Some((c, y)) = self.one_plus(x) {
            if let Some(z) = self.exponent(y).filter(|_| c.is_one()) {
                let z = self.step(z);
                return Some(self.steps.map(Function::Softplus, z));
            }
            if let (Node::Map(Function::Sigmoid, z), true) = (self.store.node(y), c == Rational::MINUS_ONE) {
                let z = self.step(*z);
                return Some(self.minus_softplus(&Rational::ONE, z));
            }
            return None;
        }
        match self.store.node(x).clone() {
            Node::Determinant(m) => {
                let (m, axes) = (self.step(m), self.store.axes(x).clone());
                Some(self.steps.add(Step::LogDeterminant(m), axes))
            }
            Node::Map(Function::Abs, y) => match self.store.node(y) {
                Node::Determinant(m) => {
                    let (m, axes) = (self.step(*m), self.store.axes(x).clone());
                    Some(self.steps.add(Step::LogDeterminant(m), axes))
                }
                _ => None,
            },
            Node::Map(Function::Sigmoid, z) => {
                let z = self.step(z);
                Some(self.minus_softplus(&Rational::MINUS_ONE, z))
            }
            Node::Map(Function::Power(p), y) if p == Rational::MINUS_ONE => {
                let (c, e) = self.one_plus(y)?;
                let z = self.exponent(e).filter(|_| c.is_one())?;
                let z = self.step(z);
                Some(self.minus_softplus(&Rational::ONE, z))
            }
            Node::Product(p) => match self.step_of_product(x) {
                Step::Softmax { of, axis, log: false } => {
                    Some(self.steps.add(Step::Softmax { of, axis, log: true }, self.store.axes(x).clone()))
                }
                _ => self.log_sum_exp(&p),
            },
            _ => None,
        }
    }

    fn step_of_product(&mut self, x: NodeId) -> Step {
        let id = self.step(x);
        self.steps.step(id).clone()
    }

    /// log Σ exp(z) over some of the axes of z.
    fn log_sum_exp(&mut self, p: &Product) -> Option<StepId> {
        let [(e, labels)] = p.factors.as_slice() else { return None };
        let z = self.exponent(*e)?;
        let distinct = labels.iter().enumerate().all(|(i, l)| !labels[..i].contains(l));
        let kept: SmallVec<[Label; 4]> = labels.iter().copied().filter(|l| p.out.contains(l)).collect();
        if !distinct || kept != p.out || kept.len() == labels.len() {
            return None;
        }
        let summed = |(i, l): (usize, &Label)| if p.out.contains(l) { None } else { u8::try_from(i).ok() };
        let axes: SmallVec<[u8; 4]> = labels.iter().enumerate().filter_map(summed).collect();
        let own: Axes = p.out.iter().map(|l| p.dims[*l as usize]).collect();
        let of = self.step(z);
        Some(self.steps.add(Step::LogSumExp { of, axes }, own))
    }
}
