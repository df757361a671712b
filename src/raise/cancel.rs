//! What becomes shorter inside a product: exponentials over one plus themselves, neighbours in a chain.

use super::form::{Form, FormId, FormIds, Forms};
use crate::number::Rational;
use crate::operator as op;
use smallvec::smallvec;

impl Forms {
    /// In scalar factors: eᶻ/(1 + eᶻ) is σ(z).
    pub(super) fn scalar_sigmoids(&mut self, scalars: &mut FormIds) {
        let quotient = |f: FormId| self.applies(f, &op::COSH) || self.applies(f, &op::COS);
        let relevant = |f: FormId| self.logistic(f).is_some() || self.applies(f, &op::SIGMOID) || quotient(f);
        if !scalars.iter().any(|s| relevant(self.as_power(*s).0)) {
            return;
        }
        let mut powers: Vec<(FormId, Rational)> = scalars.iter().map(|s| self.as_power(*s)).collect();
        self.sigmoids(&mut powers);
        *scalars = powers.iter().map(|(b, p)| self.power(*b, p)).collect();
    }

    /// sinh/cosh is tanh, sin/cos is tan.
    fn tangents(&mut self, powers: &mut Vec<(FormId, Rational)>) {
        for (over, under, quotient) in [(&op::SINH, &op::COSH, &op::TANH), (&op::SIN, &op::COS, &op::TAN)] {
            for i in 0..powers.len() {
                let argument = self.as_apply(powers[i].0).filter(|(o, _)| *o == under).map(|(_, a)| a[0]);
                let Some(z) = argument.filter(|_| powers[i].1 == Rational::MINUS_ONE) else { continue };
                let above = self.map(over, z);
                if let Some(j) = powers.iter().position(|(b, p)| *b == above && p.is_one()) {
                    powers[j].0 = self.map(quotient, z);
                    powers[i].1 = Rational::ZERO;
                }
            }
        }
        powers.retain(|p| !p.1.is_zero());
    }

    /// Among factors and their exponents: eᶻ/(1 + eᶻ) is σ(z), and what is left of 1/(1 + eᶻ) is σ(−z).
    pub(super) fn sigmoids(&mut self, powers: &mut Vec<(FormId, Rational)>) {
        self.tangents(powers);
        while let Some((place, z)) = powers.iter().enumerate().find_map(|(i, (b, p))| {
            let z = self.logistic(*b)?;
            (p.is_integer() && p.is_negative()).then_some((i, z))
        }) {
            let exp = self.map(&op::EXP, z);
            let below = -&powers[place].1;
            let above = powers.iter().position(|(b, p)| *b == exp && p.is_integer() && !p.is_negative());
            let both = match above {
                Some(a) if powers[a].1 < below => powers[a].1.clone(),
                Some(_) => below.clone(),
                None => Rational::ZERO,
            };
            let rest = &below - &both;
            let straight = self.map(&op::SIGMOID, z);
            let minus = self.scale(&Rational::MINUS_ONE, z);
            let turned = self.map(&op::SIGMOID, minus);
            if let Some(a) = above {
                powers[a].1 = &powers[a].1 - &both;
            }
            powers[place].1 = Rational::ZERO;
            for (base, p) in [(straight, both), (turned, rest)] {
                match powers.iter_mut().find(|(b, _)| *b == base) {
                    Some(known) => known.1 = &known.1 + &p,
                    None => powers.push((base, p)),
                }
            }
            powers.retain(|p| !p.1.is_zero());
        }
        for i in 0..powers.len() {
            let Some((turned, exp)) = self.complement(powers[i].0) else { continue };
            let p = powers[i].1.clone();
            match powers.iter().position(|(b, _)| *b == turned) {
                Some(j) => {
                    powers[j].1 = &powers[j].1 + &p;
                    powers[i].1 = Rational::ZERO;
                }
                None if powers.iter().any(|(b, _)| *b == exp) => powers[i].0 = turned,
                None => {}
            }
        }
        self.turned_sigmoids(powers);
        powers.retain(|p| !p.1.is_zero());
        self.slopes(powers);
    }

    /// 1 − σ(z) as σ(−z), and the eᶻ that would cancel in it.
    fn complement(&mut self, f: FormId) -> Option<(FormId, FormId)> {
        let Form::Sum(terms) = self.form(f) else { return None };
        let [a, b] = terms.as_slice() else { return None };
        let (a, b) = (*a, *b);
        if !matches!(self.form(a), Form::Number(c) if c.is_one()) {
            return None;
        }
        let minus = self.scale(&Rational::MINUS_ONE, b);
        let z = self.as_apply(minus).filter(|(o, _)| *o == &op::SIGMOID).map(|(_, a)| a[0])?;
        let turned = self.scale(&Rational::MINUS_ONE, z);
        Some((self.map(&op::SIGMOID, turned), self.map(&op::EXP, z)))
    }

