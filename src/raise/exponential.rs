//! Exponentials over their sums: eᶻ is seen as Σeᶻ · softmax(z), so that what was divided by the sum cancels.
//!
//! In: a node with exponentials and powers of their sums. Out: an equal node in which softmax(z) is a variable of its
//! own, which `view` writes as softmax(z), and where sums that stand above and below have gone.

use super::form::FormId;
use super::view::{Mode, Raiser, Role, Roles};
use crate::number::Rational;
use crate::operator as op;
use crate::syntax::Name;
use crate::tensor::{Function, Label, Labels, Node, NodeId, Store, Variable, VariableId};
use rustc_hash::FxHashMap;

/// Larger graphs are raised as they are.
const LARGEST: usize = 2000;

/// What a variable that stands for softmax(z) stands for: z, and the axis that is summed.
pub(super) type Softmaxes = FxHashMap<VariableId, (NodeId, usize)>;

/// An exponential that occurs with a power of its sum.
#[derive(Clone)]
struct Known {
    sum: NodeId,
    axis: usize,
}

impl Raiser<'_> {
    /// The node with softmax in place of exponentials over their sums.
    pub(super) fn with_softmax(&mut self, root: NodeId) -> NodeId {
        let mut order = self.outside_definitions(root);
        order.sort_unstable();
        let known = if order.len() > LARGEST { FxHashMap::default() } else { self.exponentials(&order) };
        if known.is_empty() {
            return root;
        }
        let sums: Vec<NodeId> = known.values().map(|k| k.sum).collect();
        let mut new: FxHashMap<NodeId, NodeId> = FxHashMap::default();
        // Exponentials as the sum and the softmax that they are a product of.
        let mut opened: FxHashMap<NodeId, (NodeId, NodeId, usize)> = FxHashMap::default();
        for id in order {
            let node = self.store.node(id).clone();
            if let (Some(k), Node::Map(_, z)) = (known.get(&id), &node) {
                let z = new.get(z).copied().unwrap_or(*z);
                let exp = self.store.map(Function::Exp, z);
                let axes = self.store.axes(exp).clone();
                let all: Labels = (0..axes.len()).map(label).collect();
                let outer: Labels = all.iter().copied().filter(|l| *l != label(k.axis)).collect();
                let sum = self.store.product(&[(exp, all.clone())], &outer, &axes);
                let family = if self.is_member(z, 0) { self.declared_letter(z, 0) } else { None };
                let name = Name::from(format!("\u{1}softmax{}", id.0));
                let variable = self.store.declare(Variable {
                    name,
                    axes: axes.clone(),
                    family,
                    properties: Vec::new(),
                    is_row: false,
                });
                self.softmaxes.insert(variable, (z, k.axis));
                let soft = self.store.variable_node(variable);
                let whole = self.store.product(&[(sum, outer), (soft, all.clone())], &all, &axes);
                opened.insert(whole, (sum, soft, k.axis));
                new.insert(id, whole);
            } else if sums.contains(&id) {
                let plain = known.iter().find(|(_, k)| k.sum == id).and_then(|(e, _)| new.get(e)).copied();
                let sum = plain.and_then(|w| opened.get(&w)).map_or(id, |o| o.0);
                new.insert(id, sum);
            } else {
                let rebuilt = self.rebuilt(&node, id, &new, &opened);
                new.insert(id, rebuilt);
            }
        }
        new.get(&root).copied().unwrap_or(root)
    }

    fn outside_definitions(&self, root: NodeId) -> Vec<NodeId> {
        let mut seen = rustc_hash::FxHashSet::default();
        let mut stack = vec![root];
        let mut order = Vec::new();
        while let Some(id) = stack.pop() {
            if seen.insert(id) && seen.len() <= LARGEST + 1 {
                order.push(id);
                if !matches!(self.store.node(id), Node::Definition { .. }) {
                    stack.extend(self.store.operands(id));
                }
            }
        }
        order
    }

    /// Exponentials of which a negative power of the sum over one axis occurs.
    fn exponentials(&mut self, order: &[NodeId]) -> FxHashMap<NodeId, Known> {
        let mut known = FxHashMap::default();
        for id in order {
            let Node::Map(Function::Power(p), sum) = self.store.node(*id) else { continue };
            let sum = *sum;
            if !p.is_integer() || !p.is_negative() {
                continue;
            }
            let Some((e, axis)) = self.exponential_sum(sum) else { continue };
            let counts = (1..self.store.rank(e)).any(|i| self.is_member(e, i)) || axis == 0 && self.is_member(e, 0);
            if !counts {
                known.entry(e).or_insert(Known { sum, axis });
            }
        }
        known
    }

    /// A node with other operands; sums of exponentials are taken together.
    fn rebuilt(
        &mut self,
        node: &Node,
        id: NodeId,
        new: &FxHashMap<NodeId, NodeId>,
        opened: &FxHashMap<NodeId, (NodeId, NodeId, usize)>,
    ) -> NodeId {
        let of = |x: &NodeId| new.get(x).copied().unwrap_or(*x);
        let store = &mut *self.store;
        match node {
            Node::Product(p) => {
                let mut list: Vec<(NodeId, Labels)> = Vec::new();
                let mut sums: Vec<(NodeId, Labels)> = Vec::new();
                for (x, labels) in &p.factors {
                    let x = of(x);
                    match opened.get(&x) {
                        Some((sum, soft, axis)) => {
                            let outer = labels.iter().enumerate().filter(|(i, _)| i != axis).map(|(_, l)| *l).collect();
                            sums.push((*sum, outer));
                            list.push((*soft, labels.clone()));
                        }
                        None => list.push((x, labels.clone())),
                    }
                }
                for (sum, labels) in sums {
                    if !times(store, &mut list, sum, &labels) {
                        list.push((sum, labels));
                    }
                }
                store.product(&list, &p.out, &p.dims)
            }
            Node::Sum(terms) => {
                let terms: Vec<(Rational, NodeId)> = terms.iter().map(|(c, x)| (c.clone(), of(x))).collect();
                store.sum(&terms)
            }
            Node::Map(f, x) => store.map(f.clone(), of(x)),
            Node::ScalarPower(x, y) => store.scalar_power(of(x), of(y)),
            Node::MatrixPower(x, p) => store.matrix_power(of(x), p),
            Node::Inverse(x) => store.inverse(of(x)),
            Node::Determinant(x) => store.determinant(of(x)),
            Node::Unknown { function, order, batch, argument } => {
                store.unknown(*function, *order, *batch, of(argument))
            }
            Node::RangeSum { variable, lower, upper, body } => store.range_sum(*variable, lower, upper, of(body)),
            Node::Fuse { argument, groups } => store.fuse(of(argument), groups.clone()),
            Node::Split { argument, axis, factors } => store.split(of(argument), *axis as usize, factors),
            Node::Variable(_)
            | Node::Definition { .. }
            | Node::Zero(_)
            | Node::Integer(_)
            | Node::Constant(_)
            | Node::Pattern(_) => id,
        }
    }

    /// softmax(z) in the roles asked for.
    #[inline(never)]
    pub(super) fn softmax_view(&mut self, z: NodeId, axis: usize, roles: &[Role]) -> Option<FormId> {
        let open = roles.iter().filter(|r| !matches!(r, Role::At(_))).count();
        let previous = self.mode;
        if previous == Mode::Index {
            self.mode = Mode::Natural;
        }
        let form = match (roles.get(axis).copied(), open) {
            (Some(Role::At(i)), 0) => {
                let mut inner: Roles = roles.into();
                inner[axis] = Role::Row;
                let z = self.view(z, &inner);
                z.map(|z| {
                    let soft = self.forms.map(&op::SOFTMAX, z);
                    self.forms.entry(soft, &[i])
                })
            }
            (Some(Role::Row | Role::Col), 1) => self.view(z, roles).map(|z| self.forms.map(&op::SOFTMAX, z)),
            // Of a matrix it goes by rows.
            (Some(Role::Col), 2) => self.view(z, roles).map(|z| self.forms.map(&op::SOFTMAX, z)),
            (Some(Role::Row), 2) => self.view(z, roles).map(|z| {
                let z = self.forms.transpose(z);
                let soft = self.forms.map(&op::SOFTMAX, z);
                self.forms.transpose(soft)
            }),
            _ => None,
        };
        self.mode = previous;
        form
    }
}

