//! Products, sums and scalars put together from formulas that are already natural, and kept so.

use super::form::{Form, FormId, FormIds, Forms};
use crate::number::Rational;
use crate::operator as op;
use smallvec::smallvec;

/// Chains longer than this are nested, so that a short graph never makes a long list.
const LONGEST_CHAIN: usize = 64;

/// A formula taken apart as a product.
#[derive(Clone, Default)]
pub(super) struct Parts {
    pub(super) coefficient: Option<Rational>,
    pub(super) scalars: FormIds,
    pub(super) chain: FormIds,
}

impl Parts {
    pub(super) fn times(&mut self, c: &Rational) {
        self.coefficient = Some(match &self.coefficient {
            Some(d) => c * d,
            None => c.clone(),
        });
    }
}

impl Forms {
    /// A formula as coefficient, scalars and chain.
    pub(super) fn parts(&self, id: FormId) -> Parts {
        match self.form(id) {
            Form::Number(c) => Parts { coefficient: Some(c.clone()), ..Parts::default() },
            Form::Product { coefficient, scalars, chain } => {
                Parts { coefficient: Some(coefficient.clone()), scalars: scalars.clone(), chain: chain.clone() }
            }
            _ if self.is_scalar(id) => Parts { scalars: smallvec![id], ..Parts::default() },
            _ => Parts { chain: smallvec![id], ..Parts::default() },
        }
    }

    /// The product of formulas in order: scalars with anything, matrices by rows and columns.
    pub(super) fn product(&mut self, factors: &[FormId]) -> FormId {
        let mut all = Parts::default();
        for f in factors {
            let p = self.parts(*f);
            if let Some(c) = &p.coefficient {
                all.times(c);
            }
            all.scalars.extend(p.scalars);
            if !self.is_scalar(*f) {
                if p.chain.len() > 1 && all.chain.len() + p.chain.len() > LONGEST_CHAIN {
                    let nested = self.bare_chain(&p.chain);
                    all.chain.push(nested);
                } else {
                    all.chain.extend(p.chain);
                }
            } else if p.chain.len() > 1 {
                let inner = self.bare_chain(&p.chain);
                all.scalars.push(inner);
            }
        }
        self.assemble(all)
    }

    /// A chain as a formula of its own, with the shape its ends give it.
    fn bare_chain(&mut self, chain: &[FormId]) -> FormId {
        if let [only] = chain {
            return *only;
        }
        let row = chain.first().is_some_and(|f| self.info(*f).row);
        let col = chain.last().is_some_and(|f| self.info(*f).col);
        let form = Form::Product { coefficient: Rational::ONE, scalars: smallvec![], chain: chain.into() };
        self.add(form, row, col)
    }

    /// A product from its parts: zeros and ones vanish, inner products in the chain become scalars, equal scalars
    /// powers.
    pub(super) fn assemble(&mut self, parts: Parts) -> FormId {
        let mut coefficient = parts.coefficient.unwrap_or(Rational::ONE);
        let mut chain = FormIds::new();
        let mut scalars = FormIds::new();
        let mut inner: Vec<FormIds> = Vec::new();
        let many = parts.chain.iter().filter(|f| !self.applies(**f, &op::IDENTITY)).count();
        let mut identity = None;
        for f in &parts.chain {
            if self.applies(*f, &op::IDENTITY) {
                identity = Some(*f);
                continue;
            }
            chain.push(*f);
            let ends = !self.info(*f).col;
            let start = chain.iter().rposition(|g| !self.info(*g).row);
            if let (true, Some(start)) = (ends, start) {
                inner.push(chain.drain(start..).collect());
            }
        }
        if many == 0 {
            chain.extend(identity);
        }
        for s in parts.scalars {
            match self.form(s).clone() {
                Form::Number(c) => coefficient = &coefficient * &c,
                Form::Product { coefficient: c, scalars: inner, chain } if !c.is_one() || !inner.is_empty() => {
                    coefficient = &coefficient * &c;
                    inner.iter().for_each(|i| self.push_scalar(&mut scalars, *i));
                    if !chain.is_empty() {
                        let bare = self.bare_chain(&chain);
                        self.push_scalar(&mut scalars, bare);
                    }
                }
                _ => self.push_scalar(&mut scalars, s),
            }
        }
        for i in inner {
            let s = match i.as_slice() {
                [a, b] if self.transpose(*a) == *b => self.squared(*b),
                _ => self.bare_chain(&i),
            };
            self.push_scalar(&mut scalars, s);
        }
        if coefficient.is_zero() && chain.is_empty() {
            return self.number(&coefficient);
        }
        match (scalars.as_slice(), chain.as_slice()) {
            ([], []) => self.number(&coefficient),
            ([only], []) | ([], [only]) if coefficient.is_one() => *only,
            _ => {
                let row = chain.first().is_some_and(|f| self.info(*f).row);
                let col = chain.last().is_some_and(|f| self.info(*f).col);
                self.add(Form::Product { coefficient, scalars, chain }, row, col)
            }
        }
    }

