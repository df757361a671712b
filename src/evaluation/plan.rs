//! The order of an evaluation, and what is known of it before any number is.

use crate::dimension::{IntVar, Poly};
use crate::number::{Constant, Rational};
use crate::tensor::{Function, Node, NodeId, Pattern, Store};
use smallvec::SmallVec;

/// What an evaluation in a prime field uses beyond arithmetic: a difference is conclusive only without any of it.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Uses {
    /// Functions that are uninterpreted in a field.
    pub uninterpreted: bool,
    /// Square roots.
    pub roots: bool,
    /// |x|, sign, relu and comparisons.
    pub order: bool,
    /// The number π.
    pub pi: bool,
    /// The number e.
    pub euler: bool,
}

impl Uses {
    /// Whether nothing but arithmetic is used.
    #[must_use]
    pub fn is_arithmetic(self) -> bool {
        // Either of the two is transcendental, and so a number of its own; of both together that is not known.
        let Self { uninterpreted, roots, order, pi, euler } = self;
        !(uninterpreted || roots || order || pi && euler)
    }
}

/// The nodes that roots are made from, in an order in which each can be evaluated.
pub(crate) struct Plan {
    /// Nodes that depend on no variable of a sum over integers, operands first.
    pub(super) order: Vec<NodeId>,
    /// The place of every node among all that are reachable; `u32::MAX` for others.
    place: Vec<u32>,
    /// How many nodes are reachable.
    pub(super) count: usize,
    /// For every sum over integers: the nodes of its body that change with its variable, operands first.
    pub(super) bodies: Vec<(NodeId, Vec<NodeId>)>,
    /// What is used beyond arithmetic.
    pub(crate) uses: Uses,
}

type Free = SmallVec<[IntVar; 2]>;

impl Plan {
    pub(crate) fn new(store: &Store, roots: &[NodeId]) -> Self {
        let all = store.reachable(roots);
        let mut place = vec![u32::MAX; all.last().map_or(0, |n| n.0 as usize + 1)];
        for (i, id) in all.iter().enumerate() {
            place[id.0 as usize] = u32::try_from(i).unwrap_or(u32::MAX);
        }
        let mut uses = Uses::default();
        let mut sums: Vec<(NodeId, IntVar, NodeId)> = Vec::new();
        for id in &all {
            note_uses(store, *id, &mut uses);
            if let Node::RangeSum { variable, body, .. } = store.node(*id) {
                sums.push((*id, *variable, *body));
            }
        }
        let mut plan = Self { order: all, place, count: 0, bodies: Vec::new(), uses };
        plan.count = plan.order.len();
        if !sums.is_empty() {
            plan.split_bodies(store, &sums);
        }
        plan
    }

    pub(super) fn place(&self, id: NodeId) -> usize {
        self.place.get(id.0 as usize).map_or(usize::MAX, |p| *p as usize)
    }

    /// A node that changes with the variable v of a sum S and, beyond v, only with what S itself changes with, is
    /// evaluated for each value of v, inside S.
    fn split_bodies(&mut self, store: &Store, sums: &[(NodeId, IntVar, NodeId)]) {
        let mut free: Vec<Free> = Vec::with_capacity(self.order.len());
        for id in &self.order {
            let mut own = Free::new();
            for x in store.operands(*id) {
                for v in &free[self.place(x)] {
                    insert(&mut own, *v);
                }
            }
            if let Node::RangeSum { variable, .. } = store.node(*id) {
                own.retain(|v| v != variable);
            }
            for_each_poly(store, *id, &mut |p| {
                for v in sums.iter().map(|s| s.1).filter(|v| p.contains(*v)) {
                    insert(&mut own, v);
                }
            });
            free.push(own);
        }
        for (id, v, body) in sums {
            let outer = &free[self.place(*id)];
            let inside = |x: &NodeId| {
                let f = &free[self.place(*x)];
                f.contains(v) && f.iter().all(|w| w == v || outer.contains(w))
            };
            self.bodies.push((*id, store.reachable(&[*body]).into_iter().filter(inside).collect()));
        }
        let places: Vec<bool> = free.iter().map(SmallVec::is_empty).collect();
        let mut keep = places.iter();
        self.order.retain(|_| keep.next().copied().unwrap_or(true));
    }
}

fn insert(set: &mut Free, v: IntVar) {
    if !set.contains(&v) {
        set.push(v);
    }
}

