//! Rationals that stay in two machine words until they cannot.

use num_bigint::BigInt;
use num_rational::{BigRational, Ratio};
use num_traits::{CheckedAdd, CheckedMul, CheckedSub, One, Signed, ToPrimitive, Zero};
use std::borrow::Cow;
use std::fmt;

/// An exact rational number: a pair of `i64` inline, big integers only after an overflow.
///
/// Invariant: a value that fits the small form is held in it, so equality is structural.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Rational {
    /// Numerator and denominator fit `i64`.
    Small(Ratio<i64>),
    /// They do not.
    Big(Box<BigRational>),
}

impl Rational {
    /// Zero.
    pub const ZERO: Self = Self::Small(Ratio::new_raw(0, 1));
    /// One.
    pub const ONE: Self = Self::Small(Ratio::new_raw(1, 1));
    /// Minus one.
    pub const MINUS_ONE: Self = Self::Small(Ratio::new_raw(-1, 1));

    /// `numerator / denominator`; `None` where the denominator is zero.
    #[must_use]
    pub fn new(numerator: i64, denominator: i64) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        if numerator == i64::MIN || denominator == i64::MIN {
            return Some(Self::from_big(BigRational::new(numerator.into(), denominator.into())));
        }
        Some(Self::Small(Ratio::new(numerator, denominator)))
    }

    /// The value of a big rational, small where it fits.
    #[must_use]
    pub fn from_big(value: BigRational) -> Self {
        match (value.numer().to_i64(), value.denom().to_i64()) {
            (Some(n), Some(d)) if n != i64::MIN => Self::Small(Ratio::new_raw(n, d)),
            _ => Self::Big(Box::new(value)),
        }
    }

    /// The value as a big rational.
    #[must_use]
    pub fn to_big(&self) -> BigRational {
        match self {
            Self::Small(r) => BigRational::new_raw((*r.numer()).into(), (*r.denom()).into()),
            Self::Big(b) => (**b).clone(),
        }
    }

    /// How many binary digits the numerator and denominator have beyond two machine words; 0 for most numbers.
    #[must_use]
    pub fn excess(&self) -> u64 {
        match self {
            Self::Small(_) => 0,
            Self::Big(b) => b.numer().bits() + b.denom().bits(),
        }
    }

    /// A decimal literal such as `0.5`, `12`, `.25`; `None` where it is not one.
    #[must_use]
    pub fn parse_decimal(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let digits = format!("{whole}{fraction}");
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let numerator: BigInt = digits.parse().ok()?;
        let denominator = BigInt::from(10u8).pow(u32::try_from(fraction.len()).ok()?);
        Some(Self::from_big(BigRational::new(numerator, denominator)))
    }

    /// Numerator and denominator (positive).
    #[must_use]
    pub fn parts(&self) -> (BigInt, BigInt) {
        match self {
            Self::Small(r) => ((*r.numer()).into(), (*r.denom()).into()),
            Self::Big(b) => (b.numer().clone(), b.denom().clone()),
        }
    }

    /// The value, where it is an integer that fits `i64`.
    #[must_use]
    pub fn to_integer(&self) -> Option<i64> {
        match self {
            Self::Small(r) if *r.denom() == 1 => Some(*r.numer()),
            _ => None,
        }
    }

    /// Whether this is an integer of any size.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        match self {
            Self::Small(r) => *r.denom() == 1,
            Self::Big(b) => b.is_integer(),
        }
    }

    /// The nearest floating-point number.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        match self {
            Self::Small(r) => *r.numer() as f64 / *r.denom() as f64,
            Self::Big(b) => b.to_f64().unwrap_or(f64::NAN),
        }
    }

    /// How many bits numerator and denominator take.
    #[must_use]
    pub fn bits(&self) -> u64 {
        match self {
            Self::Small(_) => 64,
            Self::Big(b) => b.numer().bits() + b.denom().bits(),
        }
    }

    /// Whether this is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        matches!(self, Self::Small(r) if r.is_zero())
    }

    /// Whether this is one.
    #[must_use]
    pub fn is_one(&self) -> bool {
        matches!(self, Self::Small(r) if r.is_one())
    }

    /// Whether this is below zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        match self {
            Self::Small(r) => r.is_negative(),
            Self::Big(b) => b.is_negative(),
        }
    }

    /// The absolute value.
    #[must_use]
    pub fn abs(&self) -> Self {
        if self.is_negative() { -self } else { self.clone() }
    }

    /// The value as an integer, where it is one.
    fn whole(&self) -> Option<Cow<'_, BigInt>> {
        match self {
            Self::Small(r) => r.is_integer().then(|| Cow::Owned((*r.numer()).into())),
            Self::Big(b) => b.is_integer().then(|| Cow::Borrowed(b.numer())),
        }
    }

    /// `1 / self`; `None` at zero.
    #[must_use]
    pub fn recip(&self) -> Option<Self> {
        if self.is_zero() { None } else { Some(Self::from_big(self.to_big().recip())) }
    }

    /// `self` to an integer power whose size is bounded by the caller; `None` for 0 to a negative power.
    #[must_use]
    pub fn pow(&self, exponent: i32) -> Option<Self> {
        if exponent < 0 && self.is_zero() {
            return None;
        }
        Some(Self::from_big(self.to_big().pow(exponent)))
    }
}

