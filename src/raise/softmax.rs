//! Softmax and log-sum-exp: exponentials over their sum.

use super::form::FormId;
use super::network::{End, Ends, Item, Network};
use super::view::{Mode, Raiser, Role, Roles};
use crate::number::Rational;
use crate::operator as op;
use crate::tensor::{Function, Labels, Node, NodeId};

/// A factor with its place among the factors.
pub(super) type Numbered = (usize, NodeId, Labels);

impl Raiser<'_> {
    /// Σ exp(z) over one axis of z or more: the node of the exponentials, and which of its axes is summed, where only
    /// one is and the others come in order.
    pub(super) fn exponential_sum(&self, s: NodeId) -> Option<(NodeId, usize)> {
        let Node::Product(p) = self.store.node(s) else { return None };
        let [(e, labels)] = p.factors.as_slice() else { return None };
        if !matches!(self.store.node(*e), Node::Map(Function::Exp, _)) || labels.len() != p.out.len() + 1 {
            return None;
        }
        let axis = labels.iter().position(|l| !p.out.contains(l))?;
        let rest = labels.iter().enumerate().filter(|(i, _)| *i != axis).map(|(_, l)| l);
        rest.eq(p.out.iter()).then_some((*e, axis))
    }

    /// Takes exp(z) with 1/Σ exp(z) out of the factors and puts softmax(z) into the network.
    #[inline(never)]
    pub(super) fn place_softmax(&mut self, net: &mut Network, mut list: Vec<Numbered>) -> Vec<Numbered> {
        if self.mode == Mode::Index {
            return list;
        }
        for place in 0..list.len() {
            let (_, x, outer) = list[place].clone();
            let Node::Map(Function::Power(p), s) = self.store.node(x) else { continue };
            let (Some(p), s) = (p.to_integer().filter(|p| *p < 0), *s) else { continue };
            let Some((e, axis)) = self.exponential_sum(s) else { continue };
            let mut left = p;
            while left < 0 {
                let fits = |(_, y, labels): &Numbered| {
                    let rest = labels.iter().enumerate().filter(|(i, _)| *i != axis).map(|(_, l)| l);
                    *y == e && rest.eq(outer.iter()) && !outer.contains(&labels[axis])
                };
                let Some(found) = list.iter().position(fits) else { break };
                let (position, _, labels) = list[found].clone();
                let Some((form, ends)) = self.softmax(net, e, axis, &labels) else { break };
                net.items.push(Item { form, ends, position });
                // Kept in place as the scalar one, so that the other places stay what they are.
                list[found] = (position, self.store.one(), Labels::new());
                left += 1;
            }
            if left != p {
                let rest = self.store.map(Function::Power(Rational::from(left)), s);
                list[place] = if left == 0 {
                    (list[place].0, self.store.one(), Labels::new())
                } else {
                    (list[place].0, rest, outer)
                };
            }
        }
        list
    }

    /// The softmax of the exponents over an axis, with the labels of its ends.
    fn softmax(&mut self, net: &Network, e: NodeId, axis: usize, labels: &Labels) -> Option<(FormId, Ends)> {
        let Node::Map(_, z) = *self.store.node(e) else { return None };
        let mut roles: Roles = Roles::new();
        let mut other = None;
        for (i, l) in labels.iter().enumerate() {
            roles.push(match net.ends[*l as usize] {
                _ if i == axis => Role::Row,
                End::At(index) if labels.len() > 2 || self.is_member(z, i) => Role::At(index),
                _ if other.is_none() => {
                    other = Some(*l);
                    Role::Col
                }
                _ => return None,
            });
        }
        match other {
            None => {
                let z = self.view(z, &roles)?;
                Some((self.forms.map(&op::SOFTMAX, z), Ends::Vector(labels[axis])))
            }
            // Of a matrix it goes by rows: the summed axis has to be the columns.
            Some(rows) => {
                let z = self.view(z, &roles)?;
                let z = self.forms.transpose(z);
                Some((self.forms.map(&op::SOFTMAX, z), Ends::Matrix(rows, labels[axis])))
            }
        }
    }

    /// log Σ exp(z).
    #[inline(never)]
    pub(super) fn log_sum_exp(&mut self, s: NodeId, roles: &[Role]) -> Option<FormId> {
        let Node::Product(p) = self.store.node(s) else { return None };
        let [(e, labels)] = p.factors.as_slice() else { return None };
        let Node::Map(Function::Exp, z) = *self.store.node(*e) else { return None };
        let (labels, out) = (labels.clone(), p.out.clone());
        let distinct = labels.iter().enumerate().all(|(i, l)| !labels[..i].contains(l));
        let repeats = out.iter().any(|l| !labels.contains(l));
        if self.mode == Mode::Index || !distinct || repeats || out.len() != roles.len() {
            return None;
        }
        Self::indices(roles)?;
        let mut free = [Role::Row, Role::Col].into_iter();
        let mut inner = Roles::new();
        for l in &labels {
            inner.push(match out.iter().position(|o| o == l) {
                Some(place) => roles[place],
                None => free.next()?,
            });
        }
        let z = self.view(z, &inner)?;
        if self.forms.is_scalar(z) {
            return None;
        }
        Some(self.forms.scalar(&op::LOGSUMEXP, &[z]))
    }
}
