//! What the terms of a sum share, put in front of a bracket: ends of chains, entrywise factors, sides of Kronecker products,
//! coefficients and scalars.

use super::compose::Parts;
use super::form::{Form, FormId, FormIds, Forms, Style};
use crate::number::Rational;
use crate::operator as op;
use smallvec::smallvec;

/// Which end of a chain terms share.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Side {
    Left,
    Right,
}

impl Forms {
    /// Factors that terms share at an end of their chains, put outside a bracket, the largest gain first.
    pub(super) fn factored(&mut self, mut terms: FormIds) -> FormIds {
        while terms.len() > 1 {
            let Some((side, factor, members)) = self.best_factor(&terms) else { break };
            let mut rests = FormIds::new();
            for m in &members {
                let mut parts = self.parts(terms[*m]);
                match side {
                    Side::Left => parts.chain.remove(0),
                    Side::Right => parts.chain.remove(parts.chain.len() - 1),
                };
                rests.push(self.assemble(parts));
            }
            let whole = match side {
                // Rows are added as columns, and turned as a whole.
                Side::Left if !self.info(factor).col => {
                    let columns: FormIds = rests.iter().map(|r| self.transpose(*r)).collect();
                    let sum = self.sum(&columns);
                    let row = self.transpose(sum);
                    self.product(&[factor, row])
                }
                Side::Left => {
                    let sum = self.sum(&rests);
                    self.product(&[factor, sum])
                }
                Side::Right => {
                    let sum = self.sum(&rests);
                    self.product(&[sum, factor])
                }
            };
            terms[members[0]] = whole;
            let gone = &members[1..];
            let mut at = 0;
            terms.retain(|_| {
                at += 1;
                !gone.contains(&(at - 1))
            });
        }
        let terms = self.joined_diagonals(terms);
        let terms = self.joined_kroneckers(terms);
        self.common_entries(terms)
    }

    /// The factor at an end of chains that saves most, and the terms that have it.
    fn best_factor(&self, terms: &[FormId]) -> Option<(Side, FormId, Vec<usize>)> {
        let shape = |t: FormId| (self.info(t).row, self.info(t).col);
        let chains: Vec<FormIds> = terms.iter().map(|t| self.parts(*t).chain).collect();
        let mut best: Option<(u64, Side, FormId, Vec<usize>)> = None;
        for side in [Side::Left, Side::Right] {
            let end = |c: &FormIds| match side {
                _ if c.len() < 2 => None,
                Side::Left => c.first().copied(),
                Side::Right => c.last().copied(),
            };
            for (i, c) in chains.iter().enumerate() {
                let Some(f) = end(c) else { continue };
                // A number beside a vector is no term of the vector's bracket.
                let shares = |j: &usize| end(&chains[*j]) == Some(f) && shape(terms[*j]) == shape(terms[i]);
                // Of some terms of a matrix a vector is taken out only where their scalars agree: (A + B) x xᵀ.
                let vector = self.info(f).row != self.info(f).col && shape(terms[i]) == (true, true);
                let all = (0..chains.len()).all(|j| shares(&j));
                let scalars = |j: usize| self.parts(terms[j]).scalars;
                let shares = |j: &usize| shares(j) && (!vector || all || scalars(*j) == scalars(i));
                if (0..i).any(|j| shares(&j)) {
                    continue;
                }
                let members: Vec<usize> = (i..chains.len()).filter(shares).collect();
                let gain = self.info(f).size.saturating_mul(members.len() as u64 - 1);
                if members.len() > 1 && best.as_ref().is_none_or(|b| gain > b.0) {
                    best = Some((gain, side, f, members));
                }
            }
        }
        best.map(|(_, side, f, members)| (side, f, members))
    }

    /// Multiples of diagonal matrices are one diagonal matrix.
    fn joined_diagonals(&mut self, terms: FormIds) -> FormIds {
        let diagonal = |forms: &Self, t: FormId| match forms.parts(t).chain.as_slice() {
            [only] => forms.diagonal_of(*only),
            _ => None,
        };
        let (ours, mut rest): (FormIds, FormIds) = terms.iter().copied().partition(|t| diagonal(self, *t).is_some());
        if ours.len() < 2 {
            return terms;
        }
        let mut vectors = FormIds::new();
        for t in &ours {
            let Some(v) = diagonal(self, *t) else { continue };
            let mut parts = self.parts(*t);
            parts.chain = self.parts(v).chain;
            vectors.push(self.assemble(parts));
        }
        let vector = self.sum(&vectors);
        rest.insert(0, self.diagonal_matrix(vector));
        rest
    }

    /// A ⊗ C + B ⊗ C is (A + B) ⊗ C, and likewise on the left.
    fn joined_kroneckers(&mut self, mut terms: FormIds) -> FormIds {
        let sides = |forms: &Self, t: FormId| match forms.parts(t).chain.as_slice() {
            [only] => forms.as_apply(*only).filter(|(o, _)| *o == &op::KRONECKER).map(|(_, a)| (a[0], a[1])),
            _ => None,
        };
        let mut i = 0;
        while i < terms.len() {
            let Some((a, b)) = sides(self, terms[i]) else {
                i += 1;
                continue;
            };
            let shares = |t: &FormId| sides(self, *t).is_some_and(|(c, d)| c == a || d == b);
            let Some(j) = (i + 1..terms.len()).find(|j| shares(&terms[*j])) else {
                i += 1;
                continue;
            };
            let other = terms.remove(j);
            let Some((c, d)) = sides(self, other) else { continue };
            let mut both = FormIds::new();
            for (t, left, right) in [(terms[i], a, b), (other, c, d)] {
                let mut parts = self.parts(t);
                parts.chain = smallvec![if b == d { left } else { right }];
                both.push(self.assemble(parts));
            }
            let sum = self.sum(&both);
            let mut parts = self.parts(sum);
            let body = self.bare_chain(&parts.chain);
            let whole = if b == d { smallvec![body, b] } else { smallvec![a, body] };
            parts.chain = smallvec![self.add(Form::Apply(&op::KRONECKER, whole), true, true)];
            terms[i] = self.assemble(parts);
        }
        terms
    }