    /// Adds a scalar factor; integer powers of one base with equal signs are merged.
    fn push_scalar(&mut self, scalars: &mut FormIds, s: FormId) {
        let (base, p) = self.as_power(s);
        let found = scalars.iter().position(|t| {
            let (b, q) = self.as_power(*t);
            b == base && p.is_integer() && q.is_integer() && p.is_negative() == q.is_negative()
        });
        match found {
            Some(i) => {
                let sum = &self.as_power(scalars[i]).1 + &p;
                scalars[i] = self.power(base, &sum);
            }
            None => scalars.push(s),
        }
    }

    /// A scalar as base and rational exponent.
    pub(super) fn as_power(&self, s: FormId) -> (FormId, Rational) {
        match self.form(s) {
            Form::Power(b, p) => (*b, p.clone()),
            _ => (s, Rational::ONE),
        }
    }

    /// A formula to a rational power; entry by entry where it is not a scalar.
    pub(super) fn power(&mut self, x: FormId, p: &Rational) -> FormId {
        if p.is_one() {
            return x;
        }
        if !self.is_scalar(x) {
            let x = self.entrywise_argument(x);
            let (row, col) = (self.info(x).row, self.info(x).col);
            return self.add(Form::EntryPower(x, p.clone()), row, col);
        }
        if let Form::Squared(v) = self.form(x) {
            let v = *v;
            let double = &Rational::from(2) * p;
            if double.is_integer() && *p != Rational::MINUS_ONE {
                let operator = if self.info(v).col { &op::NORM_F } else { &op::NORM };
                let norm = self.scalar(operator, &[v]);
                return self.power(norm, &double);
            }
        }
        self.add(Form::Power(x, p.clone()), false, false)
    }

    /// A multiple.
    pub(super) fn scale(&mut self, c: &Rational, x: FormId) -> FormId {
        if c.is_one() {
            return x;
        }
        let mut parts = self.parts(x);
        parts.times(c);
        self.assemble(parts)
    }

    /// The sum of terms of one shape. A multiple of the ones vector is written as its scalar beside a vector that is
    /// not one, and the identity without its size beside any other matrix.
    pub(super) fn sum(&mut self, terms: &[FormId]) -> FormId {
        let mut flat = FormIds::new();
        for t in terms {
            match self.form(*t) {
                Form::Sum(inner) => flat.extend(inner.clone()),
                _ => flat.push(*t),
            }
        }
        let row = flat.iter().any(|t| self.info(*t).row);
        let col = flat.iter().any(|t| self.info(*t).col);
        if row && !col && flat.iter().any(|t| self.info(*t).row && self.ones_scalar(*t).is_none()) {
            for t in &mut flat {
                if let Some(scalar) = self.ones_scalar(*t) {
                    *t = scalar;
                }
            }
        }
        let fixed = |forms: &Self, t: &FormId| {
            let chain = forms.parts(*t).chain;
            chain.iter().any(|f| !forms.applies(*f, &op::IDENTITY))
        };
        if row && col && flat.iter().any(|t| fixed(self, t)) {
            for t in &mut flat {
                let mut parts = self.parts(*t);
                if parts.chain.len() == 1 && self.applies(parts.chain[0], &op::IDENTITY) {
                    parts.chain = smallvec![self.add(Form::Apply(&op::IDENTITY, smallvec![]), true, true)];
                    *t = self.assemble(parts);
                }
            }
        }
        match flat.as_slice() {
            [only] => *only,
            _ => self.add(Form::Sum(flat), row, col),
        }
    }

