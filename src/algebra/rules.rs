//! The rules of networks, as a table: what each says in mathematics stands above it.
//!
//! A rule changes one network, or replaces it by several. Every rule holds for all dimensions and for all values
//! with the declared properties, wherever both sides are defined. The network is what is left when none applies.

use super::atom::{Atom, mark};
use super::budget::StopReason;
use super::form::{BOUND, FormId, Forms};
use super::raw::Raw;
use super::{hanging, matrix};
use crate::dimension::Poly;
use crate::number::Rational;
use crate::tensor::{Function, Label};
use smallvec::{SmallVec, smallvec};

/// What a rule did.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Outcome {
    /// It does not apply.
    Kept,
    /// The network has changed.
    Changed,
    /// The network has been replaced by those put on the list, or is zero.
    Replaced,
}

type Work = SmallVec<[Raw; 1]>;
type Apply = fn(&mut Forms<'_>, &mut Raw, &mut Work) -> Result<Outcome, StopReason>;

/// Rules and the marks of the atoms they are about, in the order in which they are tried.
static RULES: &[(u32, Apply)] = &[
    // D_ij = 0 where i ≠ j
    (mark::DIAGONAL, diagonal),
    // t_i t_j = δ_ij t_i
    (mark::ONE_HOT, one_hot),
    // t² = 1 where t = ±1
    (mark::UNIT, unit),
    // t^p = t where t = 0 or 1
    (mark::BINARY, binary),
    // Σ_k t_k = 1
    (mark::SUMS_TO_ONE, sums_to_one),
    // Σ_i Q_ia Q_ib = δ_ab
    (mark::ORTHOGONAL, orthogonal),
    // sin² = 1 − cos²
    (mark::SINE, sine),
    // √8 = 2 √2
    (mark::NUMBER, number),
    // U_lab U_lcd = U_lab δ_ac δ_bd, U_lab U_kab = U_lab δ_lk, Σ_l U_lab = 1, Σ_ab U_lab = 1
    (mark::FUSION, fusion),
    // F^(1+e) = Σ_t t F^e
    (mark::BASE, expand),
    // (Σ_t t) F^−e = F^(1−e), read as a rule for the leading t
    (mark::BASE, hanging::divide),
    // A^p A^q = A^(p+q)
    (mark::MATRIX, matrix::merge),
    // A² = A A
    (mark::MATRIX, matrix::unfold),
    // A^p (Σ_t t) = A^(p+1), read as a rule for the leading t
    (mark::MATRIX, matrix::cancel),
];

impl Forms<'_> {
    /// Applies the rules until none applies; says whether there is a network left.
    pub(super) fn simplify(&mut self, raw: &mut Raw, work: &mut Work) -> Result<bool, StopReason> {
        'again: loop {
            self.merge_equal(raw);
            let marks = raw.factors.iter().fold(0, |m, f| m | self.info(f.atom).marks);
            for (mask, apply) in RULES {
                if marks & mask != 0 {
                    match apply(self, raw, work)? {
                        Outcome::Kept => {}
                        Outcome::Changed => {
                            self.spend()?;
                            continue 'again;
                        }
                        Outcome::Replaced => return Ok(false),
                    }
                }
            }
            match self.count_vanished(raw, work) {
                Outcome::Kept => {}
                Outcome::Changed => continue 'again,
                Outcome::Replaced => return Ok(false),
            }
            match self.count_range(raw, work) {
                Outcome::Kept => {}
                Outcome::Changed => continue 'again,
                Outcome::Replaced => return Ok(false),
            }
            if !self.split_scalars(raw)? {
                return Ok(true);
            }
        }
    }

    /// x^p x^q = x^(p+q), the same entries of the same atom.
    pub(super) fn merge_equal(&self, raw: &mut Raw) {
        for f in &mut raw.factors {
            let n = f.labels.len();
            if n >= 2 && self.info(f.atom).marks & mark::SYMMETRIC != 0 {
                f.labels[n - 2..].sort_unstable();
            }
        }
        let mut i = 0;
        while i < raw.factors.len() {
            let mut j = i + 1;
            while j < raw.factors.len() {
                let (x, y) = (&raw.factors[i], &raw.factors[j]);
                if x.atom == y.atom && x.labels == y.labels {
                    let power = &x.power + &y.power;
                    raw.factors.swap_remove(j);
                    raw.factors[i].power = power;
                } else {
                    j += 1;
                }
            }
            if raw.factors[i].power.is_zero() {
                raw.factors.swap_remove(i);
            } else {
                i += 1;
            }
        }
    }

    /// Σ_{i=1}^{n} 1 = n
    fn count_vanished(&mut self, raw: &mut Raw, work: &mut Work) -> Outcome {
        let mut seen: SmallVec<[bool; 32]> = SmallVec::from_elem(false, raw.dims.len());
        for l in raw.factors.iter().flat_map(|f| &f.labels).chain(&raw.out) {
            seen[*l as usize] = true;
        }
        let mut outcome = Outcome::Kept;
        for l in 0..raw.dims.len() {
            if seen[l] || !raw.is_live(l) {
                continue;
            }
            raw.drop_label(super::raw::label(l));
            let dim = self.store.poly(raw.dims[l]).clone();
            match self.times_integer(raw, &dim) {
                Some(more) => {
                    work.extend(more);
                    return Outcome::Replaced;
                }
                None => outcome = Outcome::Changed,
            }
        }
        outcome
    }

    /// Σ_{r=0}^{u} 1 = u + 1, for a range that is not taken backwards: bounds of sums are natural numbers.
    fn count_range(&mut self, raw: &mut Raw, work: &mut Work) -> Outcome {
        let Some(upper) = raw.range.clone() else { return Outcome::Kept };
        if raw.factors.iter().any(|f| self.info(f.atom).integers.contains(&BOUND)) {
            return Outcome::Kept;
        }
        raw.range = None;
        match self.times_integer(raw, &upper.add(&Poly::constant(1))) {
            Some(more) => {
                work.extend(more);
                Outcome::Replaced
            }
            None => Outcome::Changed,
        }
    }

    /// Multiplies by an integer polynomial; several networks where it has several terms, none where it is zero.
    fn times_integer(&mut self, raw: &mut Raw, p: &Poly) -> Option<Vec<Raw>> {
        let mut all: Vec<Raw> = Vec::new();
        let single = p.terms().count() == 1;
        for (variables, c) in p.terms() {
            let mut next = if single { None } else { Some(raw.clone()) };
            let target = next.as_mut().unwrap_or(raw);
            target.coefficient = &target.coefficient * &Rational::from(c);
            for v in variables {
                let atom = self.atom(Atom::Integer(*v));
                target.times(atom, Rational::ONE, smallvec![]);
            }
            all.extend(next);
        }
        if single { None } else { Some(all) }
    }

    /// The networks of an integer polynomial.
    pub(super) fn integer(&mut self, p: &Poly) -> Result<FormId, StopReason> {
        let mut raw = Raw::new(&[], &[]);
        let raws = self.times_integer(&mut raw, p).unwrap_or_else(|| vec![raw]);
        self.collect(smallvec![], raws)
    }
}

