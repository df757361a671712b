//! Sums: like terms are one, shared factors stand in front of a bracket.

use super::compose::Parts;
use super::form::{Form, FormId, FormIds, Forms, Style};
use crate::number::Rational;
use crate::operator as op;
use smallvec::smallvec;

/// Sums of more terms are left as they are.
const MOST_TERMS: usize = 48;

/// Which end of a chain terms share.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Side {
    Left,
    Right,
}

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

    /// Factors that terms share at an end of their chains, put outside a bracket, the largest gain first.
    fn factored(&mut self, mut terms: FormIds) -> FormIds {
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
    fn with_content(&mut self, terms: FormIds, row: bool, col: bool) -> FormId {
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
        let body = self.plain_sum(inside, row, col);
        let mut front = Parts { coefficient: Some(content), ..Parts::default() };
        for (base, p) in &common {
            front.scalars.push(self.power(*base, p));
        }
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
