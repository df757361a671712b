//! Finding one network inside another, and the rule that cancels a sum against its own negative powers.

use super::atom::{Atom, mark};
use super::budget::StopReason;
use super::form::{FormId, Forms, Mono};
use super::raw::Raw;
use super::rules::Outcome;
use crate::number::Rational;
use crate::tensor::{Label, Labels};
use smallvec::SmallVec;

const NONE: Label = Label::MAX;
/// Larger patterns are not looked for; the search is exponential in the worst case.
const LARGEST: usize = 12;
/// Factors tried in one search; past it the pattern counts as not found, which is always safe.
const TRIES: usize = 3_000;

/// Where a pattern was found.
pub(super) struct Found {
    /// The label of the network for each label of the pattern.
    pub(super) image: SmallVec<[Label; 8]>,
    /// The factors that match, with the power that is left of each.
    used: SmallVec<[(usize, Rational); 8]>,
}

struct Matcher<'m, 'f> {
    forms: &'m Forms<'f>,
    raw: &'m Raw,
    pattern: &'m Mono,
    /// The factor that the pattern is to hang at.
    skip: usize,
    /// A label of the pattern that has to vanish together with its place at the factor `skip`.
    joint: Option<Label>,
    tries: std::cell::Cell<usize>,
}

impl Forms<'_> {
    /// Finds `pattern` among the factors of a network; `fixed` are its labels that are known already.
    ///
    /// What the pattern sums has to be summed in the network, over nothing else.
    pub(super) fn find(
        &self,
        raw: &Raw,
        pattern: &Mono,
        fixed: &[(Label, Label)],
        skip: usize,
        joint: Option<Label>,
    ) -> Option<Found> {
        if pattern.factors.is_empty() || pattern.factors.len() > LARGEST || pattern.range.is_some() {
            return None;
        }
        let mut image = SmallVec::from_elem(NONE, pattern.dims.len());
        for (inside, outside) in fixed {
            image[*inside as usize] = *outside;
        }
        let mut found = Found { image, used: SmallVec::new() };
        let search = Matcher { forms: self, raw, pattern, skip, joint, tries: std::cell::Cell::new(TRIES) };
        search.extend(&mut found, 0).then_some(found)
    }

    /// Which term of a sum is replaced by the others: the largest, by an order that no naming changes.
    pub(super) fn leading(&self, f: FormId, needs_axes: bool) -> Option<usize> {
        let terms = &self.form(f).terms;
        let fits = |m: &Mono| {
            let uses = |l: &Label| m.factors.iter().any(|x| x.labels.contains(l));
            !m.factors.is_empty() && m.is_plain() && m.range.is_none() && (!needs_axes || m.out.iter().all(uses))
        };
        (0..terms.len()).filter(|i| fits(self.mono(terms[*i].0))).max_by_key(|i| {
            let m = self.mono(terms[*i].0);
            let labelled = m.factors.iter().filter(|x| !x.labels.is_empty()).count();
            (labelled, m.factors.len(), self.mono_key(terms[*i].0))
        })
    }
}

impl Matcher<'_, '_> {
    /// Matches the factors of the pattern from number `from`; the depth is bounded by [`LARGEST`].
    fn extend(&self, found: &mut Found, from: usize) -> bool {
        let Some(wanted) = self.pattern.factors.get(from) else { return self.is_closed(found) };
        let info = self.forms.info(wanted.atom);
        let symmetric = info.marks & mark::SYMMETRIC != 0;
        for i in 0..self.raw.factors.len() {
            let f = &self.raw.factors[i];
            if i == self.skip || f.atom != wanted.atom || found.used.iter().any(|u| u.0 == i) {
                continue;
            }
            let Some(tries) = self.tries.get().checked_sub(1) else { return false };
            self.tries.set(tries);
            let left = &f.power - &wanted.power;
            let within = f.power.is_negative() == wanted.power.is_negative()
                && (left.is_zero() || left.is_negative() == f.power.is_negative());
            if !within {
                continue;
            }
            for swapped in [false, true] {
                if swapped && !symmetric {
                    break;
                }
                let mut labels: Labels = f.labels.clone();
                if swapped {
                    let n = labels.len();
                    labels.swap(n - 2, n - 1);
                }
                let saved = found.image.clone();
                let fits = wanted.labels.iter().zip(&labels).all(|(inside, outside)| {
                    let at = &mut found.image[*inside as usize];
                    if *at == NONE {
                        *at = *outside;
                    }
                    *at == *outside
                });
                if fits {
                    found.used.push((i, left.clone()));
                    if self.extend(found, from + 1) {
                        return true;
                    }
                    found.used.pop();
                }
                found.image = saved;
            }
        }
        false
    }