    /// 1 − σ(−z) is σ(z).
    pub(super) fn sigmoid_of_rest(&mut self, terms: &[FormId]) -> Option<FormId> {
        let [a, b] = terms else { return None };
        for (one, sigma) in [(*a, *b), (*b, *a)] {
            let (c, parts) = (self.parts(one), self.parts(sigma));
            let front = c.coefficient.clone().filter(|_| c.chain.is_empty() && c.scalars.is_empty());
            let (Some(front), Some(body)) = (front, parts.chain.first().or(parts.scalars.first()).copied()) else {
                continue;
            };
            let whole = parts.chain.len() + parts.scalars.len() == 1;
            let opposite = parts.coefficient.unwrap_or(Rational::ONE) == -&front && front.abs().is_one();
            let w = self.as_apply(body).filter(|(o, _)| *o == &op::SIGMOID).map(|(_, a)| a[0]);
            let (Some(w), true) = (w, whole && opposite) else { continue };
            if self.parts(w).coefficient.is_some_and(|c| c.is_negative()) {
                let z = self.scale(&Rational::MINUS_ONE, w);
                let turned = self.map(&op::SIGMOID, z);
                return Some(self.scale(&front, turned));
            }
        }
        None
    }

    /// eᶻ σ(−z) is σ(z).
    fn turned_sigmoids(&mut self, powers: &mut Vec<(FormId, Rational)>) {
        for i in 0..powers.len() {
            let argument = self.as_apply(powers[i].0).filter(|(o, _)| *o == &op::SIGMOID).map(|(_, a)| a[0]);
            let Some(w) = argument else { continue };
            let minus = self.scale(&Rational::MINUS_ONE, w);
            let exp = self.map(&op::EXP, minus);
            let positive = |p: &Rational| p.is_integer() && !p.is_negative();
            let Some(j) = powers.iter().position(|(b, p)| *b == exp && positive(p)) else { continue };
            if !positive(&powers[i].1) {
                continue;
            }
            let both = if powers[i].1 < powers[j].1 { powers[i].1.clone() } else { powers[j].1.clone() };
            powers[i].1 = &powers[i].1 - &both;
            powers[j].1 = &powers[j].1 - &both;
            let turned = self.map(&op::SIGMOID, minus);
            match powers.iter_mut().find(|(b, _)| *b == turned) {
                Some(known) => known.1 = &known.1 + &both,
                None => powers.push((turned, both)),
            }
        }
    }

    /// σ(z) σ(−z) is σ(z) (1 − σ(z)), the form in which the slope of σ is known.
    fn slopes(&mut self, powers: &mut [(FormId, Rational)]) {
        let argument =
            |forms: &Self, f: FormId| forms.as_apply(f).filter(|(o, _)| *o == &op::SIGMOID).map(|(_, a)| a[0]);
        for i in 0..powers.len() {
            let Some(z) = argument(self, powers[i].0) else { continue };
            let minus = self.scale(&Rational::MINUS_ONE, z);
            // σ(0) is no pair with itself.
            let Some(j) = powers.iter().position(|(b, _)| argument(self, *b) == Some(minus)).filter(|j| *j != i) else {
                continue;
            };
            let negative = |forms: &Self, f: FormId| forms.parts(f).coefficient.is_some_and(|c| c.is_negative());
            let (keep, other) = if negative(self, z) && !negative(self, minus) { (j, i) } else { (i, j) };
            if powers[keep].1 == powers[other].1 {
                let sigma = self.scale(&Rational::MINUS_ONE, powers[keep].0);
                let one = self.one();
                powers[other].0 = self.sum(&[one, sigma]);
            }
        }
    }

    /// The z of 1 + eᶻ.
    fn logistic(&self, f: FormId) -> Option<FormId> {
        let Form::Sum(terms) = self.form(f) else { return None };
        let [a, b] = terms.as_slice() else { return None };
        let one = |t: &FormId| matches!(self.form(*t), Form::Number(c) if c.is_one());
        let exp = |t: &FormId| self.as_apply(*t).filter(|(o, _)| *o == &op::EXP).map(|(_, x)| x[0]);
        if one(a) { exp(b) } else { one(b).then(|| exp(a)).flatten() }
    }