fn position(forms: &Forms<'_>, raw: &Raw, marks: u32) -> SmallVec<[usize; 8]> {
    (0..raw.factors.len()).filter(|i| forms.info(raw.factors[*i].atom).marks & marks != 0).collect()
}

fn diagonal(forms: &mut Forms<'_>, raw: &mut Raw, _: &mut Work) -> Result<Outcome, StopReason> {
    for i in position(forms, raw, mark::DIAGONAL) {
        if let [.., a, b] = *raw.factors[i].labels.as_slice()
            && a != b
        {
            raw.merge(a, b);
            return Ok(Outcome::Changed);
        }
    }
    Ok(Outcome::Kept)
}

fn one_hot(forms: &mut Forms<'_>, raw: &mut Raw, _: &mut Work) -> Result<Outcome, StopReason> {
    let all = position(forms, raw, mark::ONE_HOT);
    for (n, i) in all.iter().enumerate() {
        for j in &all[n + 1..] {
            let (x, y) = (&raw.factors[*i], &raw.factors[*j]);
            if x.atom != y.atom {
                continue;
            }
            if let (Some((a, rest)), Some((b, other))) = (x.labels.split_last(), y.labels.split_last())
                && rest == other
                && a != b
            {
                let (a, b) = (*a, *b);
                raw.merge(a, b);
                return Ok(Outcome::Changed);
            }
        }
    }
    Ok(Outcome::Kept)
}

