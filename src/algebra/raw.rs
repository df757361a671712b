//! Networks under construction: products of terms, before rules and labelling.

use super::budget::StopReason;
use super::form::{Factor, FormId, Forms, Mono, MonoId};
use crate::dimension::Poly;
use crate::number::Rational;
use crate::tensor::{Axes, DimId, Label, Labels};
use smallvec::SmallVec;

/// A network whose labels are not numbered canonically yet.
#[derive(Clone, Debug)]
pub(super) struct Raw {
    pub(super) coefficient: Rational,
    pub(super) factors: SmallVec<[Factor; 8]>,
    pub(super) out: Labels,
    pub(super) dims: SmallVec<[DimId; 16]>,
    /// What a label has been replaced by; itself where it stands.
    alias: SmallVec<[Label; 16]>,
    /// Summed labels that a rule has taken away.
    gone: SmallVec<[Label; 4]>,
    pub(super) range: Option<Poly>,
}

const NONE: Label = Label::MAX;

pub(super) fn label(i: usize) -> Label {
    Label::try_from(i).unwrap_or(NONE)
}

/// 0, 1, 2, …
pub(super) fn counted(n: usize) -> Labels {
    (0..n).map(label).collect()
}

impl Raw {
    /// The product of no factors, with these labels.
    pub(super) fn new(out: &[Label], dims: &[DimId]) -> Self {
        Self {
            coefficient: Rational::ONE,
            factors: SmallVec::new(),
            out: out.into(),
            dims: dims.into(),
            alias: (0..dims.len()).map(label).collect(),
            gone: SmallVec::new(),
            range: None,
        }
    }

    pub(super) fn fresh(&mut self, dim: DimId) -> Label {
        let new = label(self.dims.len());
        self.dims.push(dim);
        self.alias.push(new);
        new
    }

    /// The label that stands for this one now.
    pub(super) fn resolve(&self, mut l: Label) -> Label {
        while self.alias[l as usize] != l {
            l = self.alias[l as usize];
        }
        l
    }

    /// Makes two labels one: what a delta between them says.
    pub(super) fn merge(&mut self, a: Label, b: Label) {
        let (keep, gone) = (self.resolve(a), self.resolve(b));
        if keep == gone {
            return;
        }
        self.alias[gone as usize] = keep;
        let all = self.factors.iter_mut().flat_map(|f| f.labels.iter_mut()).chain(self.out.iter_mut());
        all.filter(|l| **l == gone).for_each(|l| *l = keep);
    }

    /// Whether the label still counts as summed or kept.
    pub(super) fn is_live(&self, l: usize) -> bool {
        self.alias[l] as usize == l && !self.gone.contains(&label(l))
    }

    /// Takes a summed label away, with what was summed over it.
    pub(super) fn drop_label(&mut self, l: Label) {
        self.gone.push(l);
    }

    /// Whether a label is summed and stands in factors exactly `n` times.
    pub(super) fn is_summed(&self, l: Label, n: usize) -> bool {
        !self.out.contains(&l) && self.occurrences(l) == n
    }

    /// How often a label stands in factors and in the result.
    pub(super) fn occurrences(&self, l: Label) -> usize {
        self.factors.iter().flat_map(|f| &f.labels).chain(&self.out).filter(|x| **x == l).count()
    }

    pub(super) fn times(&mut self, atom: super::form::AtomId, power: Rational, labels: Labels) {
        self.factors.push(Factor { atom, power, labels });
    }

    /// Multiplies by a network whose axes are put on `labels`.
    pub(super) fn push(&mut self, mono: &Mono, labels: &[Label], power: Option<&Rational>) -> Result<(), StopReason> {
        if let Some(upper) = &mono.range {
            if self.range.is_some() {
                return Err(StopReason::Range);
            }
            self.range = Some(upper.clone());
        }
        let mut image: SmallVec<[Label; 12]> = SmallVec::from_elem(NONE, mono.dims.len());
        for (inside, outside) in mono.out.iter().zip(labels) {
            let at = *inside as usize;
            if image[at] == NONE {
                image[at] = *outside;
            } else {
                self.merge(image[at], *outside);
            }
        }
        for l in &mut image {
            if *l != NONE {
                *l = self.resolve(*l);
            }
        }
        for (at, l) in image.iter_mut().enumerate() {
            if *l == NONE {
                *l = self.fresh(mono.dims[at]);
            }
        }
        for f in &mono.factors {
            self.factors.push(Factor {
                atom: f.atom,
                power: match power {
                    Some(p) => &f.power * p,
                    None => f.power.clone(),
                },
                labels: f.labels.iter().map(|l| image[*l as usize]).collect(),
            });
        }
        Ok(())
    }
}

