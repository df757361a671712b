//! Entrywise logarithms: what can be taken out of them, and what stays.

use super::atom::Atom;
use super::budget::StopReason;
use super::form::{Factor, FormId, Forms};
use super::power::prime_powers;
use super::raw::{Raw, counted};
use crate::number::Rational;
use crate::tensor::{Axes, Function};
use smallvec::{SmallVec, smallvec};

impl Forms<'_> {
    /// log(c Π x^e) = log c + Σ e log x for c, x > 0
    pub(super) fn logarithm(&mut self, f: FormId) -> Result<FormId, StopReason> {
        let axes = self.form(f).axes.clone();
        let n = axes.len();
        // log(F / d) = log F − log d for d > 0
        if let Some(o) = self.over(f)?.filter(|o| self.info(o.atom).positive)
            && self.form(o.form).terms.len() == 1
            && self.form(f).terms.len() > 1
        {
            let top = self.logarithm(o.form)?;
            let mut below = Raw::new(&counted(n), &axes);
            below.times(o.atom, Rational::ONE, o.labels);
            let below = self.collect(axes.clone(), vec![below])?;
            let below = self.logarithm(below)?;
            return self.linear(axes, &[(Rational::ONE, top), (-&o.power, below)]);
        }
        let (scale, taken, rest) = match self.opened(f).filter(|r| r.out == counted(n) && r.range.is_none()) {
            Some(mut raw) => {
                let mut taken: Vec<Factor> = Vec::new();
                let mut left: SmallVec<[usize; 4]> = SmallVec::new();
                let blocks = self.blocks(&raw);
                let sure = |i: usize| self.info(raw.factors[i].atom).positive;
                let open = blocks.iter().filter(|b| !matches!(b.factors.as_slice(), [i] if sure(*i))).count();
                let alone = open == 1 && !raw.coefficient.is_negative();
                for block in blocks {
                    match block.factors.as_slice() {
                        // log x^e = e log x where x^e > 0 makes x > 0
                        [i] if alone
                            && !sure(*i)
                            && raw.factors[*i].power.to_integer().is_none_or(|e| e % 2 != 0)
                            && raw.factors[*i].labels.iter().all(|l| block.open.contains(l)) =>
                        {
                            taken.push(raw.factors[*i].clone());
                        }
                        [i] if self.info(raw.factors[*i].atom).positive
                            && raw.factors[*i].labels.iter().all(|l| block.open.contains(l)) =>
                        {
                            taken.push(raw.factors[*i].clone());
                        }
                        more => left.extend(more.iter().copied()),
                    }
                }
                let scale = raw.coefficient.abs();
                let sign = &raw.coefficient * &scale.recip().unwrap_or(Rational::ONE);
                raw.coefficient = sign;
                raw.factors = left.iter().map(|i| raw.factors[*i].clone()).collect();
                (scale, taken, self.collect(axes.clone(), vec![raw])?)
            }
            None => self.content(f, false)?,
        };
        let mut parts: Vec<(Rational, FormId)> = Vec::new();
        for (base, e) in prime_powers(&scale) {
            let number = self.number_form(&Rational::from(base))?;
            let log = self.atom_form(Atom::Map(Function::Log, number), &Axes::new(), Rational::ONE)?;
            parts.push((Rational::from(e), self.contract(&[(log, smallvec![])], &counted(n), &axes)?));
        }
        if prime_powers(&scale).is_empty() && !scale.is_one() {
            return self.atom_form(Atom::Map(Function::Log, f), &axes, Rational::ONE);
        }
        for x in taken {
            let inner: Axes = x.labels.iter().map(|l| axes[*l as usize]).collect();
            let log = match *self.atom_of(x.atom) {
                Atom::Map(Function::Exp, y) => y,
                Atom::Constant(crate::syntax::Constant::Euler) => self.number_form(&Rational::ONE)?,
                Atom::Base(y) => self.atom_form(Atom::Map(Function::Log, y), &inner, Rational::ONE)?,
                _ => {
                    let y = self.atom_entries(x.atom)?;
                    self.atom_form(Atom::Map(Function::Log, y), &inner, Rational::ONE)?
                }
            };
            parts.push((x.power, self.contract(&[(log, x.labels)], &counted(n), &axes)?));
        }
        if self.as_ones(rest) {
            return self.linear(axes, &parts);
        }
        let log = self.logarithm_atom(rest)?;
        parts.push((Rational::ONE, log));
        self.linear(axes, &parts)
    }

    /// The logarithm of what nothing can be taken out of.
    fn logarithm_atom(&mut self, f: FormId) -> Result<FormId, StopReason> {
        let (inner, transposed) = self.oriented(f)?;
        let axes = self.form(inner).axes.clone();
        let log = self.atom_form(Atom::Map(Function::Log, inner), &axes, Rational::ONE)?;
        if transposed { self.transpose(log) } else { Ok(log) }
    }

    fn as_ones(&self, f: FormId) -> bool {
        match self.form(f).terms.as_slice() {
            [(m, c)] => {
                let m = self.mono(*m);
                c.is_one() && m.factors.is_empty() && m.is_plain() && m.range.is_none()
            }
            _ => false,
        }
    }
}