    /// The vector of a diagonal matrix.
    pub(super) fn diagonal_of(&self, f: FormId) -> Option<FormId> {
        let (o, a) = self.as_apply(f)?;
        let v = *a.first()?;
        let of_vector = o == &op::DIAG && self.info(f).col && !(self.info(v).row && self.info(v).col);
        of_vector.then_some(v)
    }

    /// Neighbours of a chain that make one factor: two diagonal matrices, one beside a vector, a matrix and its
    /// inverse.
    pub(super) fn neighbours(&mut self, chain: &FormIds) -> FormIds {
        let mut out = FormIds::new();
        for (at, f) in chain.iter().enumerate() {
            let Some(last) = out.last().copied() else {
                out.push(*f);
                continue;
            };
            let joined = match (self.diagonal_of(last), self.diagonal_of(*f)) {
                (Some(u), Some(v)) => {
                    let w = self.hadamard(&[u, v]);
                    Some(self.diagonal_matrix(w))
                }
                (Some(u), None) if !self.info(*f).col => Some(self.hadamard(&[u, *f])),
                (None, Some(v)) if !self.info(last).row => {
                    let u = self.transpose(last);
                    let w = self.hadamard(&[u, v]);
                    Some(self.transpose(w))
                }
                _ => None,
            };
            match joined {
                Some(one) if self.is_bare(one) => {
                    out.pop();
                    out.push(one);
                }
                _ if self.joined_powers(last, *f).is_some() => {
                    out.pop();
                    out.extend(self.joined_powers(last, *f));
                }
                _ if (out.len() > 1 || at + 1 < chain.len()) && self.are_inverse(last, *f) => {
                    out.pop();
                }
                _ => out.push(*f),
            }
        }
        out
    }

    /// diag(u) B v is u ⊙ (B v).
    pub(super) fn diagonals_on_vectors(&mut self, mut chain: FormIds) -> FormIds {
        let vector = |forms: &Self, f: FormId| forms.info(f).row && !forms.info(f).col;
        while let Some(last) = chain.last().copied()
            && vector(self, last)
            && let Some(place) = chain.iter().rposition(|f| self.diagonal_of(*f).is_some())
            && place + 1 < chain.len()
            && let Some(u) = self.diagonal_of(chain[place])
        {
            let w = self.bare_chain(&chain[place + 1..]);
            let joined = self.hadamard(&[u, w]);
            if !self.is_bare(joined) {
                break;
            }
            chain.truncate(place);
            chain.push(joined);
        }
        chain
    }

    /// Two powers of one matrix, of which one has a symbolic exponent, as one.
    fn joined_powers(&mut self, a: FormId, b: FormId) -> Option<FormId> {
        let turned =
            |forms: &Self, f: FormId| forms.as_apply(f).filter(|(o, _)| *o == &op::TRANSPOSE).map(|(_, x)| x[0]);
        if let (Some(a), Some(b)) = (turned(self, a), turned(self, b)) {
            let joined = self.joined_powers(b, a)?;
            return Some(self.transpose(joined));
        }
        let power =
            |forms: &Self, f: FormId| forms.as_apply(f).filter(|(o, _)| *o == &op::POWER).map(|(_, x)| (x[0], x[1]));
        let one = self.one();
        let (base, p, q) = match (power(self, a), power(self, b)) {
            (Some((x, p)), Some((y, q))) if x == y => (x, p, q),
            (Some((x, p)), None) if x == b => (x, p, one),
            (None, Some((y, q))) if y == a => (y, one, q),
            _ => return None,
        };
        let exponent = self.sum(&[p, q]);
        if self.form(exponent) == &Form::Number(Rational::ONE) {
            return Some(base);
        }
        Some(self.add(Form::Apply(&op::POWER, smallvec![base, exponent]), true, true))
    }

    /// Whether a formula is one factor of a chain.
    fn is_bare(&self, f: FormId) -> bool {
        !self.is_scalar(f) && !self.applies(f, &op::IDENTITY) && !matches!(self.form(f), Form::Product { .. })
    }

    fn are_inverse(&mut self, a: FormId, b: FormId) -> bool {
        let inverted =
            |forms: &Self, f: FormId| forms.as_apply(f).filter(|(o, _)| *o == &op::INVERSE).map(|(_, x)| x[0]);
        if inverted(self, a) == Some(b) || inverted(self, b) == Some(a) {
            return true;
        }
        let (at, bt) = (self.transpose(a), self.transpose(b));
        inverted(self, at) == Some(bt) || inverted(self, bt) == Some(at)
    }

