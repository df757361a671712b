//! Which axes count the members of a family, and which letters indices take.

use super::form::FormId;
use super::view::{Raiser, Role};
use crate::dimension::IntVar;
use crate::syntax::Name;
use crate::tensor::{Node, NodeId};

/// Letters for indices, in the order they are taken.
const LETTERS: &[&str] = &[
    "i", "j", "k", "l", "p", "q", "r", "s", "t", "u", "v", "w", "a", "b", "c", "d", "g", "h", "m", "n", "x", "y", "z",
];

impl Raiser<'_> {
    /// The axes that count members, as bits.
    pub(super) fn member_axes(&mut self, node: NodeId) -> u32 {
        if let Some(known) = self.members.get(&node) {
            return *known;
        }
        let mut order = vec![node];
        // Operands first, without recursion: the graph may be deep.
        while let Some(id) = order.last().copied() {
            if self.members.contains_key(&id) {
                order.pop();
                continue;
            }
            let operands = match self.store.node(id) {
                Node::Definition { .. } => smallvec::smallvec![],
                _ => self.store.operands(id),
            };
            let open: Vec<NodeId> = operands.into_iter().filter(|o| !self.members.contains_key(o)).collect();
            if open.is_empty() {
                let mask = self.mask(id);
                self.members.insert(id, mask);
                order.pop();
            } else {
                order.extend(open);
            }
        }
        self.members.get(&node).copied().unwrap_or(0)
    }

    fn mask(&self, id: NodeId) -> u32 {
        let of = |x: &NodeId| self.members.get(x).copied().unwrap_or(0);
        let bit = |i: usize| 1u32.checked_shl(u32::try_from(i).unwrap_or(u32::MAX)).unwrap_or(0);
        let has = |x: &NodeId, i: usize| of(x) & bit(i) != 0;
        match self.store.node(id) {
            Node::Variable(v) | Node::Definition { name: v, .. } => u32::from(self.store.variable(*v).family.is_some()),
            Node::Product(p) => {
                let mut mask = 0;
                for (i, l) in p.out.iter().enumerate() {
                    let counts =
                        p.factors.iter().any(|(x, ls)| ls.iter().enumerate().any(|(j, m)| m == l && has(x, j)));
                    mask |= if counts { bit(i) } else { 0 };
                }
                mask
            }
            Node::Sum(terms) => terms.iter().fold(0, |m, t| m | of(&t.1)),
            Node::Map(_, x) | Node::MatrixPower(x, _) | Node::Inverse(x) | Node::RangeSum { body: x, .. } => of(x),
            Node::ScalarPower(x, y) => of(x) | of(y),
            Node::Determinant(x) => of(x) & (bit(self.store.rank(id)).wrapping_sub(1)),
            Node::Unknown { order, batch, argument, .. } => {
                let (batch, rank) = (*batch as usize, self.store.rank(*argument));
                let mut mask = (0..batch).filter(|i| has(argument, *i)).fold(0, |m, i| m | bit(i));
                let mut place = batch;
                for _ in 0..*order {
                    for i in batch..rank {
                        mask |= if has(argument, i) { bit(place) } else { 0 };
                        place += 1;
                    }
                }
                mask
            }
            Node::Fuse { argument, groups } => {
                let (mut mask, mut from) = (0, 0);
                for (i, g) in groups.iter().enumerate() {
                    mask |= if (from..from + *g as usize).any(|j| has(argument, j)) { bit(i) } else { 0 };
                    from += *g as usize;
                }
                mask
            }
            Node::Split { argument, axis, factors } => {
                let (axis, extra) = (*axis as usize, factors.len().saturating_sub(1));
                (0..self.store.rank(*argument)).filter(|i| has(argument, *i)).fold(0, |m, i| match i.cmp(&axis) {
                    std::cmp::Ordering::Less => m | bit(i),
                    std::cmp::Ordering::Equal => (i..=i + extra).fold(m, |m, j| m | bit(j)),
                    std::cmp::Ordering::Greater => m | bit(i + extra),
                })
            }
            Node::Zero(_) | Node::Integer(_) | Node::Constant(_) | Node::Pattern(_) => 0,
        }
    }

    /// Whether an axis counts members.
    pub(super) fn is_member(&mut self, node: NodeId, axis: usize) -> bool {
        axis < 32 && self.member_axes(node) & (1 << axis) != 0
    }

    /// The letter that the family on an axis was declared with.
    pub(super) fn declared_letter(&mut self, mut node: NodeId, mut axis: usize) -> Option<Name> {
        while self.is_member(node, axis) {
            let next = match self.store.node(node) {
                Node::Variable(v) | Node::Definition { name: v, .. } => return self.store.variable(*v).family.clone(),
                Node::Product(p) => {
                    let label = *p.out.get(axis)?;
                    p.factors
                        .iter()
                        .flat_map(|(x, ls)| ls.iter().enumerate().map(move |(j, l)| (*x, j, *l)))
                        .filter(|(_, _, l)| *l == label)
                        .map(|(x, j, _)| (x, j))
                        .collect::<Vec<_>>()
                }
                Node::Sum(terms) => terms.iter().map(|t| (t.1, axis)).collect(),
                Node::Map(_, x)
                | Node::MatrixPower(x, _)
                | Node::Inverse(x)
                | Node::Determinant(x)
                | Node::RangeSum { body: x, .. }
                | Node::Unknown { argument: x, .. } => vec![(*x, axis)],
                Node::ScalarPower(x, y) => vec![(*x, axis), (*y, axis)],
                Node::Fuse { .. }
                | Node::Split { .. }
                | Node::Zero(_)
                | Node::Integer(_)
                | Node::Constant(_)
                | Node::Pattern(_) => return None,
            };
            (node, axis) = next.into_iter().find(|(x, j)| self.is_member(*x, *j))?;
        }
        None
    }

    /// A letter that is not in use: the wanted one, or the first of the usual ones.
    pub(super) fn fresh_letter(&self, wanted: Option<Name>, used: &[Name]) -> Name {
        let free = |n: &Name, declared: bool| {
            !self.scope.contains(n) && !used.contains(n) && (declared || !self.taken.contains(n))
        };
        if let Some(name) = wanted.filter(|n| free(n, true)) {
            return name;
        }
        let usual = LETTERS.iter().map(|l| Name::from(*l));
        let numbered = (1..).map(|n| Name::from(format!("i_{n}")));
        usual.chain(numbered).find(|n| free(n, false)).unwrap_or_else(|| Name::from("i"))
    }

    /// The letters among indices.
    pub(super) fn letters_of(&self, roles: &[Role]) -> Vec<Name> {
        let at = |r: &Role| if let Role::At(i) = r { Some(*i) } else { None };
        let ids: Vec<FormId> = roles.iter().filter_map(at).collect();
        ids.iter().flat_map(|i| self.forms.info(*i).letters.clone()).collect()
    }

    /// Reserves the names of symbols, functions, dimensions and integers below a node, and the letters of families.
    pub(super) fn reserve_names(&mut self, node: NodeId) {
        let variables: Vec<Name> = self.store.variables().map(|(_, v)| v.name.clone()).collect();
        let families: Vec<Name> = self.store.variables().filter_map(|(_, v)| v.family.clone()).collect();
        self.taken.extend(variables);
        self.taken.extend(families);
        let declared = self.store.variables().flat_map(|(_, v)| v.axes.iter());
        let mut integers: Vec<IntVar> = declared.flat_map(|d| self.store.poly(*d).variables()).collect();
        let mut functions: Vec<Name> = Vec::new();
        for id in self.store.reachable(&[node]) {
            for d in self.store.axes(id) {
                integers.extend(self.store.poly(*d).variables());
            }
            match self.store.node(id) {
                Node::MatrixPower(_, p) | Node::Integer(p) => integers.extend(p.variables()),
                Node::RangeSum { variable, lower, upper, .. } => {
                    integers.push(*variable);
                    integers.extend(lower.variables().into_iter().chain(upper.variables()));
                }
                Node::Unknown { function, .. } | Node::Map(crate::tensor::Function::Unknown(function, _), _) => {
                    functions.push(self.store.function_name(*function).clone());
                }
                _ => {}
            }
        }
        integers.sort_unstable();
        integers.dedup();
        self.taken.extend(functions);
        let names = integers.into_iter().map(|v| Name::from((self.names)(v)));
        self.taken.extend(names);
    }
}