impl From<i64> for Rational {
    fn from(n: i64) -> Self {
        Self::from_big(BigRational::from_integer(n.into()))
    }
}

macro_rules! operation {
    ($trait:ident, $method:ident, $checked:ident, $op:tt) => {
        impl std::ops::$trait for &Rational {
            type Output = Rational;
            fn $method(self, other: &Rational) -> Rational {
                if let (Rational::Small(a), Rational::Small(b)) = (self, other) {
                    if let Some(c) = a.$checked(b).filter(|c| *c.numer() != i64::MIN) {
                        return Rational::Small(c);
                    }
                }
                // Whole numbers need no greatest common divisor, which of long ones costs far more than the operation.
                match (self.whole(), other.whole()) {
                    (Some(a), Some(b)) => Rational::from_big(BigRational::from_integer(&*a $op &*b)),
                    _ => Rational::from_big(self.to_big() $op other.to_big()),
                }
            }
        }
    };
}
operation!(Add, add, checked_add, +);
operation!(Sub, sub, checked_sub, -);
operation!(Mul, mul, checked_mul, *);

impl std::ops::Neg for &Rational {
    type Output = Rational;
    fn neg(self) -> Rational {
        match self {
            Rational::Small(r) => Rational::Small(-r),
            Rational::Big(b) => Rational::from_big(-(**b).clone()),
        }
    }
}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rational {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        match (self, other) {
            (Self::Small(a), Self::Small(b)) => a.cmp(b),
            _ => self.to_big().cmp(&other.to_big()),
        }
    }
}

impl fmt::Display for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Small(r) => r.fmt(f),
            Self::Big(b) => b.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overflow_goes_to_big_integers_and_back() {
        let big = Rational::from(i64::MAX);
        let twice = &big + &big;
        assert!(matches!(twice, Rational::Big(_)));
        assert_eq!(&twice - &big, big);
        assert!(matches!(&twice - &big, Rational::Small(_)));
        assert_eq!(-&Rational::from(i64::MIN), &Rational::from(i64::MAX) + &Rational::ONE);
    }

    #[test]
    fn whole_numbers_and_fractions_of_any_length_agree() {
        let half = Rational::new(1, 2).unwrap_or(Rational::ZERO);
        let long = Rational::from(3).pow(200).unwrap_or(Rational::ZERO);
        let (whole, parted) = (&long * &long, &(&long * &half) * &(&(&long * &half) * &Rational::from(4)));
        assert_eq!(whole, parted);
        assert_eq!(&(&whole - &long) + &long, whole);
        assert_eq!(&(&long + &half) - &half, long);
    }

    #[test]
    fn decimals_are_exact() {
        assert_eq!(Rational::parse_decimal("0.125"), Rational::new(1, 8));
        assert_eq!(Rational::parse_decimal(".5"), Rational::new(1, 2));
        assert_eq!(Rational::parse_decimal("."), None);
        assert_eq!(Rational::parse_decimal("1e3"), None);
    }
}
