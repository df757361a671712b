//! Transposes, inner products, traces and sums of entries.

use super::compose::Parts;
use super::form::{Form, FormId, FormIds, Forms};
use crate::number::Rational;
use crate::operator as op;
use smallvec::smallvec;

impl Forms {
    /// The transpose, with as few signs of transposition as the parts allow.
    pub(super) fn transpose(&mut self, x: FormId) -> FormId {
        if self.is_scalar(x) || self.symmetric.contains(&x) {
            return x;
        }
        if let Some(known) = self.transposes.get(&x) {
            return *known;
        }
        let turned = self.new_transpose(x);
        self.transposes.insert(x, turned);
        turned
    }

    fn new_transpose(&mut self, x: FormId) -> FormId {
        let matrix = self.info(x).row && self.info(x).col;
        match self.form(x).clone() {
            Form::Apply(o, a) if o == &op::TRANSPOSE => a[0],
            Form::Apply(o, a) if o == &op::DIAG && self.info(a[0]).row != self.info(a[0]).col => x,
            Form::Apply(o, _) if o == &op::IDENTITY => x,
            Form::Apply(o, a) if o == &op::COMMUTATION => self.add(Form::Apply(o, smallvec![a[1], a[0]]), true, true),
            Form::Apply(o, a) if o == &op::KRONECKER => {
                let sides: FormIds = a.iter().map(|s| self.transpose(*s)).collect();
                let (row, col) = (self.info(x).col, self.info(x).row);
                self.add(Form::Apply(o, sides), row, col)
            }
            // Inverses, powers and entrywise functions of symmetric matrices.
            Form::Apply(o, a)
                if matrix
                    && o != &op::SOFTMAX
                    && self.info(a[0]).col
                    && self.transpose(a[0]) == a[0]
                    && a.len() <= 2 =>
            {
                match a.get(1) {
                    Some(second) if !self.is_scalar(*second) => self.wrap_transpose(x),
                    _ => x,
                }
            }
            Form::EntryPower(base, _) | Form::Call(_, _, base) if matrix && self.transpose(base) == base => x,
            Form::Product { coefficient, scalars, chain } => {
                let chain = chain.iter().rev().map(|f| self.transpose(*f)).collect();
                self.assemble(Parts { coefficient: Some(coefficient), scalars, chain })
            }
            Form::Sum(terms) => {
                let flipped: FormIds = terms.iter().map(|t| self.transpose(*t)).collect();
                // As often as before, not only among the terms: A B + A B + Bᵀ Aᵀ is not symmetric.
                let (mut before, mut after) = (terms.clone(), flipped.clone());
                before.sort_unstable();
                after.sort_unstable();
                if before == after {
                    return x;
                }
                let sum = self.sum(&flipped);
                // A scalar beside a vector stays a scalar, so only matrices may be transposed term by term.
                if matrix && self.info(sum).transposes <= self.info(x).transposes {
                    sum
                } else {
                    self.wrap_transpose(x)
                }
            }
            Form::Hadamard(factors) => {
                let flipped: FormIds = factors.iter().map(|t| self.transpose(*t)).collect();
                if flipped == factors {
                    return x;
                }
                let product = self.hadamard(&flipped);
                if self.info(product).transposes <= self.info(x).transposes { product } else { self.wrap_transpose(x) }
            }
            Form::Bound { letter, lower, upper, body } => {
                let body = self.transpose(body);
                self.bind(&letter, lower, upper, body)
            }
            _ => self.wrap_transpose(x),
        }
    }

    fn wrap_transpose(&mut self, x: FormId) -> FormId {
        let (row, col) = (self.info(x).col, self.info(x).row);
        self.add(Form::Apply(&op::TRANSPOSE, smallvec![x]), row, col)
    }

