//! Determinants.

use super::atom::Atom;
use super::budget::StopReason;
use super::form::{FormId, Forms};
use super::raw::{Raw, counted};
use crate::dimension::Poly;
use crate::number::Rational;
use crate::tensor::{Axes, Function, Labels};
use smallvec::smallvec;

impl Forms<'_> {
    /// det F of square matrices on the last two axes.
    pub(super) fn determinant(&mut self, f: FormId) -> Result<FormId, StopReason> {
        let axes = self.form(f).axes.clone();
        if axes.len() != 2 {
            // det Aᵀ = det A
            let (f, _) = self.oriented(f)?;
            let rank = axes.len().saturating_sub(2);
            return self.atom_form(Atom::Determinant(f), &axes[..rank].into(), Rational::ONE);
        }
        let size = self.store.poly(axes[0]).clone();
        let one = self.number_form(&Rational::ONE)?;
        let mut parts: Vec<FormId> = vec![one];
        if let Some(mut raw) = self.opened(f) {
            // det(c s A) = cⁿ sⁿ det A, with n the dimension
            let c = std::mem::replace(&mut raw.coefficient, Rational::ONE);
            let c = self.number_form(&c)?;
            parts.push(self.raised_to_integer(c, &size)?);
            let mut scalars = Raw::new(&[], &[]);
            raw.factors.retain(|x| {
                let scalar = x.labels.is_empty() && raw.range.is_none();
                if scalar {
                    scalars.factors.push(x.clone());
                }
                !scalar
            });
            let scalars = self.collect(Axes::new(), vec![scalars])?;
            parts.push(self.raised_to_integer(scalars, &size)?);
            // det(A B) = det A det B
            let pieces = self.chain(&raw).unwrap_or_else(|| vec![raw]);
            for piece in pieces {
                let piece = self.collect(axes.clone(), vec![piece])?;
                parts.push(self.one_determinant(piece)?);
            }
        } else {
            // det(c A) = cⁿ det A
            let c = self.form(f).terms.first().map_or(Rational::ONE, |t| t.1.clone());
            let inner = self.linear(axes.clone(), &[(c.recip().unwrap_or(Rational::ONE), f)])?;
            let c = self.number_form(&c)?;
            parts.push(self.raised_to_integer(c, &size)?);
            parts.push(self.one_determinant(inner)?);
        }
        let parts: Vec<(FormId, Labels)> = parts.into_iter().map(|p| (p, Labels::new())).collect();
        self.contract(&parts, &[], &[])
    }

    /// The determinant of what is no product and has no factor to take out.
    fn one_determinant(&mut self, f: FormId) -> Result<FormId, StopReason> {
        let form = self.form(f);
        if let [(m, c)] = form.terms.as_slice() {
            let mono = self.mono(*m);
            // det I = 1
            if c.is_one() && mono.factors.is_empty() && mono.out.as_slice() == [0, 0] {
                return self.number_form(&Rational::ONE);
            }
            // det A^p = (det A)^p
            if let ([x], true) = (mono.factors.as_slice(), c.is_one()) {
                let whole = x.power.is_one() && mono.is_plain() && matches!(x.labels.as_slice(), [0, 1] | [1, 0]);
                if let (Atom::MatrixPower(g, p), true) = (self.atom_of(x.atom).clone(), whole) {
                    let inner = self.determinant(g)?;
                    return self.raised_to_integer(inner, &p);
                }
            }
        }
        // det diag(v) = Π v_i = exp Σ log v_i for v > 0
        let form = self.form(f);
        if !form.terms.is_empty() && form.terms.iter().all(|t| self.mono(t.0).out.as_slice() == [0, 0]) {
            let axes = form.axes.clone();
            let entries = self.contract(&[(f, smallvec![0, 0])], &[0], &axes[..1])?;
            if self.sign(entries).1 {
                let logs = self.map(&Function::Log, entries)?;
                let total = self.contract(&[(logs, counted(1))], &[], &axes[..1])?;
                return self.map(&Function::Exp, total);
            }
        }
        let (f, _) = self.oriented(f)?;
        self.atom_form(Atom::Determinant(f), &Axes::new(), Rational::ONE)
    }

    /// b^p for a scalar b and an integer p that may be symbolic.
    pub(super) fn raised_to_integer(&mut self, b: FormId, p: &Poly) -> Result<FormId, StopReason> {
        if let Some(p) = p.as_constant() {
            return self.entrywise_power(b, &Rational::from(p));
        }
        let exponent = self.integer(p)?;
        self.raised(b, exponent)
    }
}
