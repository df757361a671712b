//! Closed intervals with rational ends, as far as they are needed to tell a sign: outer enclosures, exact at their ends.
//! Source: R. E. Moore, Interval Analysis, 1966, chapter 3.

use crate::number::Rational;

/// An end of an interval.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum End {
    Below,
    At(Rational),
    Above,
}

impl End {
    fn sign(&self) -> i32 {
        match self {
            Self::Below => -1,
            Self::At(x) => i32::from(!x.is_negative()) - i32::from(x.is_negative()) - i32::from(x.is_zero()),
            Self::Above => 1,
        }
    }

    fn times(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::At(a), Self::At(b)) => Self::At(a * b),
            // An end that is zero stays zero, however far the other interval reaches.
            _ => match self.sign() * other.sign() {
                0 => Self::At(Rational::ZERO),
                1.. => Self::Above,
                _ => Self::Below,
            },
        }
    }

    fn plus(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::At(a), Self::At(b)) => Self::At(a + b),
            (Self::At(_), infinite) | (infinite, _) => infinite.clone(),
        }
    }
}

/// Where values lie.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Range {
    low: End,
    high: End,
}

impl Range {
    pub(super) const ANY: Self = Self { low: End::Below, high: End::Above };
    pub(super) const ZERO: Self = Self { low: End::At(Rational::ZERO), high: End::At(Rational::ZERO) };
    pub(super) const POSITIVE: Self = Self { low: End::At(Rational::ZERO), high: End::Above };
    /// Of a step, a sigmoid, an entry of a stochastic vector.
    pub(super) const UNIT: Self = Self { low: End::At(Rational::ZERO), high: End::At(Rational::ONE) };

    pub(super) fn exactly(x: &Rational) -> Self {
        Self { low: End::At(x.clone()), high: End::At(x.clone()) }
    }

    pub(super) fn from(x: i64) -> Self {
        Self { low: End::At(Rational::from(x)), high: End::Above }
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        Self { low: self.low.plus(&other.low), high: self.high.plus(&other.high) }
    }

    pub(super) fn times(&self, other: &Self) -> Self {
        let ends = [&self.low, &self.high].map(|a| [&other.low, &other.high].map(|b| a.times(b)));
        let [a, b, c, d] = [&ends[0][0], &ends[0][1], &ends[1][0], &ends[1][1]];
        Self { low: a.min(b).min(c).min(d).clone(), high: a.max(b).max(c).max(d).clone() }
    }

    /// No two values have opposite signs.
    pub(super) fn is_one_signed(&self) -> bool {
        self.low.sign() >= 0 || self.high.sign() <= 0
    }

    pub(super) fn is_at_least(&self, x: i64) -> bool {
        self.low >= End::At(Rational::from(x))
    }

    /// The values of an increasing odd function with these values at most.
    pub(super) fn bounded_by(&self, most: i64) -> Self {
        let low = if self.low.sign() >= 0 { 0 } else { -most };
        let high = if self.high.sign() <= 0 { 0 } else { most };
        Self { low: End::At(Rational::from(low)), high: End::At(Rational::from(high)) }
    }

    /// All multiples of these values by positive numbers: only the signs are left.
    pub(super) fn signs(&self) -> Self {
        let end = |e: &End| match e.sign() {
            0 => End::At(Rational::ZERO),
            1.. => End::Above,
            _ => End::Below,
        };
        let (low, high) = (end(&self.low), end(&self.high));
        // A positive number times small ones comes as near to zero as one likes.
        Self { low: low.min(End::At(Rational::ZERO)), high: high.max(End::At(Rational::ZERO)) }
    }

    /// The absolute values.
    pub(super) fn sizes(&self) -> Self {
        let minus = End::At(Rational::MINUS_ONE);
        Self { low: End::At(Rational::ZERO), high: self.high.clone().max(self.low.times(&minus)) }
    }
}