fn label(i: usize) -> Label {
    Label::try_from(i).unwrap_or(0)
}

/// Multiplies one of the factors by a tensor of which it has a negative power; says whether there was one.
fn times(store: &mut Store, list: &mut [(NodeId, Labels)], sum: NodeId, labels: &Labels) -> bool {
    for (x, own) in list {
        let places: Option<Vec<usize>> = labels.iter().map(|l| own.iter().position(|o| o == l)).collect();
        let Some(places) = places else { continue };
        if let Some(product) = multiplied(store, *x, sum, &places) {
            *x = product;
            return true;
        }
    }
    false
}

/// A node times a tensor on some of its axes, where that takes away a power of it.
fn multiplied(store: &mut Store, node: NodeId, sum: NodeId, places: &[usize]) -> Option<NodeId> {
    match store.node(node).clone() {
        Node::Map(Function::Power(p), x) if x == sum && places.iter().enumerate().all(|(i, p)| i == *p) => {
            (p.is_integer() && p.is_negative()).then(|| store.map(Function::Power(&p + &Rational::ONE), sum))
        }
        Node::Sum(terms) => {
            let mut new = Vec::new();
            for (c, x) in terms {
                new.push((c, multiplied(store, x, sum, places)?));
            }
            Some(store.sum(&new))
        }
        Node::Product(p) => {
            let labels: Labels = places.iter().filter_map(|i| p.out.get(*i).copied()).collect();
            let mut list = p.factors.to_vec();
            times(store, &mut list, sum, &labels).then(|| store.product(&list, &p.out, &p.dims))
        }
        _ => None,
    }
}