    /// A factor that all terms have entry by entry stands outside: a ⊙ b + a ⊙ c = a ⊙ (b + c).
    fn common_entries(&mut self, terms: FormIds) -> FormIds {
        if terms.len() < 2 {
            return terms;
        }
        let mut lists: Vec<(Parts, Vec<(FormId, Rational)>)> = Vec::new();
        for t in &terms {
            let parts = self.parts(*t);
            let [only] = parts.chain.as_slice() else { return terms };
            let factors: FormIds = match self.form(*only) {
                Form::Hadamard(factors) => factors.clone(),
                _ => smallvec![*only],
            };
            let powers = factors.iter().map(|f| self.as_entry_power(*f)).collect();
            lists.push((parts, powers));
        }
        let exponent =
            |list: &[(FormId, Rational)], base: FormId| list.iter().find(|x| x.0 == base).map(|x| x.1.clone());
        let mut common: Vec<(FormId, Rational)> = Vec::new();
        for (base, p) in &lists[0].1 {
            let Some(least) = least_shared(p, lists.iter().map(|l| exponent(&l.1, *base))) else { continue };
            common.push((*base, least));
        }
        if common.is_empty() {
            return terms;
        }
        let mut rests = FormIds::new();
        for (mut parts, powers) in lists {
            let mut factors = FormIds::new();
            for (base, p) in powers {
                let taken = common.iter().find(|c| c.0 == base).map_or(Rational::ZERO, |c| c.1.clone());
                let left = &p - &taken;
                if !left.is_zero() {
                    factors.push(self.power(base, &left));
                }
            }
            parts.chain.clear();
            let front = self.assemble(parts);
            rests.push(if factors.is_empty() {
                front
            } else {
                let body = self.hadamard(&factors);
                self.product(&[front, body])
            });
        }
        let mut all: FormIds = common.iter().map(|(b, p)| self.power(*b, p)).collect();
        all.push(self.sum(&rests));
        smallvec![self.hadamard(&all)]
    }

    /// The sum with its common coefficient and scalars in front.
    pub(super) fn with_content(&mut self, terms: FormIds, row: bool, col: bool) -> FormId {
        let all: Vec<Parts> = terms.iter().map(|t| self.parts(*t)).collect();
        let coefficients: Vec<Rational> = all.iter().map(|p| p.coefficient.clone().unwrap_or(Rational::ONE)).collect();
        let content = content(&coefficients, self.style == Style::Factored);
        let mut common: Vec<(FormId, Rational)> = Vec::new();
        for s in &all[0].scalars {
            let (base, p) = self.as_power(*s);
            let exponent =
                |parts: &Parts| parts.scalars.iter().map(|t| self.as_power(*t)).find(|t| t.0 == base).map(|t| t.1);
            if let Some(least) = least_shared(&p, all.iter().map(exponent)) {
                common.push((base, least));
            }
        }
        if content.is_one() && common.is_empty() {
            return self.plain_sum(terms, row, col);
        }
        let Some(under) = content.recip() else { return self.plain_sum(terms, row, col) };
        let mut inside = FormIds::new();
        for mut parts in all {
            parts.times(&under);
            for (base, p) in &common {
                parts.scalars.push(self.power(*base, &-p));
            }
            inside.push(self.assemble(parts));
        }
        let mut front = Parts { coefficient: Some(content), ..Parts::default() };
        for (base, p) in &common {
            front.scalars.push(self.power(*base, p));
        }
        // What is left of a multiple of a sum joins the other terms.
        if inside.iter().any(|t| matches!(self.form(*t), Form::Sum(_))) {
            let front = self.assemble(front);
            let body = self.sum(&inside);
            return self.product(&[front, body]);
        }
        let body = self.plain_sum(inside, row, col);
        if row || col {
            front.chain.push(body);
        } else {
            front.scalars.push(body);
        }
        self.assemble(front)
    }
}

/// The exponent nearest to zero, where all are there and have one sign.
fn least_shared(first: &Rational, all: impl Iterator<Item = Option<Rational>>) -> Option<Rational> {
    let mut least = first.clone();
    for p in all {
        let p = p?;
        if p.is_negative() != least.is_negative() || p.is_zero() {
            return None;
        }
        if p.abs() < least.abs() {
            least = p;
        }
    }
    Some(least)
}

/// The rational that stands in front of a sum: what all coefficients are multiples of, if their denominators are
/// equal or `eager` is set; negative where all are.
fn content(coefficients: &[Rational], eager: bool) -> Rational {
    let parts: Vec<_> = coefficients.iter().map(Rational::parts).collect();
    let Some((first, under)) = parts.first().cloned() else { return Rational::ONE };
    let negative = coefficients.iter().all(Rational::is_negative);
    let sign = if negative { Rational::MINUS_ONE } else { Rational::ONE };
    let equal = parts.iter().all(|(_, d)| *d == under);
    if !equal && !eager {
        return sign;
    }
    let over = parts.iter().fold(first, |g, (n, _)| num_integer::Integer::gcd(&g, n));
    let under = parts.iter().fold(under, |l, (_, d)| num_integer::Integer::lcm(&l, d));
    &Rational::from_big(num_rational::BigRational::new(over, under)).abs() * &sign
}
