//! Entries of formulas: index notation from matrix notation.

use super::compose::Parts;
use super::form::{Form, FormId, FormIds, Forms};
use crate::number::Rational;
use crate::operator as op;
use smallvec::smallvec;

impl Forms {
    /// The entry of a formula at indices: one for a vector, two for a matrix, none for a scalar.
    pub(super) fn entry(&mut self, x: FormId, at: &[FormId]) -> FormId {
        if at.is_empty() || self.is_scalar(x) {
            return x;
        }
        let key = (x, FormIds::from_slice(at));
        if let Some(known) = self.entries.get(&key) {
            return *known;
        }
        let entry = self.new_entry(x, at);
        self.entries.insert(key, entry);
        entry
    }

    fn new_entry(&mut self, x: FormId, at: &[FormId]) -> FormId {
        match self.form(x).clone() {
            Form::Product { coefficient, scalars, chain } => {
                let front = self.assemble(Parts { coefficient: Some(coefficient), scalars, chain: smallvec![] });
                let back = self.chain_entry(&chain, at);
                self.product(&[front, back])
            }
            Form::Hadamard(factors) => {
                let entries: FormIds = factors.iter().map(|f| self.operand_entry(*f, at)).collect();
                self.product(&entries)
            }
            Form::EntryPower(v, p) => {
                let inside = self.operand_entry(v, at);
                self.power(inside, &p)
            }
            Form::Bound { letter, lower, upper, body }
                if at.iter().all(|i| !self.info(*i).letters.contains(&letter)) =>
            {
                let inside = self.entry(body, at);
                self.bind(&letter, lower, upper, inside)
            }
            Form::Subscript(base, indices) => {
                let all = indices.iter().chain(at).copied().collect();
                self.add(Form::Subscript(base, all), false, false)
            }
            Form::Apply(o, a) if o == &op::TRANSPOSE => {
                let turned: FormIds = at.iter().rev().copied().collect();
                self.entry(a[0], &turned)
            }
            Form::Apply(o, _) if o == &op::ONES => self.one(),
            Form::Apply(o, _) if o == &op::ZEROS => self.number(&Rational::ZERO),
            Form::Apply(o, _) if o == &op::IDENTITY => self.delta(at),
            Form::Apply(o, a) if o == &op::DIAG && self.info(x).col => {
                let delta = self.delta(at);
                let value = self.entry(a[0], &at[..1]);
                self.product(&[delta, value])
            }
            Form::Apply(o, a) if o == &op::DIAG => self.entry(a[0], &[at[0], at[0]]),
            _ => self.subscript(x, at),
        }
    }

    fn subscript(&mut self, x: FormId, at: &[FormId]) -> FormId {
        self.add(Form::Subscript(x, at.into()), false, false)
    }

    /// The entry of an operand of an entrywise product, where a number beside a matrix is one of equal entries.
    fn operand_entry(&mut self, x: FormId, at: &[FormId]) -> FormId {
        match self.form(x).clone() {
            Form::Sum(terms) => {
                let entries: FormIds = terms.iter().map(|t| self.entry(*t, at)).collect();
                self.sum(&entries)
            }
            _ => self.entry(x, at),
        }
    }

    /// An outer product's entry is the product of entries; any other chain is indexed as a whole.
    fn chain_entry(&mut self, chain: &[FormId], at: &[FormId]) -> FormId {
        match (chain, at) {
            ([only], _) => self.entry(*only, at),
            (_, [i, j]) => match chain.iter().position(|f| !self.info(*f).row) {
                Some(open) if open > 0 => {
                    let (left, right) = (self.product(&chain[..open]), self.product(&chain[open..]));
                    let right = self.transpose(right);
                    let (a, b) = (self.entry(left, &[*i]), self.entry(right, &[*j]));
                    self.product(&[a, b])
                }
                _ => {
                    let whole = self.product(chain);
                    self.subscript(whole, at)
                }
            },
            _ => {
                let whole = self.product(chain);
                self.subscript(whole, at)
            }
        }
    }

    /// Kronecker's delta of two indices.
    pub(super) fn delta(&mut self, at: &[FormId]) -> FormId {
        match at {
            [a, b] if a == b => self.one(),
            _ => self.scalar(&op::DELTA, at),
        }
    }
}
