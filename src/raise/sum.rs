//! Sums: like terms are one, shared factors stand in front of a bracket.

use super::compose::Parts;
use super::form::{Form, FormId, FormIds, Forms, Style};
use crate::number::Rational;
use crate::operator as op;
use smallvec::smallvec;

/// Sums of more terms are left as they are.
const MOST_TERMS: usize = 48;

impl Forms {
    /// The sum of terms of one shape. Like terms are added; a factor that terms share at one end stands outside a
    /// bracket. A multiple of the ones vector is written as its scalar beside a vector that is not one, and the
    /// identity without its size beside any other matrix.
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
        self.shorten_units(&mut flat, row, col);
        if flat.len() < 2 || flat.len() > MOST_TERMS || self.style == Style::Separate {
            return self.plain_sum(flat, row, col);
        }
        if let Some(sigmoid) = self.sigmoid_of_rest(&flat) {
            return sigmoid;
        }
        let merged = self.like_terms(&flat);
        let opened = self.opened(&flat);
        let best = match opened {
            Some(list) => {
                let list = self.like_terms(&list);
                let both = self.total_size(&list) < self.total_size(&merged) || self.style == Style::Expanded;
                if both { list } else { merged }
            }
            None => merged,
        };
        if best.is_empty() && !row && !col {
            return self.number(&Rational::ZERO);
        }
        if !self.keeps_shape(&best, row, col) {
            return self.filled(&best, &flat).unwrap_or_else(|| self.plain_sum(flat, row, col));
        }
        if self.style == Style::Expanded {
            return self.plain_sum(best, row, col);
        }
        let whole = self.bracketed(best.clone(), row, col);
        match self.multiplied_out(&best, row, col) {
            // What became shorter may become shorter still.
            Some(other) if self.info(other).size < self.info(whole).size => self.summed_again(other),
            _ => whole,
        }
    }

    /// What was put together while something was multiplied out, summed once more.
    pub(super) fn summed_again(&mut self, x: FormId) -> FormId {
        match self.form(x).clone() {
            Form::Sum(terms) if !self.spreading => self.sum(&terms),
            _ => x,
        }
    }

    /// The vector all of whose entries are the sum of these scalars, in the place of terms whose length is known.
    fn filled(&mut self, scalars: &[FormId], terms: &[FormId]) -> Option<FormId> {
        if terms.iter().any(|t| self.info(*t).col) || !scalars.iter().all(|s| self.is_scalar(*s)) {
            return None;
        }
        let mut known = terms.iter().filter(|t| self.info(**t).row).map(|t| self.bare_size(*t));
        let size = known.find_map(|s| s)?;
        let scalar = self.sum(scalars);
        let ones = self.ones(size);
        Some(self.product(&[scalar, ones]))
    }

    /// The length of a multiple of a vector, where it is known.
    pub(super) fn bare_size(&self, t: FormId) -> Option<FormId> {
        let chain = self.parts(t).chain;
        let whole = self.sizes.get(&t).and_then(|s| s.0);
        whole.or_else(|| self.sizes.get(chain.first()?)?.0)
    }

    /// Terms with their shared factors before brackets.
    fn bracketed(&mut self, terms: FormIds, row: bool, col: bool) -> FormId {
        let terms = self.factored(terms);
        if let [only] = terms.as_slice() {
            return *only;
        }
        self.with_content(terms, row, col)
    }

    /// The sum with the brackets among its terms multiplied out first: more like terms may be found that way.
    fn multiplied_out(&mut self, terms: &[FormId], row: bool, col: bool) -> Option<FormId> {
        if std::mem::replace(&mut self.spreading, true) {
            return None;
        }
        let mut flat = FormIds::new();
        let mut any = false;
        for t in terms {
            any |= self.multiply_out(*t, &mut flat, 3);
        }
        let mut merged = None;
        if any && flat.len() <= MOST_TERMS {
            self.shorten_units(&mut flat, row, col);
            let like = self.like_terms(&flat);
            if self.keeps_shape(&like, row, col) {
                merged = Some(self.bracketed(like, row, col));
            }
        }
        self.spreading = false;
        merged
    }

    /// A product multiplied out.
    pub(super) fn expanded(&mut self, product: FormId) -> FormId {
        let mut terms = FormIds::new();
        if self.multiply_out(product, &mut terms, 8) { self.sum(&terms) } else { product }
    }

    /// The terms of a product of sums; says whether there was more than one.
    fn multiply_out(&mut self, t: FormId, out: &mut FormIds, depth: usize) -> bool {
        let mut parts = self.parts(t);
        let matrix = |f: &FormId| self.info(*f).row && self.info(*f).col;
        // A scalar beside a vector or a matrix would lose its shape.
        let whole = |f: &FormId| match self.form(*f) {
            Form::Sum(terms) => terms.iter().all(|t| !self.is_scalar(*t)),
            _ => false,
        };
        let place = parts.chain.iter().position(|f| whole(f) && matrix(f));
        let place = place.or_else(|| parts.chain.iter().position(whole));
        let open = depth > 0 && out.len() <= MOST_TERMS;
        if let ([only], true) = (parts.chain.as_slice(), open)
            && let Some(terms) = self.spread_entrywise(*only)
        {
            parts.chain.clear();
            let front = self.assemble(parts);
            for term in terms {
                let product = self.product(&[front, term]);
                self.multiply_out(product, out, depth - 1);
            }
            return true;
        }
        let (Some(place), true) = (place, open) else {
            out.push(t);
            return false;
        };
        let Form::Sum(terms) = self.form(parts.chain[place]).clone() else { return false };
        for term in terms {
            let mut copy = parts.clone();
            let inner = self.parts(term);
            if let Some(c) = &inner.coefficient {
                copy.times(c);
            }
            copy.scalars.extend(inner.scalars);
            copy.chain.remove(place);
            for (i, f) in inner.chain.iter().enumerate() {
                copy.chain.insert(place + i, *f);
            }
            let product = self.assemble(copy);
            self.multiply_out(product, out, depth - 1);
        }
        true
    }

    /// The terms of an entrywise product with a sum among its factors: a ⊙ (1 − b) = a − a ⊙ b.
    fn spread_entrywise(&mut self, f: FormId) -> Option<FormIds> {
        let Form::Hadamard(factors) = self.form(f).clone() else { return None };
        let place = factors.iter().position(|f| matches!(self.form(*f), Form::Sum(_)))?;
        let Form::Sum(terms) = self.form(factors[place]).clone() else { return None };
        // What is divided by may cancel as it stands, and eᶻ (1 − σ(z)) is σ(z).
        if factors.iter().any(|f| self.as_entry_power(*f).1.is_negative() || self.applies(*f, &op::EXP)) {
            return None;
        }
        let rest: FormIds = factors.iter().enumerate().filter(|(i, _)| *i != place).map(|(_, f)| *f).collect();
        // σ(z) ⊙ (1 − σ(z)) is a form of its own.
        let own = |t: FormId| match self.parts(t).chain.as_slice() {
            [only] => self.as_entry_power(*only).0,
            _ => t,
        };
        if terms.iter().any(|t| rest.iter().any(|r| self.as_entry_power(*r).0 == own(*t))) {
            return None;
        }
        let mut out = FormIds::new();
        for t in terms {
            out.push(if self.is_scalar(t) {
                let rest = self.hadamard(&rest);
                self.product(&[t, rest])
            } else {
                let all: FormIds = std::iter::once(t).chain(rest.iter().copied()).collect();
                self.hadamard(&all)
            });
        }
        Some(out)
    }

    /// The sum as it stands; the same terms in another order are the same sum.
    pub(super) fn plain_sum(&mut self, mut terms: FormIds, row: bool, col: bool) -> FormId {
        if let [only] = terms.as_slice() {
            return *only;
        }
        // Of a matrix and its transpose the matrix stands first.
        for i in 1..terms.len() {
            for j in 0..i {
                let (a, b) = (terms[j], terms[i]);
                if self.info(a).transposes > self.info(b).transposes && self.transpose(b) == a {
                    terms.swap(i, j);
                }
            }
        }
        // And they stand side by side.
        for i in 0..terms.len() {
            let turned = self.transpose(terms[i]);
            if let Some(j) = (i + 2..terms.len()).find(|j| terms[*j] == turned && turned != terms[i]) {
                let term = terms.remove(j);
                terms.insert(i + 1, term);
            }
        }
        let mut key = terms.clone();
        key.sort_unstable();
        if let Some(known) = self.sums.get(&key) {
            return *known;
        }
        let sum = self.add(Form::Sum(terms), row, col);
        self.sums.insert(key, sum);
        sum
    }

    fn total_size(&self, terms: &[FormId]) -> u64 {
        terms.iter().fold(0, |n, t| n.saturating_add(self.info(*t).size))
    }

    /// Ones vectors as scalars and identities without their sizes, where another term has the shape.
    fn shorten_units(&mut self, flat: &mut FormIds, row: bool, col: bool) {
        if row && !col && flat.iter().any(|t| self.info(*t).row && self.ones_scalar(*t).is_none()) {
            for t in flat.iter_mut() {
                if let Some(scalar) = self.ones_scalar(*t) {
                    *t = scalar;
                }
            }
        }
        if row && col && flat.iter().any(|t| self.is_sized(*t)) {
            for t in flat {
                let mut parts = self.parts(*t);
                if parts.chain.len() == 1 && self.applies(parts.chain[0], &op::IDENTITY) {
                    parts.chain = smallvec![self.add(Form::Apply(&op::IDENTITY, smallvec![]), true, true)];
                    *t = self.assemble(parts);
                }
            }
        }
    }

    /// Whether a matrix says its size: it is more than a multiple of the identity.
    fn is_sized(&self, t: FormId) -> bool {
        self.parts(t).chain.iter().any(|f| !self.applies(*f, &op::IDENTITY))
    }

    /// Whether the terms still have the shape of the whole, now that some have gone.
    fn keeps_shape(&self, terms: &[FormId], row: bool, col: bool) -> bool {
        let fits = |t: &FormId| self.info(*t).row == row && self.info(*t).col == col;
        let units = |t: &FormId| {
            let chain = self.parts(*t).chain;
            chain.iter().any(|f| self.as_apply(*f).is_some_and(|(o, a)| o == &op::IDENTITY && a.is_empty()))
        };
        terms.iter().any(|t| fits(t) && !units(t))
    }

    /// Terms that differ in their coefficients only are one.
    fn like_terms(&mut self, terms: &[FormId]) -> FormIds {
        let mut kept: Vec<(Rational, Parts, FormId, bool)> = Vec::new();
        for t in terms {
            let mut parts = self.parts(*t);
            let c = parts.coefficient.take().unwrap_or(Rational::ONE);
            match kept.iter_mut().find(|k| k.1.scalars == parts.scalars && k.1.chain == parts.chain) {
                Some(k) => (k.0, k.3) = (&k.0 + &c, true),
                None => kept.push((c, parts, *t, false)),
            }
        }
        let mut out = FormIds::new();
        for (c, mut parts, term, changed) in kept {
            if c.is_zero() {
                continue;
            }
            out.push(if changed {
                parts.coefficient = Some(c);
                self.assemble(parts)
            } else {
                term
            });
        }
        out
    }

    /// The terms with multiples of sums taken apart; nothing where there are none.
    fn opened(&mut self, terms: &[FormId]) -> Option<FormIds> {
        let mut out = FormIds::new();
        let mut any = false;
        for t in terms {
            let mut parts = self.parts(*t);
            let inside = match (parts.scalars.as_slice(), parts.chain.as_slice()) {
                (_, [only]) | ([only], []) => match self.form(*only) {
                    Form::Sum(inner) => Some(inner.clone()),
                    _ => None,
                },
                _ => None,
            };
            let inside = inside.or_else(|| self.turned_terms(&parts.chain));
            let Some(inner) = inside else {
                out.push(*t);
                continue;
            };
            // A number may stand beside a matrix among entrywise operations, and nothing else that is a scalar.
            let beside = inner.iter().any(|i| self.is_scalar(*i)) && inner.iter().any(|i| self.info(*i).col);
            if beside && !parts.scalars.is_empty() {
                out.push(*t);
                continue;
            }
            any = true;
            if parts.chain.pop().is_none() {
                parts.scalars.clear();
            }
            let front = self.assemble(parts);
            for i in inner {
                out.push(self.product(&[front, i]));
            }
        }
        any.then_some(out)
    }

    /// The terms of a transposed sum of matrices, each transposed.
    fn turned_terms(&mut self, chain: &[FormId]) -> Option<FormIds> {
        let [only] = chain else { return None };
        let (o, a) = self.as_apply(*only)?;
        let sum = *a.first().filter(|_| o == &op::TRANSPOSE)?;
        let Form::Sum(terms) = self.form(sum).clone() else { return None };
        let matrix = self.info(sum).row && self.info(sum).col;
        matrix.then(|| terms.iter().map(|t| self.transpose(*t)).collect())
    }
}
