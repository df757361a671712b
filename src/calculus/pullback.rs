//! The pullbacks: how the adjoint of a node adds to those of its operands.
//!
//! The adjoint of a node has the axes of the output (the first `rank`), then those of the node.

use crate::dimension::Poly;
use crate::number::Rational;
use crate::operator;
use crate::tensor::{Axes, DimId, Function, Label, Labels, Node, NodeId, Product, Store};
use smallvec::SmallVec;

pub(super) struct Pullback<'a> {
    store: &'a mut Store,
    /// Number of axes of the output.
    rank: usize,
    target: NodeId,
    /// Whether defined quantities inside the output are held fixed.
    held: bool,
}

/// Adjoints by node, as the terms they are summed from.
type Adjoints = Vec<SmallVec<[NodeId; 2]>>;

/// A contraction with the adjoint whose labels after the output's are counted from zero.
struct Rule<'a> {
    /// The labels of the node, for the adjoint.
    node: &'a [Label],
    /// The other factors.
    factors: &'a [(NodeId, Labels)],
    /// The labels of the operand.
    operand: &'a [Label],
    /// The dimensions of the labels.
    dims: &'a [DimId],
}

impl<'a> Pullback<'a> {
    pub(super) fn new(store: &'a mut Store, rank: usize, target: NodeId, held: bool) -> Self {
        Self { store, rank, target, held }
    }

    /// The adjoint of the target, where the output depends on it.
    pub(super) fn run(&mut self, output: NodeId, seed: NodeId) -> Option<NodeId> {
        let order = self.store.reachable(&[output]);
        let mut depends = vec![false; output.0 as usize + 1];
        for id in &order {
            let by_operand = self.store.operands(*id).iter().any(|o| depends[o.0 as usize]);
            depends[id.0 as usize] = *id == self.target || by_operand;
        }
        if !depends[output.0 as usize] {
            return None;
        }
        let mut adjoints: Adjoints = vec![SmallVec::new(); output.0 as usize + 1];
        adjoints[output.0 as usize].push(seed);
        for id in order.into_iter().rev().filter(|id| depends[id.0 as usize]) {
            let terms = std::mem::take(&mut adjoints[id.0 as usize]);
            if terms.is_empty() {
                continue;
            }
            let terms: Vec<_> = terms.into_iter().map(|t| (Rational::ONE, t)).collect();
            let adjoint = self.store.sum(&terms);
            if id == self.target {
                return Some(adjoint);
            }
            if !self.store.is_zero(adjoint) {
                self.pull(id, adjoint, &depends, &mut adjoints);
            }
        }
        None
    }

    fn pull(&mut self, id: NodeId, adjoint: NodeId, depends: &[bool], adjoints: &mut Adjoints) {
        let needs = |x: &NodeId| depends.get(x.0 as usize).copied().unwrap_or(false);
        match self.store.node(id).clone() {
            Node::Variable(_) | Node::Zero(_) | Node::Integer(_) | Node::Constant(_) | Node::Pattern(_) => {}
            Node::Definition { .. } if self.held => {}
            Node::Definition { body, .. } => adjoints[body.0 as usize].push(adjoint),
            Node::Product(p) => {
                for (k, (factor, _)) in p.factors.iter().enumerate() {
                    if needs(factor) {
                        let term = self.factor(&p, k, adjoint);
                        adjoints[factor.0 as usize].push(term);
                    }
                }
            }
            Node::Sum(terms) => {
                for (c, x) in terms.iter().filter(|t| needs(&t.1)) {
                    let term = self.store.scale(c, adjoint);
                    adjoints[x.0 as usize].push(term);
                }
            }
            Node::Map(f, x) => self.map(&f, x, adjoint, adjoints),
            Node::ScalarPower(base, exponent) => self.scalar_power(base, exponent, adjoint, needs, adjoints),
            Node::MatrixPower(x, k) => {
                let term = self.matrix_power(x, &k, adjoint);
                adjoints[x.0 as usize].push(term);
            }
            Node::Inverse(x) => {
                let term = self.inverse(id, adjoint);
                adjoints[x.0 as usize].push(term);
            }
            Node::Determinant(x) => {
                let scaled = self.times_batch(adjoint, id);
                let term = self.cofactor(x, scaled);
                adjoints[x.0 as usize].push(term);
            }
            Node::Unknown { function, order, batch, argument } => {
                let axes = self.store.axes(argument).clone();
                let inner = axes.len() - batch as usize;
                let next = self.store.unknown(function, order + 1, batch, argument);
                let of_node = labels(0, batch as usize + inner * order as usize);
                let last = labels(of_node.len(), inner);
                let all: Labels = of_node.iter().chain(&last).copied().collect();
                let operand: Labels = labels(0, batch as usize).iter().chain(&last).copied().collect();
                let dims = self.store.axes(next).clone();
                let term = self.contract(
                    adjoint,
                    &Rule { node: &of_node, factors: &[(next, all)], operand: &operand, dims: &dims },
                );
                adjoints[argument.0 as usize].push(term);
            }
            Node::RangeSum { variable, lower, upper, body } => {
                let inner = Pullback::new(self.store, self.rank, self.target, self.held).run(body, adjoint);
                if let Some(inner) = inner {
                    let term = self.store.range_sum(variable, &lower, &upper, inner);
                    adjoints[self.target.0 as usize].push(term);
                }
            }
            Node::Fuse { argument, groups } => {
                let axes = self.store.axes(argument).clone();
                let mut term = adjoint;
                let (mut position, mut start) = (self.rank, 0usize);
                for g in groups {
                    let run = g as usize;
                    term = self.store.split(term, position, &axes[start..start + run]);
                    position += run;
                    start += run;
                }
                adjoints[argument.0 as usize].push(term);
            }
            Node::Split { argument, axis, factors } => {
                let before = self.rank + axis as usize;
                let after = self.store.rank(argument) - axis as usize - 1;
                let mut groups: SmallVec<[u8; 4]> = smallvec::smallvec![1; before];
                groups.push(u8::try_from(factors.len()).unwrap_or(u8::MAX));
                groups.extend(std::iter::repeat_n(1, after));
                let term = self.store.fuse(adjoint, groups);
                adjoints[argument.0 as usize].push(term);
            }
        }
    }