    /// Whether what is summed in the pattern is summed in the network, over the matched factors alone.
    fn is_closed(&self, found: &Found) -> bool {
        let open = self.pattern.open();
        let in_pattern = |l: usize| {
            let places = self.pattern.factors.iter().flat_map(|f| &f.labels);
            places.filter(|x| **x as usize == l).count()
        };
        (0..found.image.len()).all(|l| {
            let joint = self.joint.is_some_and(|j| j as usize == l);
            if l < open && !joint {
                return true;
            }
            let at = found.image[l];
            let alone = found.image.iter().filter(|x| **x == at).count() == 1;
            // Nothing may be left of a factor whose label vanishes.
            let whole = found.used.iter().all(|u| u.1.is_zero() || !self.raw.factors[u.0].labels.contains(&at));
            at != NONE && alone && whole && self.raw.is_summed(at, in_pattern(l) + usize::from(joint))
        })
    }
}

impl Found {
    /// Takes the matched factors out of a network; returns where the factor `keep` stands then.
    pub(super) fn remove(&self, raw: &mut Raw, keep: usize) -> usize {
        let mut keep = keep;
        let mut used: SmallVec<[(usize, Rational); 8]> = self.used.clone();
        used.sort_unstable_by_key(|u| std::cmp::Reverse(u.0));
        for (i, left) in used {
            if left.is_zero() {
                raw.factors.remove(i);
                if i < keep {
                    keep -= 1;
                }
            } else {
                raw.factors[i].power = left;
            }
        }
        keep
    }
}

/// t₀ F^−e = (F^(1−e) − Σ_{t ≠ t₀} t F^−e) / c₀, where F = c₀ t₀ + Σ_{t ≠ t₀} t
pub(super) fn divide(
    forms: &mut Forms<'_>,
    raw: &mut Raw,
    work: &mut SmallVec<[Raw; 1]>,
) -> Result<Outcome, StopReason> {
    for i in 0..raw.factors.len() {
        let f = &raw.factors[i];
        if forms.info(f.atom).marks & mark::BASE == 0 || !f.power.is_negative() {
            continue;
        }
        let Atom::Base(base) = *forms.atom_of(f.atom) else { continue };
        let Some(lead) = forms.leading(base, false) else { continue };
        let (m, c) = forms.form(base).terms[lead].clone();
        let fixed: SmallVec<[(Label, Label); 4]> =
            forms.mono(m).out.iter().copied().zip(f.labels.iter().copied()).collect();
        let (Some(found), Some(inverse)) = (forms.find(raw, forms.mono(m), &fixed, i, None), c.recip()) else {
            continue;
        };
        let f = f.clone();
        let mut rest = raw.clone();
        let at = found.remove(&mut rest, i);
        for l in &found.image[forms.mono(m).open()..] {
            rest.drop_label(*l);
        }
        rest.coefficient = &rest.coefficient * &inverse;
        for (k, (t, d)) in forms.form(base).terms.iter().enumerate() {
            if k != lead {
                let mut next = rest.clone();
                next.coefficient = -&(&next.coefficient * d);
                next.push(forms.mono(*t), &f.labels, None)?;
                work.push(next);
            }
        }
        rest.factors[at].power = &f.power + &Rational::ONE;
        work.push(rest);
        return Ok(Outcome::Replaced);
    }
    Ok(Outcome::Kept)
}
