//! Powers, inverses and determinants of matrices.

use super::atom::{Atom, mark};
use super::budget::StopReason;
use super::form::{Factor, FormId, Forms};
use super::raw::{Raw, counted, label};
use super::rules::Outcome;
use crate::dimension::{IntVar, Poly};
use crate::number::Rational;
use crate::tensor::{Axes, Label, Labels, Property};
use smallvec::{SmallVec, smallvec};

type Work = SmallVec<[Raw; 1]>;

/// The argument and exponent of a matrix power that stands with power one.
fn matrix_power(forms: &Forms<'_>, f: &Factor) -> Option<(FormId, Poly, bool)> {
    match forms.atom_of(f.atom) {
        Atom::MatrixPower(x, p) if f.power.is_one() => {
            Some((*x, p.clone(), forms.info(f.atom).marks & mark::SYMMETRIC != 0))
        }
        _ => None,
    }
}

/// Puts a matrix power in place of a factor: a delta where the exponent is zero.
fn put_power(forms: &mut Forms<'_>, raw: &mut Raw, at: usize, x: FormId, p: &Poly, labels: Labels) {
    if p.as_constant() == Some(0) {
        raw.factors.remove(at);
        if let [.., a, b] = *labels.as_slice() {
            raw.merge(a, b);
        }
    } else {
        let atom = forms.atom(Atom::MatrixPower(x, p.clone()));
        raw.factors[at] = Factor { atom, power: Rational::ONE, labels };
    }
}

/// A^p A^q = A^(p+q)
pub(super) fn merge(forms: &mut Forms<'_>, raw: &mut Raw, _: &mut Work) -> Result<Outcome, StopReason> {
    for i in 0..raw.factors.len() {
        let Some((x, p, symmetric)) = matrix_power(forms, &raw.factors[i]) else { continue };
        for j in 0..raw.factors.len() {
            let Some((y, q, _)) = matrix_power(forms, &raw.factors[j]).filter(|o| o.0 == x && i != j) else { continue };
            let (left, right) = (raw.factors[i].labels.clone(), raw.factors[j].labels.clone());
            let n = left.len();
            if left[..n - 2] != right[..n - 2] {
                continue;
            }
            let swaps: &[(usize, usize)] = if symmetric { &[(1, 0), (1, 1), (0, 0), (0, 1)] } else { &[(1, 0)] };
            for (s, t) in swaps {
                let (k, other) = (left[n - 2 + s], right[n - 2 + t]);
                let (a, b) = (left[n - 1 - s], right[n - 1 - t]);
                if k != other || a == k || b == k || !raw.is_summed(k, 2) {
                    continue;
                }
                let mut labels = left.clone();
                labels[n - 2] = a;
                labels[n - 1] = b;
                raw.drop_label(k);
                raw.factors.remove(j);
                put_power(forms, raw, if j < i { i - 1 } else { i }, y, &p.add(&q), labels);
                return Ok(Outcome::Changed);
            }
        }
    }
    Ok(Outcome::Kept)
}

/// A^p = A A^(p−1) for small p, so that a product and a power of it are one.
pub(super) fn unfold(forms: &mut Forms<'_>, raw: &mut Raw, work: &mut Work) -> Result<Outcome, StopReason> {
    for i in 0..raw.factors.len() {
        let Some((x, p, _)) = matrix_power(forms, &raw.factors[i]) else { continue };
        if !p.as_constant().is_some_and(|p| (1..=16).contains(&p)) {
            continue;
        }
        let labels = raw.factors[i].labels.clone();
        let n = labels.len();
        let Some(last) = labels.last().copied() else { continue };
        let (mut first, mut second) = (labels.clone(), labels);
        let between = raw.fresh(raw.dims[last as usize]);
        first[n - 1] = between;
        second[n - 2] = between;
        put_power(forms, raw, i, x, &p.sub(&Poly::constant(1)), second);
        for (m, c) in &forms.form(x).terms {
            let mut next = raw.clone();
            next.coefficient = &next.coefficient * c;
            let places: Labels = first.iter().map(|l| next.resolve(*l)).collect();
            next.push(forms.mono(*m), &places, None)?;
            work.push(next);
        }
        return Ok(Outcome::Replaced);
    }
    Ok(Outcome::Kept)
}

