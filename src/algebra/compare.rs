//! Comparison of two graphs.

use super::budget::{Budget, StopReason};
use super::form::{Arena, Forms};
use super::function::Functions;
use crate::number::Rational;
use crate::tensor::{Axes, NodeId, Store};
use std::sync::OnceLock;

/// What the normal forms say of two tensors.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Proof {
    /// Equal for all sizes of the dimensions and all values with the declared properties, wherever both are defined
    /// (and away from kinks).
    Equal,
    /// Different for some sizes and values. Said only where the normal form is complete; the sizes may be large, so a
    /// constraint that bounds a dimension from above can make the two equal all the same.
    Different,
    /// Neither is proved; the reason, where the budget ended the attempt.
    Unknown(Option<StopReason>),
}

/// A tensor that many others are compared with: its normal form is made at the first comparison that needs it.
///
/// It holds for the graph in which the tensor is, and for copies of that graph with more nodes.
#[derive(Debug)]
pub struct Reference {
    node: NodeId,
    known: OnceLock<Arena>,
}

impl Reference {
    /// A node of a graph.
    #[must_use]
    pub fn new(node: NodeId) -> Self {
        Self { node, known: OnceLock::new() }
    }

    /// The node.
    #[must_use]
    pub fn node(&self) -> NodeId {
        self.node
    }

    /// The forms of a comparison with some node: those of this one are there.
    fn forms<'s>(&self, store: &'s Store, with: NodeId, budget: &Budget) -> Result<Forms<'s>, StopReason> {
        let mut forms = Forms::new(store, budget);
        let functions = Functions::of(store, &[self.node, with]);
        if let Some(known) = self.known.get().filter(|known| known.functions == functions) {
            known.count_again()?;
            forms.arena = known.clone();
            return Ok(forms);
        }
        forms.arena.functions = functions;
        forms.lower(&[self.node])?;
        forms.arena.share();
        // Where another comparison was faster, it has found the same.
        let _ = self.known.set(forms.arena.clone());
        Ok(forms)
    }
}

/// Compares two tensors with the same axes in the same order.
#[must_use]
pub fn compare(store: &Store, a: NodeId, b: NodeId, budget: &Budget) -> Proof {
    compare_with(store, a, &Reference::new(b), budget)
}

/// Compares a tensor with one that others are compared with as well.
#[must_use]
pub fn compare_with(store: &Store, a: NodeId, b: &Reference, budget: &Budget) -> Proof {
    if store.is_exceeded() {
        return Proof::Unknown(Some(StopReason::Incomplete));
    }
    if a == b.node {
        return Proof::Equal;
    }
    if store.axes(a) != store.axes(b.node) {
        return Proof::Unknown(None);
    }
    decide(store, a, b, budget).unwrap_or_else(|stop| Proof::Unknown(Some(stop)))
}

/// Whether all entries of a tensor are provably at least zero, at all points, or all at most zero.
#[must_use]
pub fn keeps_sign(store: &Store, x: NodeId, budget: &Budget) -> bool {
    if store.is_exceeded() {
        return false;
    }
    let mut forms = Forms::new(store, budget);
    forms.arena.functions = Functions::of(store, &[x]);
    sign_kept(&mut forms, x).unwrap_or(false)
}

fn sign_kept(forms: &mut Forms<'_>, x: NodeId) -> Result<bool, StopReason> {
    forms.lower(&[x])?;
    let f = forms.lowered(x)?;
    let axes: Axes = forms.form(f).axes.clone();
    let minus = forms.linear(axes, &[(Rational::MINUS_ONE, f)])?;
    Ok(forms.sign(f).0 || forms.sign(minus).0)
}

fn decide(store: &Store, a: NodeId, b: &Reference, budget: &Budget) -> Result<Proof, StopReason> {
    let mut forms = b.forms(store, a, budget)?;
    forms.lower(&[a])?;
    let (x, y) = (forms.lowered(a)?, forms.lowered(b.node)?);
    if x == y {
        return Ok(Proof::Equal);
    }
    if forms.is_polynomial(x, &[]) && forms.is_polynomial(y, &[]) {
        return Ok(Proof::Different);
    }
    let axes: Axes = forms.form(x).axes.clone();
    let difference = forms.linear(axes, &[(Rational::ONE, x), (Rational::MINUS_ONE, y)])?;
    Ok(if forms.vanishes(difference)? { Proof::Equal } else { Proof::Unknown(None) })
}