/// Every polynomial in named integers that a node has of itself.
pub(crate) fn for_each_poly(store: &Store, id: NodeId, f: &mut impl FnMut(&Poly)) {
    for d in store.axes(id) {
        f(store.poly(*d));
    }
    match store.node(id) {
        Node::MatrixPower(_, p) | Node::Integer(p) => f(p),
        Node::RangeSum { lower, upper, .. } => {
            f(lower);
            f(upper);
        }
        Node::Product(p) => p.dims.iter().for_each(|d| f(store.poly(*d))),
        Node::Pattern(p) => match p {
            Pattern::Basis { position, .. } => f(position),
            Pattern::Range { lower, upper, .. } => {
                f(lower);
                f(upper);
            }
            Pattern::Shift { offset, .. } => f(offset),
            Pattern::Count { .. } | Pattern::Before { .. } => {}
        },
        Node::Variable(_)
        | Node::Definition { .. }
        | Node::Sum(_)
        | Node::Zero(_)
        | Node::Map(..)
        | Node::ScalarPower(..)
        | Node::Inverse(_)
        | Node::Determinant(_)
        | Node::Unknown { .. }
        | Node::Constant(_)
        | Node::Fuse { .. }
        | Node::Split { .. } => {}
    }
}

fn note_uses(store: &Store, id: NodeId, uses: &mut Uses) {
    match store.node(id) {
        Node::Map(f, _) => match f {
            Function::Power(q) if q.is_integer() => {}
            Function::Power(q) if (&Rational::from(2) * q).is_integer() => uses.roots = true,
            Function::Power(_)
            | Function::Exp
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
            | Function::Unknown(..) => uses.uninterpreted = true,
            Function::Relu
            | Function::Abs
            | Function::Sign
            | Function::Positive
            | Function::NonNegative
            | Function::Zero => uses.order = true,
        },
        Node::ScalarPower(_, exponent) => uses.uninterpreted |= !is_integer(store, *exponent),
        Node::Constant(Constant::Pi) => uses.pi = true,
        Node::Constant(Constant::Euler) => uses.euler = true,
        Node::Unknown { .. } => uses.uninterpreted = true,
        Node::Variable(_)
        | Node::Definition { .. }
        | Node::Product(_)
        | Node::Sum(_)
        | Node::Zero(_)
        | Node::MatrixPower(..)
        | Node::Inverse(_)
        | Node::Determinant(_)
        | Node::RangeSum { .. }
        | Node::Integer(_)
        | Node::Pattern(_)
        | Node::Fuse { .. }
        | Node::Split { .. } => {}
    }
}

/// Whether a node is an integer by its form; see [`integer`].
pub(crate) fn is_integer(store: &Store, id: NodeId) -> bool {
    integer(store, id, &|_| Some(1)).is_some()
}

/// The value of a node that is an integer by its form, repeated along its axes: an exponent.
pub(crate) fn integer(store: &Store, id: NodeId, of: &impl Fn(IntVar) -> Option<i64>) -> Option<i64> {
    integer_within(store, id, of, &mut 200)
}

/// Shared parts are looked at again each time, so the work is limited.
fn integer_within(store: &Store, id: NodeId, of: &impl Fn(IntVar) -> Option<i64>, fuel: &mut u32) -> Option<i64> {
    *fuel = fuel.checked_sub(1)?;
    match store.node(id) {
        Node::Integer(p) => p.evaluate(of),
        Node::Zero(_) => Some(0),
        Node::Definition { body, .. } => integer_within(store, *body, of, fuel),
        Node::Sum(terms) => terms.iter().try_fold(0i64, |sum, (c, x)| {
            let value = c.to_integer()?.checked_mul(integer_within(store, *x, of, fuel)?)?;
            sum.checked_add(value)
        }),
        Node::Product(p) => {
            // Only numbers without axes, so that no label is summed; repeated along the result's axes.
            let distinct = p.out.iter().enumerate().all(|(i, l)| !p.out[..i].contains(l));
            let scalars = p.factors.iter().all(|f| f.1.is_empty());
            if !distinct || !scalars {
                return None;
            }
            p.factors.iter().try_fold(1i64, |n, f| n.checked_mul(integer_within(store, f.0, of, fuel)?))
        }
        Node::Variable(_)
        | Node::Map(..)
        | Node::ScalarPower(..)
        | Node::MatrixPower(..)
        | Node::Inverse(_)
        | Node::Determinant(_)
        | Node::Unknown { .. }
        | Node::RangeSum { .. }
        | Node::Constant(_)
        | Node::Pattern(_)
        | Node::Fuse { .. }
        | Node::Split { .. } => None,
    }
}