    /// The adjoint contracted with factors onto the operand's axes.
    fn contract(&mut self, adjoint: NodeId, rule: &Rule<'_>) -> NodeId {
        let shift = |l: &Labels| l.iter().map(|x| x + Label::try_from(self.rank).unwrap_or(0)).collect::<Labels>();
        let output = labels(0, self.rank);
        let with_output = |l: &[Label]| -> Labels { output.iter().copied().chain(shift(&l.into())).collect() };
        let mut factors: Vec<(NodeId, Labels)> = vec![(adjoint, with_output(rule.node))];
        factors.extend(rule.factors.iter().map(|(id, l)| (*id, shift(l))));
        let mut dims: Axes = self.store.axes(adjoint)[..self.rank].into();
        dims.extend_from_slice(rule.dims);
        let out = with_output(rule.operand);
        self.store.product(&factors, &out, &dims)
    }

    /// One factor of a contraction: the adjoint takes the place of the result, the other factors stay.
    fn factor(&mut self, p: &Product, k: usize, adjoint: NodeId) -> NodeId {
        let others: Vec<(NodeId, Labels)> =
            p.factors.iter().enumerate().filter(|(i, _)| *i != k).map(|(_, f)| f.clone()).collect();
        self.contract(adjoint, &Rule { node: &p.out, factors: &others, operand: &p.factors[k].1, dims: &p.dims })
    }

    /// The adjoint times a tensor with the node's own axes.
    fn entrywise(&mut self, adjoint: NodeId, slope: NodeId) -> NodeId {
        let axes = self.store.axes(slope).clone();
        let all = labels(0, axes.len());
        self.contract(adjoint, &Rule { node: &all, factors: &[(slope, all.clone())], operand: &all, dims: &axes })
    }

    fn map(&mut self, f: &Function, x: NodeId, adjoint: NodeId, adjoints: &mut Adjoints) {
        // d log det X = tr(X⁻¹ dX), d det(X)^p = p det(X)^p tr(X⁻¹ dX): the determinant cancels.
        let inner = match self.store.node(x) {
            Node::Map(Function::Abs, y) if *f == Function::Log => *y,
            _ => x,
        };
        if let (Node::Determinant(y), Function::Log | Function::Power(_)) = (self.store.node(inner).clone(), f) {
            let adjoint = match f {
                Function::Power(p) => {
                    let power = self.store.map(f.clone(), x);
                    let scaled = self.times_batch(adjoint, power);
                    self.store.scale(p, scaled)
                }
                _ => adjoint,
            };
            let term = self.cofactor(y, adjoint);
            adjoints[y.0 as usize].push(term);
            return;
        }
        let slope = self.slope(f, x);
        if !self.store.is_zero(slope) {
            let term = self.entrywise(adjoint, slope);
            adjoints[x.0 as usize].push(term);
        }
    }