    /// vᵀv of a vector, the sum of the squared entries of a matrix.
    pub(super) fn squared(&mut self, v: FormId) -> FormId {
        let mut parts = self.parts(v);
        let coefficient = parts.coefficient.take().unwrap_or(Rational::ONE);
        let scalars = std::mem::take(&mut parts.scalars);
        let bare = self.assemble(parts);
        let transposed = self.transpose(bare);
        let matrix = self.info(bare).row && self.info(bare).col;
        let best =
            if matrix && self.info(transposed).transposes < self.info(bare).transposes { transposed } else { bare };
        let norm = self.scalar(if matrix { &op::NORM_F } else { &op::NORM }, &[best]);
        let square = self.power(norm, &Rational::from(2));
        let mut front = Parts { coefficient: Some(&coefficient * &coefficient), ..Parts::default() };
        front.scalars.extend(scalars.iter().chain(&scalars).copied());
        front.scalars.push(square);
        self.assemble(front)
    }

    /// The inner product of two columns.
    pub(super) fn inner(&mut self, v: FormId, w: FormId) -> FormId {
        if v == w {
            return self.squared(v);
        }
        for (a, b) in [(v, w), (w, v)] {
            if let Some(s) = self.ones_scalar(a) {
                let total = self.total(b);
                return self.product(&[s, total]);
            }
        }
        // What is divided by the other's entries cancels.
        let entrywise = |f: FormId| matches!(self.form(f), Form::Hadamard(_) | Form::EntryPower(..));
        if entrywise(v) || entrywise(w) {
            let both = self.hadamard(&[v, w]);
            if self.info(both).size < self.info(v).size.saturating_add(self.info(w).size).saturating_sub(1) {
                return self.total(both);
            }
        }
        let (vt, wt) = (self.transpose(v), self.transpose(w));
        let forward = self.info(vt).transposes.saturating_add(self.info(w).transposes);
        let backward = self.info(wt).transposes.saturating_add(self.info(v).transposes);
        // bᵀ (A x − y): of two equally short ways the name is turned, not the bracket.
        let bracket = matches!(self.form(v), Form::Sum(_)) && matches!(self.form(w), Form::Symbol(..));
        let straight = if bracket { forward < backward } else { forward <= backward };
        if straight { self.product(&[vt, w]) } else { self.product(&[wt, v]) }
    }

    /// The sum of all entries.
    pub(super) fn total(&mut self, x: FormId) -> FormId {
        if self.is_scalar(x) {
            return x;
        }
        let mut parts = self.parts(x);
        let chain = std::mem::take(&mut parts.chain);
        let body = self.assemble(Parts { chain, ..Parts::default() });
        let sum = match self.form(body).clone() {
            Form::EntryPower(v, p) if p == Rational::from(2) => self.squared(v),
            Form::Apply(o, a) if o == &op::ONES && !a.is_empty() => a[0],
            Form::Apply(o, a) if o == &op::TRANSPOSE => self.scalar(&op::SUM, &[a[0]]),
            Form::Sum(terms) if self.info(body).row && !self.info(body).col => self.total_of_sum(body, &terms),
            // aᵀ b, where nothing is divided entry by entry.
            Form::Hadamard(factors)
                if factors.len() == 2
                    && !self.info(body).col
                    && factors.iter().all(|f| !self.as_entry_power(*f).1.is_negative()) =>
            {
                let (a, b) = (self.transpose(factors[0]), self.transpose(factors[1]));
                let turned = self.info(a).transposes.saturating_add(self.info(factors[1]).transposes);
                let other = self.info(b).transposes.saturating_add(self.info(factors[0]).transposes);
                if turned <= other { self.product(&[a, factors[1]]) } else { self.product(&[b, factors[0]]) }
            }
            Form::Apply(o, _) if o == &op::SOFTMAX && !(self.info(body).row && self.info(body).col) => self.one(),
            _ => self.scalar(&op::SUM, &[body]),
        };
        let front = self.assemble(parts);
        self.product(&[front, sum])
    }

    /// The sum of the entries of a sum, term by term where that is shorter.
    fn total_of_sum(&mut self, body: FormId, terms: &[FormId]) -> FormId {
        let whole = self.scalar(&op::SUM, &[body]);
        let columns = std::iter::once(&body).chain(terms.iter().filter(|t| self.info(**t).row));
        let Some(size) = columns.map(|t| self.bare_size(*t)).find_map(|s| s) else { return whole };
        let mut totals = FormIds::new();
        for t in terms {
            totals.push(if self.is_scalar(*t) { self.product(&[size, *t]) } else { self.total(*t) });
        }
        let apart = self.sum(&totals);
        if self.info(apart).size < self.info(whole).size { apart } else { whole }
    }