    /// The scalar of a multiple of a ones vector.
    pub(super) fn ones_scalar(&mut self, t: FormId) -> Option<FormId> {
        let mut parts = self.parts(t);
        match parts.chain.as_slice() {
            [only] if self.applies(*only, &op::ONES) => {
                parts.chain.clear();
                Some(self.assemble(parts))
            }
            _ => None,
        }
    }

    /// The scalar of a multiple of a matrix of ones.
    fn ones_matrix_scalar(&mut self, t: FormId) -> Option<FormId> {
        let mut parts = self.parts(t);
        let is_ones = match parts.chain.as_slice() {
            [a, b] => {
                self.applies(*a, &op::ONES)
                    && self.as_apply(*b).is_some_and(|(o, x)| o == &op::TRANSPOSE && self.applies(x[0], &op::ONES))
            }
            _ => false,
        };
        is_ones.then(|| {
            parts.chain.clear();
            self.assemble(parts)
        })
    }

    /// A formula as the operand of an entrywise product or function: there a number beside a matrix stands for a
    /// matrix of equal entries.
    pub(super) fn entrywise_argument(&mut self, x: FormId) -> FormId {
        let Form::Sum(terms) = self.form(x).clone() else { return x };
        if !(self.info(x).row && self.info(x).col) {
            return x;
        }
        let mut out = FormIds::new();
        let mut matrices = 0;
        let mut sized = false;
        for t in &terms {
            match self.ones_matrix_scalar(*t) {
                Some(s) if matches!(self.form(s), Form::Number(_)) => out.push(s),
                _ => {
                    // The identity without its size needs another matrix beside it.
                    let chain = self.parts(*t).chain;
                    sized |= chain.iter().any(|f| !self.applies(*f, &op::IDENTITY));
                    matrices += 1;
                    out.push(*t);
                }
            }
        }
        if !sized || matrices == terms.len() {
            return x;
        }
        self.add(Form::Sum(out), true, true)
    }

    /// The entrywise product of formulas of one shape; coefficients and scalars go to the front, equal factors
    /// become powers.
    pub(super) fn hadamard(&mut self, factors: &[FormId]) -> FormId {
        let mut front = Parts::default();
        let mut flat: FormIds = FormIds::new();
        let mut ones = None;
        for f in factors {
            let p = self.parts(*f);
            if let Some(c) = &p.coefficient {
                front.times(c);
            }
            front.scalars.extend(p.scalars.iter().copied());
            let body = self.bare_chain(&p.chain);
            if p.chain.is_empty() {
                continue;
            }
            if self.applies(body, &op::ONES) || self.ones_matrix_scalar(body).is_some() {
                ones = Some(body);
                continue;
            }
            match self.form(body) {
                Form::Hadamard(inner) => flat.extend(inner.clone()),
                _ => flat.push(body),
            }
        }
        let mut merged: Vec<(FormId, Rational)> = Vec::new();
        // What is left alone stands in no entrywise product any more.
        let alone = flat.len() == 1;
        for f in flat {
            let f = if alone { f } else { self.entrywise_argument(f) };
            let (base, p) = match self.form(f) {
                Form::EntryPower(b, p) => (*b, p.clone()),
                _ => (f, Rational::ONE),
            };
            let same = |(b, q): &&mut (FormId, Rational)| {
                *b == base && p.is_integer() && q.is_integer() && p.is_negative() == q.is_negative()
            };
            match merged.iter_mut().find(same) {
                Some(m) => m.1 = &m.1 + &p,
                None => merged.push((base, p)),
            }
        }
        let list: FormIds = merged.iter().map(|(b, p)| self.power(*b, p)).collect();
        let body = match list.as_slice() {
            [] => ones,
            [only] => Some(*only),
            _ => {
                let (row, col) = (self.info(list[0]).row, self.info(list[0]).col);
                Some(self.add(Form::Hadamard(list), row, col))
            }
        };
        front.chain = match body.map(|b| (b, self.form(b))) {
            Some((_, Form::Product { chain, .. })) => chain.clone(),
            Some((b, _)) => smallvec![b],
            None => FormIds::new(),
        };
        self.assemble(front)
    }
}
