//! Products, sums and scalars put together from formulas that are already natural, and kept so.

use super::form::{Form, FormId, FormIds, Forms, Style};
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
    pub(super) fn bare_chain(&mut self, chain: &[FormId]) -> FormId {
        if let [only] = chain {
            return *only;
        }
        let row = chain.first().is_some_and(|f| self.info(*f).row);
        let col = chain.last().is_some_and(|f| self.info(*f).col);
        let form = Form::Product { coefficient: Rational::ONE, scalars: smallvec![], chain: chain.into() };
        self.add(form, row, col)
    }

    /// A product from its parts: zeros and ones vanish, inner products in the chain become scalars, equal scalars
    /// powers, neighbours that make one matrix are one.
    pub(super) fn assemble(&mut self, mut parts: Parts) -> FormId {
        let mut coefficient = parts.coefficient.unwrap_or(Rational::ONE);
        let (chain, inner) = self.opened_chain(&parts.chain);
        let chain = self.neighbours(&chain);
        let mut chain = self.diagonals_on_vectors(chain);
        if let Some(spread) = self.spread(&chain) {
            let p = self.parts(spread);
            if let Some(c) = &p.coefficient {
                coefficient = &coefficient * c;
            }
            parts.scalars.extend(p.scalars);
            chain = p.chain;
        }
        let mut scalars = FormIds::new();
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
            let p = self.parts(s);
            if let Some(c) = &p.coefficient {
                coefficient = &coefficient * c;
            }
            if p.chain.is_empty() {
                p.scalars.iter().for_each(|s| self.push_scalar(&mut scalars, *s));
            } else {
                self.push_scalar(&mut scalars, s);
            }
        }
        self.scalar_sigmoids(&mut scalars);
        if let Some(spread) = self.spread_scalars(&scalars) {
            let p = self.parts(spread);
            if let Some(c) = &p.coefficient {
                coefficient = &coefficient * c;
            }
            scalars = if p.chain.is_empty() { p.scalars } else { smallvec![spread] };
        }
        scalars.sort_unstable();
        if coefficient.is_zero() && chain.is_empty() {
            return self.number(&coefficient);
        }
        match (scalars.as_slice(), chain.as_slice()) {
            ([], []) => self.number(&coefficient),
            ([only], []) | ([], [only]) if coefficient.is_one() => *only,
            _ => {
                let row = chain.first().is_some_and(|f| self.info(*f).row);
                let col = chain.last().is_some_and(|f| self.info(*f).col);
                let product = self.add(Form::Product { coefficient, scalars, chain }, row, col);
                if self.style == Style::Expanded { self.expanded(product) } else { product }
            }
        }
    }

    /// A chain without identities, and the inner products that stood in it.
    fn opened_chain(&mut self, factors: &[FormId]) -> (FormIds, Vec<FormIds>) {
        let mut chain = FormIds::new();
        let mut inner: Vec<FormIds> = Vec::new();
        let many = factors.iter().filter(|f| !self.applies(**f, &op::IDENTITY)).count();
        let mut identity = None;
        for f in factors {
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
        (chain, inner)
    }

    /// Adds a scalar factor; powers of one base are merged.
    fn push_scalar(&mut self, scalars: &mut FormIds, s: FormId) {
        let (base, p) = self.as_power(s);
        let Some(i) = scalars.iter().position(|t| self.as_power(*t).0 == base) else {
            scalars.push(s);
            return;
        };
        let sum = &self.as_power(scalars[i]).1 + &p;
        if sum.is_zero() {
            scalars.remove(i);
        } else {
            scalars[i] = self.power(base, &sum);
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
            return self.entry_power(x, p);
        }
        match self.form(x).clone() {
            // Norms are never negative, and integers keep signs apart.
            Form::Power(b, q) if self.is_norm(b) || p.is_integer() && q.is_integer() => {
                let both = &q * p;
                self.power(b, &both)
            }
            Form::Product { coefficient, scalars, chain } if p.is_integer() => {
                let small = p.to_integer().and_then(|p| i32::try_from(p).ok());
                match small.and_then(|p| coefficient.pow(p)) {
                    Some(c) if !c.is_one() || !scalars.is_empty() => {
                        let mut all = Parts { coefficient: Some(c), ..Parts::default() };
                        for s in scalars {
                            all.scalars.push(self.power(s, p));
                        }
                        if !chain.is_empty() {
                            let bare = self.bare_chain(&chain);
                            all.scalars.push(self.power(bare, p));
                        }
                        self.assemble(all)
                    }
                    _ => self.add(Form::Power(x, p.clone()), false, false),
                }
            }
            _ => self.add(Form::Power(x, p.clone()), false, false),
        }
    }

    fn is_norm(&self, x: FormId) -> bool {
        self.applies(x, &op::NORM) || self.applies(x, &op::NORM_F)
    }

    fn entry_power(&mut self, x: FormId, p: &Rational) -> FormId {
        let x = self.entrywise_argument(x);
        let (row, col) = (self.info(x).row, self.info(x).col);
        let small = p.to_integer().and_then(|p| i32::try_from(p).ok());
        if let (Form::Product { coefficient, scalars, chain }, Some(small)) = (self.form(x).clone(), small)
            && let Some(c) = coefficient.pow(small)
            && (!c.is_one() || !scalars.is_empty())
        {
            let mut all = Parts { coefficient: Some(c), ..Parts::default() };
            for s in scalars {
                all.scalars.push(self.power(s, p));
            }
            let bare = self.bare_chain(&chain);
            all.chain.push(self.entry_power(bare, p));
            return self.assemble(all);
        }
        if let (Form::Hadamard(factors), true) = (self.form(x).clone(), small.is_some()) {
            let powers: FormIds = factors
                .iter()
                .map(|f| {
                    let (base, q) = self.as_entry_power(*f);
                    if q.is_integer() { self.entry_power(base, &(&q * p)) } else { self.entry_power(*f, p) }
                })
                .collect();
            return self.hadamard(&powers);
        }
        if p.is_one() {
            return x;
        }
        self.add(Form::EntryPower(x, p.clone()), row, col)
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
        if !(self.info(x).row && self.info(x).col) {
            return x;
        }
        let terms = match self.form(x).clone() {
            Form::Sum(terms) => terms,
            Form::Product { coefficient, scalars, chain } if chain.len() == 1 => {
                let inner = self.entrywise_argument(chain[0]);
                if inner == chain[0] {
                    return x;
                }
                return self.assemble(Parts { coefficient: Some(coefficient), scalars, chain: smallvec![inner] });
            }
            _ => return x,
        };
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
            let (base, p) = self.as_entry_power(f);
            match merged.iter_mut().find(|(b, _)| *b == base) {
                Some(m) => m.1 = &m.1 + &p,
                None => merged.push((base, p)),
            }
        }
        let vanish = merged.iter().all(|m| m.1.is_zero());
        let gone = merged.first().filter(|_| vanish).map(|m| m.0);
        let unit = gone.and_then(|x| self.power_zero(x));
        if !vanish || unit.is_some() || ones.is_some() {
            merged.retain(|m| !m.1.is_zero());
        } else if let Some(m) = merged.first_mut() {
            // Nothing says the size: x ./ x stays.
            let base = m.0;
            m.1 = Rational::ONE;
            merged.push((base, Rational::MINUS_ONE));
        }
        self.sigmoids(&mut merged);
        let list: FormIds = merged.iter().map(|(b, p)| self.power(*b, p)).collect();
        if let Some(spread) = self.spread_entries(&list) {
            return self.product_of(front, spread);
        }
        let body = match list.as_slice() {
            [] => ones.or(unit),
            [only] => Some(*only),
            _ => {
                let mut key = list.clone();
                key.sort_unstable();
                let known = self.hadamards.get(&key).copied();
                let (row, col) = (self.info(list[0]).row, self.info(list[0]).col);
                let whole = known.unwrap_or_else(|| self.add(Form::Hadamard(list), row, col));
                self.hadamards.insert(key, whole);
                Some(whole)
            }
        };
        front.chain = match body.map(|b| (b, self.form(b))) {
            Some((_, Form::Product { chain, .. })) => chain.clone(),
            Some((b, _)) => smallvec![b],
            None => FormIds::new(),
        };
        self.assemble(front)
    }

    /// Coefficient and scalars times a formula.
    fn product_of(&mut self, front: Parts, x: FormId) -> FormId {
        let front = self.assemble(front);
        self.product(&[front, x])
    }

    /// A formula as base and entrywise exponent.
    pub(super) fn as_entry_power(&self, f: FormId) -> (FormId, Rational) {
        match self.form(f) {
            Form::EntryPower(b, p) => (*b, p.clone()),
            _ => (f, Rational::ONE),
        }
    }

    /// What is left of entries divided by themselves.
    fn power_zero(&mut self, x: FormId) -> Option<FormId> {
        let (row, col) = (self.info(x).row, self.info(x).col);
        let (rows, cols) = self.sizes.get(&x).copied()?;
        let rows = rows.map(|r| self.ones(r));
        let cols = cols.map(|c| self.ones(c));
        match (rows, cols) {
            (Some(r), Some(c)) if row && col => {
                let c = self.transpose(c);
                Some(self.product(&[r, c]))
            }
            (Some(r), None) if row && !col => Some(r),
            _ => None,
        }
    }
}