/// A^p t₀ = (A^(p+1) − Σ_{t ≠ t₀} A^p t) / c₀, where A = c₀ t₀ + Σ_{t ≠ t₀} t; on the left alike.
pub(super) fn cancel(forms: &mut Forms<'_>, raw: &mut Raw, work: &mut Work) -> Result<Outcome, StopReason> {
    for i in 0..raw.factors.len() {
        let Some((x, p, symmetric)) = matrix_power(forms, &raw.factors[i]) else { continue };
        let Some(lead) = forms.leading(x, true) else { continue };
        let (m, c) = forms.form(x).terms[lead].clone();
        let Some(inverse) = c.recip() else { continue };
        let labels = raw.factors[i].labels.clone();
        let n = labels.len();
        // Which end the argument hangs at, and with which of its axes: A^p t at the last, t A^p at the first.
        let ends: [(usize, usize); 2] = if symmetric { [(1, 0), (0, 0)] } else { [(1, 0), (0, 1)] };
        for (end, side) in ends {
            let k = labels[n - 2 + end];
            let out = forms.mono(m).out.clone();
            let mut fixed: SmallVec<[(Label, Label); 4]> =
                out[..n - 2].iter().copied().zip(labels[..n - 2].iter().copied()).collect();
            fixed.push((out[n - 2 + side], k));
            let Some(found) = forms.find(raw, forms.mono(m), &fixed, i, Some(out[n - 2 + side])) else { continue };
            let c_label = found.image[out[n - 1 - side] as usize];
            if c_label == k || labels[n - 1 - end] == k {
                continue;
            }
            let mut rest = raw.clone();
            let at = found.remove(&mut rest, i);
            for l in &found.image[forms.mono(m).open()..] {
                rest.drop_label(*l);
            }
            rest.coefficient = &rest.coefficient * &inverse;
            let mut places: Labels = labels[..n - 2].into();
            places.extend([0, 0]);
            places[n - 2 + side] = k;
            places[n - 1 - side] = c_label;
            for (t, (mono, d)) in forms.form(x).terms.iter().enumerate() {
                if t != lead {
                    let mut next = rest.clone();
                    next.coefficient = -&(&next.coefficient * d);
                    next.push(forms.mono(*mono), &places, None)?;
                    work.push(next);
                }
            }
            rest.drop_label(k);
            let mut joined: Labels = labels[..n - 2].into();
            let kept = labels[n - 1 - end];
            joined.extend(if end == 1 { [kept, c_label] } else { [c_label, kept] });
            put_power(forms, &mut rest, at, x, &p.add(&Poly::constant(1)), joined);
            work.push(rest);
            return Ok(Outcome::Replaced);
        }
    }
    Ok(Outcome::Kept)
}

