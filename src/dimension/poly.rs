//! Polynomials in named integers: dimensions (`m n`, `n + 1`), exponents (`k - r - 1`), bounds of sums.

use num_integer::Integer;
use smallvec::{SmallVec, smallvec};

/// A named integer: a dimension, an integer symbol, the bound variable of a sum over integers,
/// or a dimension still to be inferred. The number is an index into the names of a `Unifier`.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct IntVar(pub u32);

/// Factors of one term, and terms, of a moderate polynomial.
const MOST_FACTORS: usize = 40;
const MOST_TERMS: usize = 64;

type Monomial = SmallVec<[IntVar; 2]>;

/// A polynomial with integer coefficients.
///
/// Invariant: monomials are sorted lists of variables, terms are sorted by monomial, no coefficient is zero.
#[derive(PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct Poly {
    terms: SmallVec<[(Monomial, i64); 1]>,
}

impl Clone for Poly {
    // Nearly all are a number or one name, and they are copied more often than anything else.
    fn clone(&self) -> Self {
        match self.terms.as_slice() {
            [] => Self::default(),
            [(m, c)] => {
                let m = if let [v] = m.as_slice() { smallvec![*v] } else { Monomial::from_slice(m) };
                Self { terms: SmallVec::from_buf([(m, *c)]) }
            }
            more => Self { terms: more.iter().map(|(m, c)| (Monomial::from_slice(m), *c)).collect() },
        }
    }
}

impl Poly {
    /// A number.
    #[must_use]
    pub fn constant(value: i64) -> Self {
        let mut terms = SmallVec::new();
        if value != 0 {
            terms.push((Monomial::new(), value));
        }
        Self { terms }
    }

    /// A variable.
    #[must_use]
    pub fn variable(v: IntVar) -> Self {
        Self { terms: smallvec![(smallvec![v], 1)] }
    }

    /// The number, where this is one.
    #[must_use]
    pub fn as_constant(&self) -> Option<i64> {
        match self.terms.as_slice() {
            [] => Some(0),
            [(m, c)] if m.is_empty() => Some(*c),
            _ => None,
        }
    }

    /// The variable, where this is a single one.
    #[must_use]
    pub fn as_variable(&self) -> Option<IntVar> {
        match self.terms.as_slice() {
            [(m, 1)] if m.len() == 1 => Some(m[0]),
            _ => None,
        }
    }

    /// The variables with multiplicity, where this is a product of variables.
    #[must_use]
    pub fn as_monomial(&self) -> Option<&[IntVar]> {
        match self.terms.as_slice() {
            [(m, 1)] if !m.is_empty() => Some(m),
            _ => None,
        }
    }

    /// What `self = 0` says of positive integers once common factors are divided out: two sides that are equal, with
    /// positive coefficients only.
    #[must_use]
    pub(super) fn cancelled(&self) -> (Self, Self) {
        let content = self.terms.iter().fold(0, |g: i64, (_, c)| g.gcd(c)).max(1);
        let mut common = self.terms.first().map(|(m, _)| m.clone()).unwrap_or_default();
        for (m, _) in &self.terms {
            let mut left = m.clone();
            common.retain(|v| take(&mut left, *v));
        }
        let (mut positive, mut negative) = (Vec::new(), Vec::new());
        for (m, c) in &self.terms {
            let mut divided = m.clone();
            for v in &common {
                take(&mut divided, *v);
            }
            let side = if *c > 0 { &mut positive } else { &mut negative };
            side.push((divided, c.saturating_abs() / content));
        }
        (Self::from_terms(positive), Self::from_terms(negative))
    }

    /// Whether this is the number one.
    #[must_use]
    pub fn is_one(&self) -> bool {
        self.as_constant() == Some(1)
    }

    /// The terms: sorted variables with multiplicity, and the coefficient.
    pub fn terms(&self) -> impl Iterator<Item = (&[IntVar], i64)> {
        self.terms.iter().map(|(m, c)| (m.as_slice(), *c))
    }

    /// Whether it is of a length that sizes of real tensors have: a product of more dimensions has more entries at the
    /// smallest sizes than can be computed with, and grows with every tensor product that is taken.
    #[must_use]
    pub fn is_moderate(&self) -> bool {
        self.terms.len() <= MOST_TERMS && self.terms.iter().all(|(m, _)| m.len() <= MOST_FACTORS)
    }

    /// Whether the variable occurs.
    #[must_use]
    pub fn contains(&self, v: IntVar) -> bool {
        self.terms.iter().any(|(m, _)| m.contains(&v))
    }