    /// The same among scalars that have exponentials or logistic functions among them: eᶻ (σ(−z) − c) = σ(z) − c eᶻ.
    pub(super) fn spread_scalars(&mut self, scalars: &[FormId]) -> Option<FormId> {
        let place = scalars.iter().position(|f| matches!(self.form(*f), Form::Sum(_)))?;
        let Form::Sum(terms) = self.form(scalars[place]).clone() else { return None };
        let rest: FormIds = scalars.iter().enumerate().filter(|(i, _)| *i != place).map(|(_, f)| *f).collect();
        let curved = |f: &FormId| {
            let base = self.as_power(*f).0;
            self.applies(base, &op::EXP) || self.applies(base, &op::SIGMOID)
        };
        if !rest.iter().any(curved) || std::mem::replace(&mut self.spreading, true) {
            return None;
        }
        let mut out = FormIds::new();
        for t in &terms {
            let all: FormIds = std::iter::once(*t).chain(rest.iter().copied()).collect();
            out.push(self.product(&all));
        }
        let spread = self.sum(&out);
        self.spreading = false;
        let spread = self.summed_again(spread);
        let size = scalars.iter().fold(0u64, |n, f| n.saturating_add(self.info(*f).size));
        (self.info(spread).size < size).then_some(spread)
    }

    /// A sum among entrywise factors, multiplied out where something cancels: s ⊙ (c − t ./ s) = c s − t.
    pub(super) fn spread_entries(&mut self, factors: &[FormId]) -> Option<FormId> {
        let place = factors.iter().position(|f| matches!(self.form(*f), Form::Sum(_)))?;
        let Form::Sum(terms) = self.form(factors[place]).clone() else { return None };
        if factors.len() < 2 || std::mem::replace(&mut self.spreading, true) {
            return None;
        }
        let rest: FormIds = factors.iter().enumerate().filter(|(i, _)| *i != place).map(|(_, f)| *f).collect();
        let mut out = FormIds::new();
        for t in &terms {
            out.push(if self.is_scalar(*t) {
                let others = self.hadamard(&rest);
                self.product(&[*t, others])
            } else {
                let all: FormIds = std::iter::once(*t).chain(rest.iter().copied()).collect();
                self.hadamard(&all)
            });
        }
        let spread = self.sum(&out);
        self.spreading = false;
        let spread = self.summed_again(spread);
        let size = factors.iter().fold(0u64, |n, f| n.saturating_add(self.info(*f).size));
        (self.info(spread).size < size).then_some(spread)
    }

    /// A sum of multiples of the identity or of outer products with ones, times a diagonal matrix, multiplied out
    /// where that is shorter: (I − s 1ᵀ) diag(v) = diag(v) − s vᵀ.
    pub(super) fn spread(&mut self, chain: &FormIds) -> Option<FormId> {
        let is_sum = |f: &FormId| matches!(self.form(*f), Form::Sum(_));
        let place = (1..chain.len()).find(|i| {
            let (a, b) = (chain[i - 1], chain[*i]);
            is_sum(&a) && self.diagonal_of(b).is_some() || is_sum(&b) && self.diagonal_of(a).is_some()
        })?;
        let spread = self.spread_pair(chain[place - 1], chain[place])?;
        let before = self.bare_chain_of(&chain[..place - 1]);
        let after = self.bare_chain_of(&chain[place + 1..]);
        let all: FormIds = before.into_iter().chain([spread]).chain(after).collect();
        Some(self.product(&all))
    }

    fn bare_chain_of(&mut self, chain: &[FormId]) -> Option<FormId> {
        (!chain.is_empty()).then(|| self.bare_chain(chain))
    }

    fn spread_pair(&mut self, sum: FormId, diagonal: FormId) -> Option<FormId> {
        let (terms, right) = match (self.form(sum), self.form(diagonal)) {
            (Form::Sum(terms), _) if self.diagonal_of(diagonal).is_some() => (terms.clone(), true),
            (_, Form::Sum(terms)) => (terms.clone(), false),
            _ => return None,
        };
        if std::mem::replace(&mut self.spreading, true) {
            return None;
        }
        let d = if right { diagonal } else { sum };
        let mut out = FormIds::new();
        for t in &terms {
            let mut parts = self.parts(*t);
            if parts.chain.iter().all(|f| self.applies(*f, &op::IDENTITY)) {
                parts.chain = smallvec![d];
            } else if right {
                parts.chain.push(d);
            } else {
                parts.chain.insert(0, d);
            }
            out.push(self.assemble(parts));
        }
        let spread = self.sum(&out);
        self.spreading = false;
        let size = self.info(sum).size.saturating_add(self.info(diagonal).size);
        (self.info(spread).size <= size).then_some(spread)
    }
}
