//! Rationals as decimals that say all of them, and rounding to a unit.

use super::Rational;
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, Zero};

/// Most decimals that are written out.
const MOST: u32 = 40;

impl Rational {
    /// The decimal that is exactly this number; nothing where there is none of reasonable length, as for 1/3.
    #[must_use]
    pub fn to_decimal(&self) -> Option<String> {
        let (numerator, denominator) = self.parts();
        let ten = BigInt::from(10u8);
        let mut scale = BigInt::one();
        let mut places = 0usize;
        while !(&scale % &denominator).is_zero() {
            scale *= &ten;
            places += 1;
            if places > MOST as usize {
                return None;
            }
        }
        let digits = (numerator.abs() * (scale / denominator)).to_string();
        let digits = format!("{digits:0>width$}", width = places + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places);
        let sign = if self.is_negative() { "-" } else { "" };
        Some(if places == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
    }

    /// The nearest multiple of a unit above zero, a half upwards.
    #[must_use]
    pub fn rounded_to(&self, unit: &Self) -> Self {
        let Some(inverse) = unit.recip() else { return self.clone() };
        let half = Self::new(1, 2).unwrap_or(Self::ZERO);
        let (n, d) = (&(self * &inverse) + &half).parts();
        &Self::from_big(num_rational::BigRational::from_integer(n.div_floor(&d))) * unit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_say_all_of_a_number() {
        let r = |n, d| Rational::new(n, d).unwrap();
        let text = |x: Rational| x.to_decimal();
        assert_eq!(text(r(5, 2)).as_deref(), Some("2.5"));
        assert_eq!(text(r(-1, 8)).as_deref(), Some("-0.125"));
        assert_eq!(text(r(100, 1)).as_deref(), Some("100"));
        assert_eq!(text(r(0, 1)).as_deref(), Some("0"));
        assert_eq!(text(r(1, 3)), None);
    }

    #[test]
    fn halves_go_up() {
        let r = |n, d| Rational::new(n, d).unwrap();
        assert_eq!(r(10, 3).rounded_to(&r(1, 100)), r(333, 100));
        assert_eq!(r(5, 4).rounded_to(&r(1, 2)), r(3, 2));
        assert_eq!(r(-5, 4).rounded_to(&r(1, 2)), r(-1, 1));
        assert_eq!(r(7, 2).rounded_to(&r(0, 1)), r(7, 2));
    }
}
