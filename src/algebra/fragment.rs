//! Which forms are polynomials: where the normal form is complete, and where zeros have no volume.

use super::atom::{Atom, mark};
use super::budget::StopReason;
use super::form::{FormId, Forms};
use smallvec::smallvec;

impl Forms<'_> {
    /// Whether no entry of a form vanishes but for few values: a polynomial that is not zero, nor on a diagonal, of
    /// variables whose properties leave its zeros without volume.
    pub(super) fn is_generic(&mut self, f: FormId) -> Result<bool, StopReason> {
        use crate::tensor::Property as P;
        let mild = [P::Positive, P::NonNegative, P::NonZero, P::Symmetric, P::PositiveDefinite, P::Invertible];
        let form = self.form(f);
        if form.terms.is_empty() || !form.terms.iter().all(|t| self.mono(t.0).is_plain()) {
            return Ok(false);
        }
        if !self.is_polynomial(f, &mild) {
            return Ok(false);
        }
        let axes = form.axes.clone();
        match axes.as_slice() {
            // The diagonal of X − Xᵀ is zero.
            [a, b] if a == b => {
                let diagonal = self.contract(&[(f, smallvec![0, 0])], &[0], &axes[..1])?;
                Ok(!self.form(diagonal).terms.is_empty())
            }
            [_, _] | [_] | [] => Ok(true),
            _ => Ok(false),
        }
    }

    /// Whether a form is a sum of networks of variables with none but these properties, over symbolic dimensions.
    pub(super) fn is_polynomial(&self, f: FormId, allowed: &[crate::tensor::Property]) -> bool {
        // Scalar parts stand in atoms of their own, which have no scalar parts.
        let network = |m: super::form::MonoId, deep: bool| {
            let m = self.mono(m);
            let symbolic = |d: &crate::tensor::DimId| self.store.poly(*d).as_variable().is_some();
            m.range.is_none()
                && m.dims.iter().all(symbolic)
                && m.factors.iter().all(|x| {
                    let natural = x.power.to_integer().is_some_and(|p| p > 0);
                    natural
                        && match self.atom_of(x.atom) {
                            Atom::Variable(v) => {
                                let v = self.store.variable(*v);
                                v.properties.iter().all(|p| allowed.contains(p)) && v.axes.iter().all(symbolic)
                            }
                            Atom::Integer(_) => true,
                            Atom::Base(_) => deep && self.info(x.atom).marks & mark::BASE == 0,
                            _ => false,
                        }
                })
        };
        self.form(f).terms.iter().all(|(m, _)| {
            network(*m, true)
                && self.mono(*m).factors.iter().all(|x| match self.atom_of(x.atom) {
                    Atom::Base(inner) => self.form(*inner).terms.iter().all(|t| network(t.0, false)),
                    _ => true,
                })
        })
    }
}
