//! Comparison of two graphs.

use super::budget::{Budget, StopReason};
use super::form::Forms;
use crate::number::Rational;
use crate::tensor::{Axes, NodeId, Store};

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

/// Compares two tensors with the same axes in the same order.
#[must_use]
pub fn compare(store: &Store, a: NodeId, b: NodeId, budget: &Budget) -> Proof {
    if store.is_exceeded() {
        return Proof::Unknown(Some(StopReason::Incomplete));
    }
    if a == b {
        return Proof::Equal;
    }
    if store.axes(a) != store.axes(b) {
        return Proof::Unknown(None);
    }
    let mut forms = Forms::new(store, budget);
    decide(&mut forms, a, b).unwrap_or_else(|stop| Proof::Unknown(Some(stop)))
}

/// Whether all entries of a tensor are provably at least zero, at all points, or all at most zero.
#[must_use]
pub fn keeps_sign(store: &Store, x: NodeId, budget: &Budget) -> bool {
    if store.is_exceeded() {
        return false;
    }
    let mut forms = Forms::new(store, budget);
    sign_kept(&mut forms, x).unwrap_or(false)
}

fn sign_kept(forms: &mut Forms<'_>, x: NodeId) -> Result<bool, StopReason> {
    forms.lower(&[x], false)?;
    let f = forms.lowered(x)?;
    let axes: Axes = forms.form(f).axes.clone();
    let minus = forms.linear(axes, &[(Rational::MINUS_ONE, f)])?;
    Ok(forms.sign(f).0 || forms.sign(minus).0)
}

fn decide(forms: &mut Forms<'_>, a: NodeId, b: NodeId) -> Result<Proof, StopReason> {
    forms.lower(&[a, b], false)?;
    let (x, y) = (forms.lowered(a)?, forms.lowered(b)?);
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
