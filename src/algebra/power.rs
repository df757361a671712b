//! Entrywise powers: what can be taken out of them, and what stays.

use super::atom::Atom;
use super::budget::StopReason;
use super::form::{Factor, FormId, Forms};
use super::raw::{Raw, counted};
use super::rules::integer_power;
use crate::number::Rational;
use crate::tensor::{Axes, Function, Labels};
use num_traits::ToPrimitive;
use smallvec::{SmallVec, smallvec};

/// Binary digits of a coefficient, above which no power is multiplied out.
const LONGEST: u64 = 1 << 14;

/// A part of a network that hangs together by its summed labels: its factors, and the open labels it has.
pub(super) struct Block {
    pub(super) factors: SmallVec<[usize; 4]>,
    pub(super) open: Labels,
}

impl Forms<'_> {
    /// The blocks of a network, cut at its open labels.
    pub(super) fn blocks(&self, raw: &Raw) -> Vec<Block> {
        let group = self.groups(raw, &|l| !raw.out.contains(&l));
        let mut blocks: Vec<(usize, Block)> = Vec::new();
        for (i, f) in raw.factors.iter().enumerate() {
            if !blocks.iter().any(|b| b.0 == group[i]) {
                blocks.push((group[i], Block { factors: smallvec![], open: smallvec![] }));
            }
            if let Some((_, b)) = blocks.iter_mut().find(|b| b.0 == group[i]) {
                b.factors.push(i);
                for l in &f.labels {
                    if raw.out.contains(l) && !b.open.contains(l) {
                        b.open.push(*l);
                    }
                }
            }
        }
        blocks.into_iter().map(|b| b.1).collect()
    }

    /// The form of a block, with its open labels as axes in order.
    fn block_form(&mut self, raw: &Raw, block: &Block) -> Result<FormId, StopReason> {
        let part = self.part(raw, &block.factors, &block.open);
        let axes: Axes = block.open.iter().map(|l| raw.dims[*l as usize]).collect();
        self.collect(axes, vec![part])
    }

    /// The entries of a form as one atom, on the labels of its axes; numbers the axes canonically.
    fn base_atom(&mut self, f: FormId, labels: &Labels) -> Result<(super::form::AtomId, Labels), StopReason> {
        let (inner, transposed) = self.oriented(f)?;
        let mut labels = labels.clone();
        if transposed {
            let n = labels.len();
            labels.swap(n - 2, n - 1);
        }
        // One entry of one atom is that atom.
        let [(m, c)] = self.form(inner).terms.as_slice() else { return Ok((self.atom(Atom::Base(inner)), labels)) };
        if let ([x], true) = (self.mono(*m).factors.as_slice(), c.is_one() && self.mono(*m).is_plain())
            && x.power.is_one()
            && !self.mono(*m).has_sum()
        {
            let places = x.labels.iter().map(|l| labels[*l as usize]).collect();
            return Ok((x.atom, places));
        }
        Ok((self.atom(Atom::Base(inner)), labels))
    }

    /// F^p, entry by entry.
    pub(super) fn entrywise_power(&mut self, f: FormId, p: &Rational) -> Result<FormId, StopReason> {
        self.spend()?;
        let axes = self.form(f).axes.clone();
        let whole = p.to_integer();
        if let Some(k) = whole.filter(|k| *k >= 0) {
            let mut out = self.affine(f, 0, 1)?;
            let single = self.form(f).terms.len() == 1;
            if k > 64 && !single {
                return Err(StopReason::Terms);
            }
            if k <= 64 {
                // The longest coefficient grows by its own length with every factor.
                let longest = self.form(f).terms.iter().map(|(_, c)| c.excess()).max().unwrap_or(0);
                if longest.saturating_mul(k.unsigned_abs()) > LONGEST {
                    return Err(StopReason::Size);
                }
                for _ in 0..k {
                    out = self.entrywise(&[out, f])?;
                }
                return Ok(out);
            }
        }
        if let Some(raw) = self.opened(f).filter(|r| r.out == counted(axes.len()) && r.range.is_none()) {
            return self.power_of_product(raw, p, &axes);
        }
        // (F / d)^p = F^p / d^p for integers p, and for d > 0
        if let Some(o) = self.over(f)?.filter(|o| whole.is_some() || self.info(o.atom).positive)
            && self.form(o.form).terms.len() == 1
        {
            let top = self.entrywise_power(o.form, p)?;
            let mut below = Raw::new(&counted(axes.len()), &axes);
            below.times(o.atom, -&(&o.power * p), o.labels);
            let below = self.collect(axes, vec![below])?;
            return self.entrywise(&[top, below]);
        }
        let (scale, taken, rest) = self.content(f, whole.is_some())?;
        let mut raw = Raw::new(&counted(axes.len()), &axes);
        self.number_power(&mut raw, &scale, p)?;
        for x in taken {
            raw.times(x.atom, &x.power * p, x.labels);
        }
        let (atom, labels) = self.base_atom(rest, &counted(axes.len()))?;
        raw.times(atom, p.clone(), labels);
        self.collect(axes, vec![raw])
    }

    /// (x y)^p = x^p y^p for integers p, and for x or y not negative.
    fn power_of_product(&mut self, raw: Raw, p: &Rational, axes: &Axes) -> Result<FormId, StopReason> {
        let mut out = Raw::new(&counted(axes.len()), axes);
        let mut rest: Vec<Block> = Vec::new();
        let mut absolute: Vec<(FormId, Labels, Rational)> = Vec::new();
        // A factor that may be 0 is parted only from factors whose roots exist as well.
        let even = |x: &Factor| x.power.to_integer().is_some_and(|e| e % 2 == 0);
        let alike = raw.factors.iter().all(|x| self.info(x.atom).nonnegative || even(x));
        for block in self.blocks(&raw) {
            if let [i] = block.factors.as_slice() {
                let x = &raw.factors[*i];
                let plain = x.labels.iter().all(|l| block.open.contains(l));
                let sure = self.info(x.atom).nonnegative && (alike || self.info(x.atom).positive);
                if plain && (p.is_integer() || sure) {
                    out.times(x.atom, &x.power * p, x.labels.clone());
                    continue;
                }
                // (x²)^(1/2) = |x|
                if plain && even(x) && alike {
                    let mut one = self.part(&raw, &[*i], &block.open);
                    let power = &x.power * p;
                    if power.to_integer().is_some_and(|e| e % 2 == 0) {
                        out.times(x.atom, power, x.labels.clone());
                        continue;
                    }
                    if power.is_integer() {
                        one.factors[0].power = Rational::ONE;
                        let open: Axes = block.open.iter().map(|l| raw.dims[*l as usize]).collect();
                        let base = self.collect(open, vec![one])?;
                        let size = self.map(&Function::Abs, base)?;
                        out.times(x.atom, &power - &Rational::ONE, x.labels.clone());
                        absolute.push((size, block.open.clone(), Rational::ONE));
                        continue;
                    }
                }
            }
            let form = self.block_form(&raw, &block)?;
            if p.is_integer()
                || alike
                || self.sign(form).1
                || (raw.factors.len() == block.factors.len() && self.sign(form).0)
            {
                let (atom, labels) = self.base_atom(form, &block.open)?;
                out.times(atom, p.clone(), labels);
            } else {
                rest.push(block);
            }
        }
        let c = raw.coefficient.clone();
        let sign = match p.to_integer() {
            Some(k) => {
                out.coefficient = integer_power(&c, k).ok_or(StopReason::Size)?;
                Rational::ONE
            }
            None => {
                self.number_power(&mut out, &c.abs(), p)?;
                if c.is_negative() { Rational::MINUS_ONE } else { Rational::ONE }
            }
        };
        if !rest.is_empty() || !sign.is_one() {
            let all: SmallVec<[usize; 4]> = rest.iter().flat_map(|b| b.factors.iter().copied()).collect();
            let mut open: Labels = smallvec![];
            rest.iter().flat_map(|b| &b.open).for_each(|l| {
                if !open.contains(l) {
                    open.push(*l);
                }
            });
            open.sort_unstable();
            let mut part = self.part(&raw, &all, &open);
            part.coefficient = sign;
            let inner: Axes = open.iter().map(|l| raw.dims[*l as usize]).collect();
            let form = self.collect(inner, vec![part])?;
            let (atom, labels) = self.base_atom(form, &open)?;
            out.times(atom, p.clone(), labels);
        }
        let out = self.collect(axes.clone(), vec![out])?;
        if absolute.is_empty() {
            return Ok(out);
        }
        let mut parts: Vec<(FormId, Labels)> = vec![(out, counted(axes.len()))];
        parts.extend(absolute.into_iter().map(|a| (a.0, a.1)));
        self.contract(&parts, &counted(axes.len()), axes)
    }

    /// Multiplies by c^p for an integer p or c > 0: roots are taken of prime numbers only.
    fn number_power(&mut self, raw: &mut Raw, c: &Rational, p: &Rational) -> Result<(), StopReason> {
        if let Some(k) = p.to_integer() {
            raw.coefficient = &raw.coefficient * &integer_power(c, k).ok_or(StopReason::Size)?;
            return Ok(());
        }
        for (base, e) in prime_powers(c) {
            let atom = self.atom(Atom::Number(Rational::from(base)));
            raw.times(atom, &Rational::from(e) * p, smallvec![]);
        }
        if prime_powers(c).is_empty() && !c.is_one() {
            return Err(StopReason::Size);
        }
        Ok(())
    }

    /// A sum as c · Π x^e · rest: a number above 0 (of any sign where `integer`), factors that all terms have and that
    /// are positive (any where `integer`), and what is left.
    pub(super) fn content(&mut self, f: FormId, integer: bool) -> Result<(Rational, Vec<Factor>, FormId), StopReason> {
        let form = self.form(f).clone();
        let Some((_, lead)) = form.terms.first() else { return Ok((Rational::ONE, Vec::new(), f)) };
        let scale = if integer { lead.clone() } else { lead.abs() };
        let mut taken: Vec<Factor> = Vec::new();
        let plain = form.terms.iter().all(|t| self.mono(t.0).is_plain() && self.mono(t.0).range.is_none());
        if plain {
            let open = form.axes.len();
            let is_open = |x: &Factor| x.labels.iter().all(|l| (*l as usize) < open);
            for (m, _) in &form.terms {
                for x in self.mono(*m).factors.iter().filter(|x| is_open(x)) {
                    let known = taken.iter().any(|t| t.atom == x.atom && t.labels == x.labels);
                    if !known && (integer || self.info(x.atom).positive) {
                        taken.push(x.clone());
                    }
                }
            }
            for x in &mut taken {
                let power = |m: super::form::MonoId| {
                    let all = &self.mono(m).factors;
                    all.iter().find(|y| y.atom == x.atom && y.labels == x.labels).map(|y| y.power.clone())
                };
                let least = form.terms.iter().map(|t| power(t.0).unwrap_or(Rational::ZERO)).min();
                x.power = least.unwrap_or(Rational::ZERO);
            }
            taken.retain(|x| !x.power.is_zero());
        }
        let inverse = scale.recip().unwrap_or(Rational::ONE);
        if taken.is_empty() {
            let rest = if scale.is_one() { f } else { self.linear(form.axes.clone(), &[(inverse, f)])? };
            return Ok((scale, taken, rest));
        }
        let mut raws = Vec::new();
        for (m, c) in &form.terms {
            let mut raw = Raw::new(&counted(form.axes.len()), &form.axes);
            raw.coefficient = c * &inverse;
            raw.push(self.mono(*m), &counted(form.axes.len()), None)?;
            for x in &taken {
                raw.times(x.atom, -&x.power, x.labels.clone());
            }
            raws.push(raw);
        }
        let rest = self.collect(form.axes.clone(), raws)?;
        Ok((scale, taken, rest))
    }

    /// An atom as a form with its own axes.
    pub(super) fn atom_entries(&mut self, atom: super::form::AtomId) -> Result<FormId, StopReason> {
        let axes = self.info(atom).axes.clone();
        let mut raw = Raw::new(&counted(axes.len()), &axes);
        raw.times(atom, Rational::ONE, counted(axes.len()));
        self.collect(axes, vec![raw])
    }

    /// b^(Σ cᵢ mᵢ) = Π (b^mᵢ)^cᵢ for b > 0, or for integers throughout.
    pub(super) fn raised(&mut self, b: FormId, exponent: FormId) -> Result<FormId, StopReason> {
        let axes = self.form(b).axes.clone();
        let n = axes.len();
        let integer = self.form(exponent).terms.iter().all(|(m, c)| {
            let whole = |x: &Factor| {
                matches!(self.atom_of(x.atom), Atom::Integer(_)) && x.power.to_integer().is_some_and(|p| p > 0)
            };
            c.is_integer() && !self.mono(*m).has_sum() && self.mono(*m).factors.iter().all(whole)
        });
        // (c x y)^k = c^k x^k y^k
        let mut bases: Vec<(FormId, Labels, Rational)> = Vec::new();
        match self.opened(b).filter(|r| r.range.is_none() && n == 0) {
            Some(raw) => {
                let splits = |x: &Factor| (integer && x.power.is_integer()) || self.info(x.atom).positive;
                let (out, kept): (Vec<Factor>, Vec<Factor>) = raw.factors.into_iter().partition(splits);
                for x in out {
                    let base = self.atom_entries(x.atom)?;
                    bases.push((base, x.labels, x.power));
                }
                let size = raw.coefficient.abs();
                let primes = prime_powers(&size);
                let mut rest = Raw::new(&[], &[]);
                rest.factors = kept.into();
                rest.coefficient = raw.coefficient.clone();
                if !primes.is_empty() {
                    rest.coefficient = if raw.coefficient.is_negative() { Rational::MINUS_ONE } else { Rational::ONE };
                    for (p, e) in primes {
                        bases.push((self.number_form(&Rational::from(p))?, smallvec![], Rational::from(e)));
                    }
                }
                if !rest.factors.is_empty() || !rest.coefficient.is_one() {
                    bases.push((self.collect(Axes::new(), vec![rest])?, smallvec![], Rational::ONE));
                }
            }
            None => bases.push((b, counted(n), Rational::ONE)),
        }
        let mut parts: Vec<(FormId, Labels)> = Vec::new();
        let mut raw = Raw::new(&counted(n), &axes);
        for (m, c) in self.form(exponent).terms.clone() {
            let mono = self.mono(m);
            if mono.factors.is_empty() && mono.is_plain() && mono.range.is_none() {
                parts.push((self.entrywise_power(b, &c)?, counted(n)));
                continue;
            }
            let e = self.single(m);
            for (base, _, p) in &bases {
                let atom = self.atom(Atom::Raised(*base, e));
                raw.times(atom, p * &c, counted(n));
            }
        }
        let raised = self.collect(axes.clone(), vec![raw])?;
        parts.push((raised, counted(n)));
        self.contract(&parts, &counted(n), &axes)
    }
}

/// A positive rational as powers of prime numbers, as far as they are small; empty for one and where it is too big.
pub(super) fn prime_powers(c: &Rational) -> SmallVec<[(i64, i64); 4]> {
    let (top, bottom) = c.parts();
    let (Some(top), Some(bottom)) = (top.to_i64(), bottom.to_i64()) else { return SmallVec::new() };
    if top <= 0 {
        return SmallVec::new();
    }
    let mut all: SmallVec<[(i64, i64); 4]> = SmallVec::new();
    for (mut rest, e) in [(top, 1), (bottom, -1)] {
        let mut p = 2;
        while p <= 1000 && p * p <= rest {
            let mut k = 0;
            while rest % p == 0 {
                rest /= p;
                k += e;
            }
            if k != 0 {
                all.push((p, k));
            }
            p += 1;
        }
        if rest > 1 {
            all.push((rest, e));
        }
    }
    all
}