fn unit(forms: &mut Forms<'_>, raw: &mut Raw, _: &mut Work) -> Result<Outcome, StopReason> {
    for i in position(forms, raw, mark::UNIT) {
        if let Some(p) = raw.factors[i].power.to_integer().filter(|p| *p != 1) {
            raw.factors[i].power = Rational::from(p.rem_euclid(2));
            return Ok(Outcome::Changed);
        }
    }
    Ok(Outcome::Kept)
}

fn binary(forms: &mut Forms<'_>, raw: &mut Raw, _: &mut Work) -> Result<Outcome, StopReason> {
    for i in position(forms, raw, mark::BINARY) {
        let p = &raw.factors[i].power;
        if !p.is_one() && !p.is_negative() {
            raw.factors[i].power = Rational::ONE;
            return Ok(Outcome::Changed);
        }
    }
    Ok(Outcome::Kept)
}

fn sums_to_one(forms: &mut Forms<'_>, raw: &mut Raw, _: &mut Work) -> Result<Outcome, StopReason> {
    for i in position(forms, raw, mark::SUMS_TO_ONE) {
        let f = &raw.factors[i];
        let Some(k) = f.labels.last().copied() else { continue };
        if f.power.is_one() && raw.is_summed(k, 1) {
            raw.drop_label(k);
            raw.factors.swap_remove(i);
            return Ok(Outcome::Changed);
        }
    }
    Ok(Outcome::Kept)
}

fn orthogonal(forms: &mut Forms<'_>, raw: &mut Raw, _: &mut Work) -> Result<Outcome, StopReason> {
    let two = Rational::from(2);
    let all = position(forms, raw, mark::ORTHOGONAL);
    for (n, i) in all.iter().enumerate() {
        let x = &raw.factors[*i];
        let axes = &forms.info(x.atom).axes;
        let at = axes.len() - 2;
        // Rows are summed; columns too where the matrix is square.
        let sides: &[usize] = if axes[at] == axes[at + 1] { &[0, 1] } else { &[0] };
        for side in sides {
            let (k, a) = (x.labels[at + side], x.labels[at + 1 - side]);
            if x.power == two && k != a && raw.is_summed(k, 1) {
                raw.drop_label(k);
                raw.factors.swap_remove(*i);
                return Ok(Outcome::Changed);
            }
            for j in &all[n + 1..] {
                let y = &raw.factors[*j];
                let alike = x.atom == y.atom && x.labels[..at] == y.labels[..at] && y.labels[at + side] == k;
                if alike && x.power.is_one() && y.power.is_one() && raw.is_summed(k, 2) {
                    let b: Label = y.labels[at + 1 - side];
                    if a == k || b == k {
                        continue;
                    }
                    raw.factors.remove(*j);
                    raw.factors.remove(*i);
                    raw.drop_label(k);
                    raw.merge(a, b);
                    return Ok(Outcome::Changed);
                }
            }
        }
    }
    Ok(Outcome::Kept)
}

fn sine(forms: &mut Forms<'_>, raw: &mut Raw, work: &mut Work) -> Result<Outcome, StopReason> {
    let two = Rational::from(2);
    for i in position(forms, raw, mark::SINE) {
        let f = raw.factors[i].clone();
        let Some(p) = f.power.to_integer().filter(|p| *p >= 2) else { continue };
        let Atom::Map(_, x) = *forms.atom_of(f.atom) else { continue };
        raw.factors[i].power = Rational::from(p - 2);
        let mut other = raw.clone();
        other.coefficient = -&other.coefficient;
        let cosine = forms.atom(Atom::Map(Function::Cos, x));
        other.times(cosine, two, f.labels);
        work.push(raw.clone());
        work.push(other);
        return Ok(Outcome::Replaced);
    }
    Ok(Outcome::Kept)
}