/// What is multiplied: forms with the labels of their axes.
pub(super) type Parts<'p> = &'p [(FormId, Labels)];

impl Forms<'_> {
    /// The contraction of forms onto `out`, multiplied out; `dims[l]` is the dimension of label `l`.
    pub(super) fn contract(&mut self, parts: Parts<'_>, out: &[Label], dims: &[DimId]) -> Result<FormId, StopReason> {
        let axes: Axes = out.iter().map(|l| dims[*l as usize]).collect();
        let count = parts.iter().fold(1usize, |n, (f, _)| n.saturating_mul(self.form(*f).terms.len()));
        if count > self.budget.terms {
            return Err(StopReason::Terms);
        }
        if parts.len().max(dims.len()) > self.budget.size {
            return Err(StopReason::Size);
        }
        let mut terms = Vec::with_capacity(count);
        let mut at: SmallVec<[usize; 8]> = SmallVec::from_elem(0, parts.len());
        for _ in 0..count {
            let mut raw = Raw::new(out, dims);
            for ((f, labels), i) in parts.iter().zip(&at) {
                let (m, c) = &self.form(*f).terms[*i];
                if !c.is_one() {
                    raw.coefficient = &raw.coefficient * c;
                }
                raw.push(self.mono(*m), labels, None)?;
            }
            self.reduce(raw, &mut terms)?;
            for (i, (f, _)) in at.iter_mut().zip(parts) {
                *i += 1;
                if *i < self.form(*f).terms.len() {
                    break;
                }
                *i = 0;
            }
        }
        Ok(self.sum(axes, terms))
    }

    /// A form seen with its axes in another order: axis `i` of the result is axis `order[i]`.
    pub(super) fn permute(&mut self, f: FormId, order: &[usize]) -> Result<FormId, StopReason> {
        if order.iter().enumerate().all(|(i, o)| i == *o) {
            return Ok(f);
        }
        let axes = self.form(f).axes.clone();
        let out: Labels = order.iter().map(|i| label(*i)).collect();
        self.contract(&[(f, counted(axes.len()))], &out, &axes)
    }

    /// The last two axes exchanged.
    pub(super) fn transpose(&mut self, f: FormId) -> Result<FormId, StopReason> {
        let rank = self.form(f).axes.len();
        let mut order: SmallVec<[usize; 4]> = (0..rank).collect();
        order.swap(rank - 2, rank - 1);
        self.permute(f, &order)
    }

    /// Applies the rules to a network, and adds what comes of it to the terms of a sum.
    pub(super) fn reduce(&mut self, raw: Raw, terms: &mut Vec<(MonoId, Rational)>) -> Result<(), StopReason> {
        let mut raw = raw;
        let mut work: SmallVec<[Raw; 1]> = SmallVec::new();
        loop {
            self.spend()?;
            if raw.dims.len().max(raw.factors.len()) > self.budget.size {
                return Err(StopReason::Size);
            }
            if self.simplify(&mut raw, &mut work)? {
                let mono = self.label(&mut raw)?;
                terms.push((mono, std::mem::replace(&mut raw.coefficient, Rational::ONE)));
            }
            if terms.len() + work.len() > self.budget.terms.saturating_mul(4) {
                return Err(StopReason::Terms);
            }
            match work.pop() {
                Some(next) => raw = next,
                None => return Ok(()),
            }
        }
    }

    /// The sum of what the rules make of some networks.
    pub(super) fn collect(&mut self, axes: Axes, raws: Vec<Raw>) -> Result<FormId, StopReason> {
        let mut terms = Vec::with_capacity(raws.len());
        for raw in raws {
            self.reduce(raw, &mut terms)?;
        }
        Ok(self.sum(axes, terms))
    }

    /// A form that is one atom with its axes in order, to a power.
    pub(super) fn atom_form(
        &mut self,
        atom: super::atom::Atom,
        axes: &Axes,
        power: Rational,
    ) -> Result<FormId, StopReason> {
        let id = self.atom(atom);
        let mut raw = Raw::new(&counted(axes.len()), axes);
        raw.times(id, power, counted(axes.len()));
        self.collect(axes.clone(), vec![raw])
    }
}
