//! Scalar parts of a network: what shares no label with the rest is one atom, so that its powers cancel.

use super::atom::Atom;
use super::budget::StopReason;
use super::form::{BOUND, Forms};
use super::raw::{Raw, label};
use crate::number::Rational;
use crate::tensor::Label;
use smallvec::{SmallVec, smallvec};

impl Forms<'_> {
    /// The group of each factor: factors that share a label, counting only those `through` allows, are in one.
    pub(super) fn groups(&self, raw: &Raw, through: &dyn Fn(Label) -> bool) -> SmallVec<[usize; 8]> {
        let mut group: SmallVec<[usize; 8]> = (0..raw.factors.len()).collect();
        let mut owner: SmallVec<[usize; 32]> = SmallVec::from_elem(usize::MAX, raw.dims.len());
        for i in 0..raw.factors.len() {
            for l in &raw.factors[i].labels {
                if !through(*l) {
                    continue;
                }
                let first = owner[*l as usize];
                if first == usize::MAX {
                    owner[*l as usize] = i;
                } else if group[first] != group[i] {
                    let (keep, gone) = (group[first], group[i]);
                    group.iter_mut().filter(|g| **g == gone).for_each(|g| *g = keep);
                }
            }
        }
        group
    }

    /// Makes every part without open labels an atom of its own; says whether there was one.
    pub(super) fn split_scalars(&mut self, raw: &mut Raw) -> Result<bool, StopReason> {
        let group = self.groups(raw, &|_| true);
        let mut parts: SmallVec<[usize; 4]> = SmallVec::new();
        for (i, f) in raw.factors.iter().enumerate() {
            if !f.labels.is_empty() && !parts.contains(&group[i]) {
                parts.push(group[i]);
            }
        }
        let bound =
            |forms: &Self, f: &super::form::Factor| raw.range.is_some() && forms.info(f.atom).integers.contains(&BOUND);
        parts.retain(|g| {
            let inside = |i: &usize| group[*i] == *g;
            !(0..raw.factors.len())
                .filter(inside)
                .any(|i| raw.factors[i].labels.iter().any(|l| raw.out.contains(l)) || bound(self, &raw.factors[i]))
        });
        if parts.is_empty() {
            return Ok(false);
        }
        let old = std::mem::take(&mut raw.factors);
        let mut taken: SmallVec<[(usize, Raw); 2]> = parts.iter().map(|g| (*g, Raw::new(&[], &raw.dims))).collect();
        for (i, f) in old.into_iter().enumerate() {
            match taken.iter_mut().find(|t| t.0 == group[i]) {
                Some(t) => {
                    f.labels.iter().for_each(|l| raw.drop_label(*l));
                    t.1.factors.push(f);
                }
                None => raw.factors.push(f),
            }
        }
        for (_, mut part) in taken {
            let m = self.label(&mut part)?;
            let form = self.single(m);
            let atom = self.atom(Atom::Base(form));
            raw.times(atom, Rational::ONE, smallvec![]);
        }
        Ok(true)
    }

    /// The part of a network made of some of its factors, onto the labels `out`.
    pub(super) fn part(&self, raw: &Raw, factors: &[usize], out: &[Label]) -> Raw {
        let mut part = Raw::new(out, &raw.dims);
        part.factors = factors.iter().map(|i| raw.factors[*i].clone()).collect();
        for l in 0..raw.dims.len() {
            // Labels of the rest are not summed here.
            if part.occurrences(label(l)) == 0 {
                part.drop_label(label(l));
            }
        }
        part
    }
}