    /// f′(x).
    fn slope(&mut self, f: &Function, x: NodeId) -> NodeId {
        match f {
            Function::Power(p) => {
                let power = self.store.map(Function::Power(p - &Rational::ONE), x);
                self.store.scale(p, power)
            }
            Function::Unknown(g, order) => self.store.map(Function::Unknown(*g, order + 1), x),
            Function::Exp
            | Function::Log
            | Function::Sin
            | Function::Cos
            | Function::Tan
            | Function::Atan
            | Function::Asin
            | Function::Erf
            | Function::Sinh
            | Function::Cosh
            | Function::Tanh
            | Function::Sigmoid
            | Function::Softplus
            | Function::Relu
            | Function::Abs
            | Function::Sign
            | Function::Positive
            | Function::NonNegative
            | Function::Zero => match operator::leaf(f) {
                Some(leaf) => (leaf.derivative)(self.store, x),
                None => {
                    let axes = self.store.axes(x).clone();
                    self.store.zero(axes)
                }
            },
        }
    }

    /// ∂b^e/∂b = e b^(e−1), ∂b^e/∂e = b^e log b.
    fn scalar_power(
        &mut self,
        base: NodeId,
        exponent: NodeId,
        adjoint: NodeId,
        needs: impl Fn(&NodeId) -> bool,
        adjoints: &mut Adjoints,
    ) {
        if needs(&base) {
            let axes = self.store.axes(exponent).clone();
            let one = self.store.ones(axes);
            let less = self.store.subtract(exponent, one);
            let power = self.store.scalar_power(base, less);
            let slope = self.store.hadamard(exponent, power);
            let term = self.entrywise(adjoint, slope);
            adjoints[base.0 as usize].push(term);
        }
        if needs(&exponent) {
            let power = self.store.scalar_power(base, exponent);
            let log = self.store.map(Function::Log, base);
            let slope = self.store.hadamard(power, log);
            let term = self.entrywise(adjoint, slope);
            adjoints[exponent.0 as usize].push(term);
        }
    }

    /// d X⁻¹ = −X⁻¹ dX X⁻¹: the adjoint becomes −X⁻ᵀ (·) X⁻ᵀ.
    fn inverse(&mut self, inverse: NodeId, adjoint: NodeId) -> NodeId {
        let axes = self.store.axes(inverse).clone();
        let batch = axes.len() - 2;
        let mut dims = axes.clone();
        dims.extend_from_slice(&axes[batch..]);
        let [p, q, i, j] = [batch, batch + 1, batch + 2, batch + 3];
        let node = labels(0, batch + 2);
        let factors = [(inverse, on(batch, &[p, i])), (inverse, on(batch, &[j, q]))];
        let term =
            self.contract(adjoint, &Rule { node: &node, factors: &factors, operand: &on(batch, &[i, j]), dims: &dims });
        self.store.negate(term)
    }

    /// The adjoint of a batch of scalars times X⁻ᵀ.
    fn cofactor(&mut self, x: NodeId, adjoint: NodeId) -> NodeId {
        let inverse = self.store.inverse(x);
        let axes = self.store.axes(x).clone();
        let batch = axes.len() - 2;
        let factors = [(inverse, on(batch, &[batch + 1, batch]))];
        self.contract(
            adjoint,
            &Rule { node: &labels(0, batch), factors: &factors, operand: &labels(0, batch + 2), dims: &axes },
        )
    }

    /// The adjoint times scalars with the same batch axes.
    fn times_batch(&mut self, adjoint: NodeId, scalars: NodeId) -> NodeId {
        self.entrywise(adjoint, scalars)
    }

    /// d Xᵏ = Σ_{r=0}^{k−1} Xʳ dX Xᵏ⁻¹⁻ʳ.
    fn matrix_power(&mut self, x: NodeId, k: &Poly, adjoint: NodeId) -> NodeId {
        let r = self.store.bound_variable();
        let (from, last) = (Poly::variable(r), k.sub(&Poly::constant(1)));
        let left = self.store.matrix_power(x, &from);
        let right = self.store.matrix_power(x, &last.sub(&from));
        let axes = self.store.axes(x).clone();
        let batch = axes.len() - 2;
        let mut dims = axes.clone();
        dims.extend_from_slice(&axes[batch..]);
        let [p, q, i, j] = [batch, batch + 1, batch + 2, batch + 3];
        let factors = [(left, on(batch, &[p, i])), (right, on(batch, &[j, q]))];
        let node = labels(0, batch + 2);
        let body =
            self.contract(adjoint, &Rule { node: &node, factors: &factors, operand: &on(batch, &[i, j]), dims: &dims });
        self.store.range_sum(r, &Poly::constant(0), &last, body)
    }
}

fn labels(from: usize, n: usize) -> Labels {
    (from..from + n).map(|i| Label::try_from(i).unwrap_or(0)).collect()
}

/// The batch labels, then the given ones.
fn on(batch: usize, rest: &[usize]) -> Labels {
    (0..batch).chain(rest.iter().copied()).map(|i| Label::try_from(i).unwrap_or(0)).collect()
}
