//! Denominators cleared: a difference is zero when a product of it with something invertible is.

use super::atom::{Atom, mark};
use super::budget::StopReason;
use super::form::{FormId, Forms};
use super::raw::{Raw, counted};
use super::rules::floor;
use crate::dimension::Poly;
use crate::number::Rational;
use crate::tensor::{Label, Labels};
use smallvec::SmallVec;

/// Multiplications tried before the comparison is given up.
const ROUNDS: usize = 6;

/// A form multiplied by a power of one of its denominators.
pub(super) struct Over {
    pub(super) form: FormId,
    /// The denominator, where it stands, and the power that was multiplied by.
    pub(super) atom: super::form::AtomId,
    pub(super) labels: Labels,
    pub(super) power: Rational,
}

impl Forms<'_> {
    /// Whether a form is shown to be zero by multiplying it with its denominators.
    pub(super) fn vanishes(&mut self, f: FormId) -> Result<bool, StopReason> {
        let mut f = f;
        for _ in 0..ROUNDS {
            if self.form(f).terms.is_empty() {
                return Ok(true);
            }
            f = match self.clear_matrix(f)? {
                Some(next) => next,
                None => match self.clear_scalar(f)? {
                    Some(next) => next,
                    None => return Ok(false),
                },
            };
        }
        Ok(self.form(f).terms.is_empty())
    }

    /// A G = 0 exactly when G = 0, for an A whose inverse stands at an axis of G.
    fn clear_matrix(&mut self, f: FormId) -> Result<Option<FormId>, StopReason> {
        let form = self.form(f).clone();
        if form.terms.iter().any(|t| self.mono(t.0).range.is_some()) {
            return Ok(None);
        }
        // The inverse, the axis of the result, and which of its own axes stands there.
        let mut found: Option<(FormId, usize, usize)> = None;
        for (m, _) in &form.terms {
            let mono = self.mono(*m);
            for x in &mono.factors {
                let Atom::MatrixPower(a, p) = self.atom_of(x.atom) else { continue };
                if p.as_constant() != Some(-1) || !x.power.is_one() || x.labels.len() != 2 {
                    continue;
                }
                for end in 0..2 {
                    if found.is_none() {
                        let at = mono.out.iter().position(|l| *l == x.labels[end]);
                        found = at.map(|at| (*a, at, end));
                    }
                }
            }
        }
        let Some((a, at, end)) = found else { return Ok(None) };
        let atom = self.atom(Atom::MatrixPower(a, Poly::constant(-1)));
        let symmetric = self.is_symmetric(a);
        let n = form.axes.len();
        let mut raws = Vec::new();
        for (m, c) in &form.terms {
            let mono = self.mono(*m).clone();
            let l = mono.out[at];
            let here = mono.factors.iter().position(|x| {
                let ends: &[usize] = if symmetric { &[0, 1] } else { &[end][..] };
                x.atom == atom && x.power.is_one() && ends.iter().any(|e| x.labels[*e] == l)
            });
            let once = mono.out.iter().filter(|o| **o == l).count() == 1
                && mono.factors.iter().flat_map(|x| &x.labels).filter(|o| **o == l).count() == 1;
            if let (Some(here), true) = (here, once) {
                // A A⁻¹ = I
                let labels = &mono.factors[here].labels;
                let other = if labels[0] == l { labels[1] } else { labels[0] };
                let mut short = mono.clone();
                short.factors.remove(here);
                short.out[at] = other;
                let mut raw = Raw::new(&counted(n), &form.axes);
                raw.coefficient = c.clone();
                raw.push(&short, &counted(n), None)?;
                // The label that A and its inverse met at is gone.
                let stray: SmallVec<[Label; 4]> = (n..raw.dims.len())
                    .filter_map(|x| Label::try_from(x).ok())
                    .filter(|x| raw.occurrences(*x) == 0)
                    .collect();
                stray.into_iter().for_each(|x| raw.drop_label(x));
                raws.push(raw);
                continue;
            }
            for (t, d) in &self.form(a).terms {
                let mut raw = Raw::new(&counted(n), &form.axes);
                raw.coefficient = c * d;
                let inner = raw.fresh(form.axes[at]);
                let mut places = counted(n);
                places[at] = inner;
                raw.push(&mono, &places, None)?;
                let new = counted(n)[at];
                let pair: Labels =
                    if end == 0 { [new, inner].into_iter().collect() } else { [inner, new].into_iter().collect() };
                let pair: Labels = pair.iter().map(|l| raw.resolve(*l)).collect();
                raw.push(self.mono(*t), &pair, None)?;
                raws.push(raw);
            }
        }
        Ok(Some(self.collect(form.axes, raws)?))
    }

    /// d^k G = 0 exactly when G = 0, for a d that stands below in G.
    fn clear_scalar(&mut self, f: FormId) -> Result<Option<FormId>, StopReason> {
        Ok(self.over(f)?.map(|o| o.form))
    }

    /// G = d^−k F, for a d that stands below in G.
    pub(super) fn over(&mut self, f: FormId) -> Result<Option<Over>, StopReason> {
        let form = self.form(f).clone();
        let open = form.axes.len();
        let mut found: Option<(super::form::AtomId, Labels, Rational)> = None;
        for (m, _) in &form.terms {
            let mono = self.mono(*m);
            if !mono.is_plain() || mono.range.is_some() {
                return Ok(None);
            }
            for x in &mono.factors {
                let sum = self.info(x.atom).marks & mark::BASE != 0;
                if !sum || !x.power.is_negative() || x.labels.iter().any(|l| *l as usize >= open) {
                    continue;
                }
                match &mut found {
                    None => found = Some((x.atom, x.labels.clone(), x.power.clone())),
                    Some(known) if known.0 == x.atom && known.1 == x.labels => {
                        known.2 = std::cmp::min(known.2.clone(), x.power.clone());
                    }
                    Some(_) => {}
                }
            }
        }
        let Some((atom, labels, least)) = found else { return Ok(None) };
        let by = Rational::from(-floor(&least));
        let mut raws = Vec::new();
        for (m, c) in &form.terms {
            let mut raw = Raw::new(&counted(open), &form.axes);
            raw.coefficient = c.clone();
            raw.push(self.mono(*m), &counted(open), None)?;
            raw.times(atom, by.clone(), labels.clone());
            raws.push(raw);
        }
        let form = self.collect(form.axes, raws)?;
        Ok(Some(Over { form, atom, labels, power: by }))
    }
}