fn number(forms: &mut Forms<'_>, raw: &mut Raw, _: &mut Work) -> Result<Outcome, StopReason> {
    for i in position(forms, raw, mark::NUMBER) {
        let Atom::Number(base) = forms.atom_of(raw.factors[i].atom).clone() else { continue };
        let p = raw.factors[i].power.clone();
        let whole = floor(&p);
        if whole != 0 {
            let value = integer_power(&base, whole).ok_or(StopReason::Size)?;
            raw.coefficient = &raw.coefficient * &value;
            raw.factors[i].power = &p - &Rational::from(whole);
            return Ok(Outcome::Changed);
        }
    }
    Ok(Outcome::Kept)
}

/// c^k, where the result has a size that is still sensible.
pub(super) fn integer_power(c: &Rational, k: i64) -> Option<Rational> {
    let (top, bottom) = c.parts();
    let size = top.bits().max(bottom.bits()).saturating_mul(k.unsigned_abs());
    if size > 1 << 14 && !c.abs().is_one() {
        return None;
    }
    if c.abs().is_one() {
        return Some(if k % 2 == 0 { Rational::ONE } else { c.clone() });
    }
    c.pow(i32::try_from(k).ok()?)
}

/// The greatest integer not above a rational; 0 where it does not fit.
pub(super) fn floor(p: &Rational) -> i64 {
    match p {
        Rational::Small(r) => r.floor().to_integer(),
        Rational::Big(_) => 0,
    }
}

fn fusion(forms: &mut Forms<'_>, raw: &mut Raw, _: &mut Work) -> Result<Outcome, StopReason> {
    let all = position(forms, raw, mark::FUSION);
    for (n, i) in all.iter().enumerate() {
        let x = raw.factors[*i].labels.clone();
        for j in &all[n + 1..] {
            if raw.factors[*i].atom != raw.factors[*j].atom {
                continue;
            }
            let y = raw.factors[*j].labels.clone();
            if x[0] == y[0] || x[1..] == y[1..] {
                raw.factors.remove(*j);
                x.iter().zip(&y).for_each(|(a, b)| raw.merge(*a, *b));
                return Ok(Outcome::Changed);
            }
        }
        let distinct = x.iter().enumerate().all(|(k, l)| !x[..k].contains(l));
        if distinct && raw.is_summed(x[0], 1) {
            raw.factors.remove(*i);
            raw.drop_label(x[0]);
            return Ok(Outcome::Changed);
        }
        if distinct && x[1..].iter().all(|l| raw.is_summed(*l, 1)) {
            raw.factors.remove(*i);
            x[1..].iter().for_each(|l| raw.drop_label(*l));
            return Ok(Outcome::Changed);
        }
    }
    Ok(Outcome::Kept)
}

fn expand(forms: &mut Forms<'_>, raw: &mut Raw, work: &mut Work) -> Result<Outcome, StopReason> {
    for i in position(forms, raw, mark::BASE) {
        let f = raw.factors[i].clone();
        if f.power < Rational::ONE {
            continue;
        }
        let Atom::Base(base) = *forms.atom_of(f.atom) else { continue };
        raw.factors[i].power = &f.power - &Rational::ONE;
        if raw.factors[i].power.is_zero() {
            raw.factors.swap_remove(i);
        }
        for (m, c) in &forms.form(base).terms {
            let mut next = raw.clone();
            next.coefficient = &next.coefficient * c;
            next.push(forms.mono(*m), &f.labels, None)?;
            work.push(next);
        }
        return Ok(Outcome::Replaced);
    }
    Ok(Outcome::Kept)
}