    /// Whether some variable that occurs is such a one.
    pub fn any(&self, mut is: impl FnMut(IntVar) -> bool) -> bool {
        self.terms.iter().any(|(m, _)| m.iter().any(|v| is(*v)))
    }

    /// Every variable that occurs, in order, without repetition.
    #[must_use]
    pub fn variables(&self) -> Vec<IntVar> {
        let mut all: Vec<IntVar> = self.terms.iter().flat_map(|(m, _)| m.iter().copied()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    fn from_terms(mut terms: Vec<(Monomial, i64)>) -> Self {
        terms.sort();
        let mut out: SmallVec<[(Monomial, i64); 1]> = SmallVec::new();
        for (m, c) in terms {
            match out.last_mut() {
                Some((last, sum)) if *last == m => *sum = sum.saturating_add(c),
                _ => out.push((m, c)),
            }
        }
        out.retain(|(_, c)| *c != 0);
        Self { terms: out }
    }

    /// The sum.
    #[must_use]
    pub fn add(&self, other: &Self) -> Self {
        Self::from_terms(self.terms.iter().chain(&other.terms).cloned().collect())
    }

    /// The difference.
    #[must_use]
    pub fn sub(&self, other: &Self) -> Self {
        self.add(&other.scale(-1))
    }

    /// The product with a number.
    #[must_use]
    pub fn scale(&self, factor: i64) -> Self {
        Self::from_terms(self.terms.iter().map(|(m, c)| (m.clone(), c.saturating_mul(factor))).collect())
    }

    /// The product.
    #[must_use]
    pub fn mul(&self, other: &Self) -> Self {
        let mut terms = Vec::with_capacity(self.terms.len() * other.terms.len());
        for (m, c) in &self.terms {
            for (n, d) in &other.terms {
                let mut product: Monomial = m.iter().chain(n).copied().collect();
                product.sort_unstable();
                terms.push((product, c.saturating_mul(*d)));
            }
        }
        Self::from_terms(terms)
    }

    /// The polynomial with every variable replaced.
    #[must_use]
    pub fn substitute(&self, of: &mut impl FnMut(IntVar) -> Self) -> Self {
        let mut sum = Self::default();
        for (m, c) in &self.terms {
            let mut product = Self::constant(*c);
            for v in m {
                product = product.mul(&of(*v));
            }
            sum = sum.add(&product);
        }
        sum
    }

    /// The value at integers; `None` where a variable has none or the value overflows.
    #[must_use]
    pub fn evaluate(&self, of: &impl Fn(IntVar) -> Option<i64>) -> Option<i64> {
        let mut sum = 0i64;
        for (m, c) in &self.terms {
            let mut product = *c;
            for v in m {
                product = product.checked_mul(of(*v)?)?;
            }
            sum = sum.checked_add(product)?;
        }
        Some(sum)
    }

    /// The polynomial in words, with `name` giving each variable's.
    #[must_use]
    pub fn display(&self, name: &impl Fn(IntVar) -> String) -> String {
        let mut out = String::new();
        // Numbers last: `n + 1`, `k - 1`.
        let ordered = self.terms.iter().filter(|t| !t.0.is_empty()).chain(self.terms.iter().filter(|t| t.0.is_empty()));
        for (m, c) in ordered {
            let sign = if *c < 0 { "-" } else { "+" };
            if out.is_empty() {
                if *c < 0 {
                    out.push('-');
                }
            } else {
                out.push_str(&format!(" {sign} "));
            }
            let names: Vec<String> = m.iter().map(|v| name(*v)).collect();
            let size = c.unsigned_abs();
            if m.is_empty() || size != 1 {
                out.push_str(&size.to_string());
                if !m.is_empty() {
                    out.push(' ');
                }
            }
            out.push_str(&names.join(" "));
        }
        if out.is_empty() { "0".into() } else { out }
    }
}

/// Divides a product by a variable; `false` where it is no factor.
fn take(product: &mut Monomial, v: IntVar) -> bool {
    let place = product.iter().position(|w| *w == v);
    place.map(|i| product.remove(i)).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_is_canonical() {
        let (n, m) = (Poly::variable(IntVar(0)), Poly::variable(IntVar(1)));
        let sum = n.add(&m);
        assert_eq!(sum.mul(&sum), n.mul(&n).add(&n.mul(&m).scale(2)).add(&m.mul(&m)));
        assert_eq!(n.sub(&n), Poly::constant(0));
        assert_eq!(n.add(&Poly::constant(1)).evaluate(&|_| Some(4)), Some(5));
        assert_eq!(n.mul(&m).sub(&Poly::constant(1)).display(&|v| format!("v{}", v.0)), "v0 v1 - 1");
    }
}