    /// The trace of the product of two matrices, or of one.
    pub(super) fn trace(&mut self, x: FormId, y: Option<FormId>) -> FormId {
        if let Some(y) = y {
            let turned = self.transpose(x);
            let (px, py) = (self.parts(turned), self.parts(y));
            if px.chain == py.chain && !px.chain.is_empty() {
                let bare = self.assemble(Parts { chain: px.chain, ..Parts::default() });
                let square = self.squared(bare);
                let front = self.assemble(Parts { chain: FormIds::new(), ..px });
                let back = self.assemble(Parts { chain: FormIds::new(), ..py });
                return self.product(&[front, back, square]);
            }
        }
        let whole = match y {
            Some(y) => self.product(&[x, y]),
            None => x,
        };
        let mut parts = self.parts(whole);
        let chain = std::mem::take(&mut parts.chain);
        let front = self.assemble(parts);
        let inside = self.cycle(&chain);
        self.product(&[front, inside])
    }

    /// The trace of a chain: of its two orientations the one with fewer transposes; an outer product in it opens it.
    fn cycle(&mut self, chain: &[FormId]) -> FormId {
        if let Some(open) = chain.iter().position(|f| !self.info(*f).row) {
            let turned: Vec<FormId> = chain[open..].iter().chain(&chain[..open]).copied().collect();
            return match turned.as_slice() {
                [a, b] => {
                    let v = self.transpose(*a);
                    self.inner(v, *b)
                }
                _ => self.product(&turned),
            };
        }
        let whole = self.product(chain);
        let turned = self.transpose(whole);
        let better = self.info(turned).transposes < self.info(whole).transposes;
        let chosen = self.rotated(if better { turned } else { whole });
        match self.as_apply(whole) {
            Some((o, a)) if o == &op::IDENTITY && !a.is_empty() => a[0],
            Some((o, a)) if o == &op::DIAG && !(self.info(a[0]).row && self.info(a[0]).col) => {
                let v = a[0];
                self.total(v)
            }
            _ => self.scalar(&op::TRACE, &[chosen]),
        }
    }

    /// The rotation of a product that starts with what was met first, not transposed where it can be.
    fn rotated(&mut self, x: FormId) -> FormId {
        let Form::Product { chain, .. } = self.form(x) else { return x };
        let chain = chain.clone();
        let key = |f: &FormId| match self.as_apply(*f) {
            Some((o, a)) if o == &op::TRANSPOSE => (a[0], true),
            _ => (*f, false),
        };
        let start = chain.iter().enumerate().min_by_key(|(_, f)| key(f)).map_or(0, |(i, _)| i);
        let turned: Vec<FormId> = chain[start..].iter().chain(&chain[..start]).copied().collect();
        self.product(&turned)
    }

    /// The diagonal of a matrix as a vector.
    pub(super) fn diagonal(&mut self, m: FormId) -> FormId {
        let mut parts = self.parts(m);
        let chain = std::mem::take(&mut parts.chain);
        let front = self.assemble(parts);
        let inside = match chain.as_slice() {
            // The diagonal of an outer product.
            [a, b] if !self.info(*a).col => {
                let w = self.transpose(*b);
                self.hadamard(&[*a, w])
            }
            _ => {
                let whole = self.product(&chain);
                let turned = self.transpose(whole);
                let better = self.info(turned).transposes < self.info(whole).transposes;
                self.add(Form::Apply(&op::DIAG, smallvec![if better { turned } else { whole }]), true, false)
            }
        };
        self.product(&[front, inside])
    }

    /// The diagonal matrix of a vector.
    pub(super) fn diagonal_matrix(&mut self, v: FormId) -> FormId {
        let mut parts = self.parts(v);
        let chain = std::mem::take(&mut parts.chain);
        let front = self.assemble(parts);
        let body = self.assemble(Parts { chain, ..Parts::default() });
        let matrix = match self.as_apply(body) {
            Some((o, a)) if o == &op::ONES && !a.is_empty() => {
                let size = a[0];
                self.identity(size)
            }
            _ => self.add(Form::Apply(&op::DIAG, smallvec![body]), true, true),
        };
        self.product(&[front, matrix])
    }
}