impl Forms<'_> {
    /// Whether a form equals its transpose; known once [`Forms::oriented`] has looked.
    pub(super) fn is_symmetric(&self, f: FormId) -> bool {
        self.arena.symmetric.contains(&f)
    }

    /// The form or its transpose, whichever comes first, and whether it was transposed.
    pub(super) fn oriented(&mut self, f: FormId) -> Result<(FormId, bool), StopReason> {
        let axes = &self.form(f).axes;
        let n = axes.len();
        if n < 2 || self.arena.symmetric.contains(&f) {
            return Ok((f, false));
        }
        let t = self.transpose(f)?;
        if t == f {
            self.arena.symmetric.insert(f);
            return Ok((f, false));
        }
        let key = |f: FormId| {
            let shape = self.form(f).terms.iter().fold(0, |k, t| super::form::mix(k, self.mono_key(t.0)));
            (shape, self.form_key(f), f)
        };
        Ok(if key(t) < key(f) { (t, true) } else { (f, false) })
    }

    /// Whether the named integer stands free in a form.
    pub(super) fn mentions(&self, f: FormId, v: IntVar) -> bool {
        self.form(f).terms.iter().any(|(m, _)| {
            let mono = self.mono(*m);
            mono.range.as_ref().is_some_and(|p| p.contains(v))
                || mono.factors.iter().any(|x| self.info(x.atom).integers.contains(&v))
        })
    }

    /// The labels of the factors of a single network at which it falls into square matrices, in order.
    pub(super) fn chain(&self, raw: &Raw) -> Option<Vec<Raw>> {
        let [first, last] = *raw.out.as_slice() else { return None };
        if first == last || raw.range.is_some() {
            return None;
        }
        let dim = raw.dims[first as usize];
        if raw.dims[last as usize] != dim {
            return None;
        }
        let labelled: SmallVec<[usize; 8]> =
            (0..raw.factors.len()).filter(|i| !raw.factors[*i].labels.is_empty()).collect();
        let mut pieces = Vec::new();
        let mut rest: SmallVec<[usize; 8]> = labelled;
        let mut from = first;
        'cut: while rest.len() > 1 {
            // The next place where only one label holds the two sides together.
            let mut cuts: Vec<(usize, Label, SmallVec<[usize; 8]>)> = Vec::new();
            for l in 0..raw.dims.len() {
                let l = label(l);
                if raw.dims[l as usize] != dim || raw.out.contains(&l) || l == from || raw.occurrences(l) != 2 {
                    continue;
                }
                let group = self.groups(raw, &|x| x != l);
                let start = rest.iter().find(|i| raw.factors[**i].labels.contains(&from))?;
                let end = rest.iter().find(|i| raw.factors[**i].labels.contains(&last))?;
                if group[*start] == group[*end] || !rest.iter().any(|i| raw.factors[*i].labels.contains(&l)) {
                    continue;
                }
                let side: SmallVec<[usize; 8]> = rest.iter().copied().filter(|i| group[*i] == group[*start]).collect();
                let both = rest.iter().all(|i| group[*i] == group[*start] || group[*i] == group[*end]);
                if both && side.iter().any(|i| raw.factors[*i].labels.contains(&l)) {
                    cuts.push((side.len(), l, side));
                }
            }
            let Some((_, l, side)) = cuts.into_iter().min_by_key(|c| c.0) else { break 'cut };
            pieces.push(self.part(raw, &side, &[from, l]));
            rest.retain(|i| !side.contains(i));
            from = l;
        }
        let piece = self.part(raw, &rest, &[from, last]);
        pieces.push(piece);
        Some(pieces)
    }

    /// The only network of a form as raw material, with its coefficient.
    pub(super) fn opened(&self, f: FormId) -> Option<Raw> {
        let form = self.form(f);
        let [(m, c)] = form.terms.as_slice() else { return None };
        let mono = self.mono(*m);
        let mut raw = Raw::new(&counted(form.axes.len()), &form.axes);
        raw.coefficient = c.clone();
        raw.push(mono, &counted(form.axes.len()), None).ok()?;
        Some(raw)
    }

    /// F^p for square matrices on the last two axes; p is −1, or an integer that may be symbolic.
    pub(super) fn power(&mut self, f: FormId, p: &Poly) -> Result<FormId, StopReason> {
        let axes = self.form(f).axes.clone();
        let n = axes.len();
        if p.as_constant() == Some(1) {
            return Ok(f);
        }
        if n == 2
            && let Some(done) = self.split_power(f, p)?
        {
            return Ok(done);
        }
        // (cF)^−1 = c^−1 F^−1
        let mut scale = Rational::ONE;
        let mut f = f;
        if let Some(k) = p.as_constant().filter(|k| k.abs() <= 64)
            && let Some((_, c)) = self.form(f).terms.first().cloned()
            && let (Some(inverse), Some(outer)) = (c.recip(), super::rules::integer_power(&c, k))
        {
            scale = outer;
            f = self.linear(axes.clone(), &[(inverse, f)])?;
        }
        // (Fᵀ)^p = (F^p)ᵀ
        let (f, transposed) = self.oriented(f)?;
        let atom = self.atom(Atom::MatrixPower(f, p.clone()));
        let mut raw = Raw::new(&counted(n), &axes);
        let mut labels = counted(n);
        if transposed {
            labels.swap(n - 2, n - 1);
        }
        raw.coefficient = scale;
        raw.times(atom, Rational::ONE, labels);
        self.collect(axes, vec![raw])
    }

    /// The power of what is one network: a diagonal, an orthogonal variable, a power, a product of square matrices.
    fn split_power(&mut self, f: FormId, p: &Poly) -> Result<Option<FormId>, StopReason> {
        let axes = self.form(f).axes.clone();
        let inverse = p.as_constant() == Some(-1);
        // diag(v)^−1 = diag(1/v)
        let form = self.form(f);
        if !form.terms.is_empty() && form.terms.iter().all(|t| self.mono(t.0).out.as_slice() == [0, 0]) {
            let Some(k) = p.as_constant() else { return Ok(None) };
            let entries = self.contract(&[(f, smallvec![0, 0])], &[0], &axes[..1])?;
            let powers = self.entrywise_power(entries, &Rational::from(k))?;
            return Ok(Some(self.contract(&[(powers, smallvec![0])], &[0, 0], &axes[..1])?));
        }
        if inverse && self.lone_variable(f).is_some_and(|v| self.has(v, Property::Orthogonal)) {
            return Ok(Some(self.transpose(f)?));
        }
        let Some(raw) = self.opened(f) else { return Ok(None) };
        let scalars: SmallVec<[Factor; 4]> = raw.factors.iter().filter(|x| x.labels.is_empty()).cloned().collect();
        let labelled: SmallVec<[&Factor; 8]> = raw.factors.iter().filter(|x| !x.labels.is_empty()).collect();
        let k = p.as_constant();
        if let (Some(k), false) = (k, scalars.is_empty() && raw.coefficient.is_one()) {
            // (s F)^k = s^k F^k
            let mut plain = raw.clone();
            plain.factors.retain(|x| !x.labels.is_empty());
            plain.coefficient = Rational::ONE;
            let plain = self.collect(axes.clone(), vec![plain])?;
            let inner = self.power(plain, p)?;
            let mut outer = Raw::new(&[], &[]);
            let Some(c) = super::rules::integer_power(&raw.coefficient, k) else { return Ok(None) };
            outer.coefficient = c;
            for s in scalars {
                outer.times(s.atom, &s.power * &Rational::from(k), s.labels);
            }
            let outer = self.collect(Axes::new(), vec![outer])?;
            return Ok(Some(self.contract(&[(inner, counted(2)), (outer, Labels::new())], &[0, 1], &axes)?));
        }
        // (A^p)^q = A^(pq)
        if let ([only], true) = (labelled.as_slice(), scalars.is_empty() && raw.coefficient.is_one()) {
            let whole = raw.out.as_slice() == [0, 1] && matches!(only.labels.as_slice(), [0, 1] | [1, 0]);
            if let Some((x, q, _)) = matrix_power(self, only).filter(|_| whole) {
                let inner = self.power_of_power(x, &q.mul(p), only.labels != raw.out, &axes)?;
                return Ok(Some(inner));
            }
        }
        // (A B)^−1 = B^−1 A^−1
        if inverse && let Some(pieces) = self.chain(&raw).filter(|c| c.len() > 1) {
            let mut parts: Vec<(FormId, Labels)> = Vec::new();
            let count = pieces.len();
            for (i, piece) in pieces.into_iter().enumerate() {
                let piece = self.collect(axes.clone(), vec![piece])?;
                let inverse = self.power(piece, p)?;
                parts.push((inverse, smallvec![label(count - i - 1), label(count - i)]));
            }
            let dims: Axes = std::iter::repeat_n(axes[0], count + 1).collect();
            return Ok(Some(self.contract(&parts, &[0, label(count)], &dims)?));
        }
        Ok(None)
    }

    fn power_of_power(&mut self, x: FormId, p: &Poly, transposed: bool, axes: &Axes) -> Result<FormId, StopReason> {
        if p.as_constant() == Some(1) {
            return if transposed { self.transpose(x) } else { Ok(x) };
        }
        let mut raw = Raw::new(&counted(2), axes);
        if p.as_constant() == Some(0) {
            raw.merge(0, 1);
        } else {
            let atom = self.atom(Atom::MatrixPower(x, p.clone()));
            let labels = if transposed { smallvec![1, 0] } else { counted(2) };
            raw.times(atom, Rational::ONE, labels);
        }
        self.collect(axes.clone(), vec![raw])
    }
}
