//! What follows from a wrong derivative of something on the way: a gradient that is right but for it, and the gradient
//! that a wrong differential contains.

use super::session::Session;
use super::side::Reading;
use super::walk::{Side, Walk};
use crate::calculus;
use crate::diagnosis::rewrite;
use crate::lower::Lowering;
use crate::problem::Layout;
use crate::shape::{Body, Quantity, QuantityId};
use crate::syntax::{Kind, Name, Tree};
use crate::tensor::{Label, Labels, NodeId};
use crate::verdict::{Decision, Depth, compare};

/// Wrong derivatives that a later claim is compared with: the last ones.
const MOST: usize = 8;

/// A derivative of an objective that was claimed wrongly.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct WrongDerivative {
    of: QuantityId,
    by: QuantityId,
    value: NodeId,
}

impl Walk<'_> {
    /// Keeps a wrong derivative of an objective by a whole quantity, or a wrong differential.
    pub(super) fn remember_derivative(&mut self, head: Option<&Tree>, side: &Side) {
        let (Some(head), Some(r)) = (head, side.readings.first()) else { return };
        if self.session.store.is_zero(r.value.node) {
            return;
        }
        if let Some((of, by)) = self.derivative_by(head).filter(|d| self.is_whole(d.1, r)) {
            self.session.wrong_derivatives.push(WrongDerivative { of, by, value: r.value.node });
        }
        if let Some(of) = self.differential_of(head).filter(|_| r.value.free.is_empty()) {
            self.session.wrong_differentials.push((of, r.value.node));
        }
    }

    /// Whether a wrong derivative is what follows from one that was claimed wrongly before.
    pub(super) fn follows_from_derivative(&mut self, head: Option<&Tree>, side: &Side) -> bool {
        let Some((of, by)) = head.and_then(|h| self.derivative_by(h)) else { return false };
        if self.session.layout == Layout::Transposed {
            return false;
        }
        let readings: Vec<Reading> = side.readings.iter().filter(|r| self.is_whole(by, r)).cloned().collect();
        let wrong: Vec<_> =
            self.session.wrong_derivatives.iter().rev().filter(|w| w.of == of).take(MOST).copied().collect();
        let mut expected: Vec<NodeId> =
            wrong.into_iter().filter(|w| w.by != by).filter_map(|w| self.session.through(w, by)).collect();
        let variable = self.session.differentials.iter().find(|d| d.0 == by).map(|d| d.1);
        let differentials: Vec<NodeId> =
            self.session.wrong_differentials.iter().rev().filter(|w| w.0 == of).take(MOST).map(|w| w.1).collect();
        if let Some(d) = variable.and_then(|d| self.session.tensor(d)) {
            expected.extend(differentials.iter().map(|w| calculus::derivative(&mut self.session.store, *w, d)));
        }
        expected.into_iter().any(|e| readings.iter().any(|r| self.session.is_same(e, r.value.node)))
    }

    /// The objective and the quantity of `∂L/∂W`.
    fn derivative_by(&self, head: &Tree) -> Option<(QuantityId, QuantityId)> {
        let Kind::Derivative { of, wrt, .. } = head.kind(head.root) else { return None };
        let scope = &self.session.scope;
        let of = match of.map(|o| head.kind(o)) {
            Some(Kind::Symbol(name)) => scope.find(name, 0)?,
            Some(_) => return None,
            None => self.session.objective?,
        };
        let by = match wrt.as_slice() {
            [] => self.unknown_of(head)?,
            [one] => match head.kind(*one) {
                Kind::Symbol(name) => scope.find(name, 0)?,
                _ => self.unknown_of(head)?,
            },
            _ => return None,
        };
        Some((of, by))
    }

    /// Whether a value is one of all entries, and of a member of a family where it is taken by one.
    fn is_whole(&self, by: QuantityId, r: &Reading) -> bool {
        r.value.free.len() == self.session.scope.quantity(by).letters.len()
    }

    /// The objective of `dL`.
    fn differential_of(&self, head: &Tree) -> Option<QuantityId> {
        let Kind::Differential(of) = head.kind(head.root) else { return None };
        let Kind::Symbol(name) = head.kind(*of) else { return None };
        self.session.scope.find(name, 0)
    }
}

impl Session {
    /// The derivative by a quantity if that by one on the way were what was claimed.
    fn through(&mut self, wrong: WrongDerivative, by: QuantityId) -> Option<NodeId> {
        let own = self.scope.quantity(wrong.by).clone();
        if !matches!(own.body, Body::Definition(_)) {
            return None;
        }
        let name = Name::from(format!("\u{1}claimed{}", wrong.by.0));
        let stand_in = match self.scope.find(&name, own.letters.len()) {
            Some(known) => known,
            None => self.scope.declare(Quantity { name, properties: Vec::new(), body: Body::Variable, ..own }),
        };
        let (objective, middle) = (self.tensor(wrong.of)?, self.tensor(wrong.by)?);
        let (variable, fixed) = (self.tensor(by)?, self.tensor(stand_in)?);
        let axes = self.store.axes(middle).clone();
        if middle == variable || self.store.axes(fixed) != &axes || self.store.axes(wrong.value) != &axes {
            return None;
        }
        let labels: Labels = (0..axes.len()).filter_map(|i| Label::try_from(i).ok()).collect();
        let paired = self.store.product(&[(fixed, labels.clone()), (middle, labels)], &[], &axes);
        let path = calculus::derivative(&mut self.store, paired, variable);
        if self.store.is_zero(path) {
            return None;
        }
        let path = rewrite(&mut self.store, path, &[(fixed, wrong.value)]);
        // What does not lead through the quantity on the way is right.
        let rest = rewrite(&mut self.store, objective, &[(middle, fixed)]);
        let rest = calculus::derivative(&mut self.store, rest, variable);
        let rest = rewrite(&mut self.store, rest, &[(fixed, middle)]);
        Some(if self.store.is_zero(rest) { path } else { self.store.add(rest, path) })
    }

    fn tensor(&mut self, q: QuantityId) -> Option<NodeId> {
        let mut lowering =
            Lowering { scope: &self.scope, store: &mut self.store, quantities: &mut self.quantities, marked: None };
        lowering.tensor(q).ok()
    }

    fn is_same(&self, a: NodeId, b: NodeId) -> bool {
        self.store.axes(a) == self.store.axes(b)
            && compare(&self.store, a, b, &self.scope.sizes, ["", ""], Depth::Decisive).decision == Decision::Equal
    }
}
