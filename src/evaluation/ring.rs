//! The number systems in which a graph can be evaluated, seen from the evaluator.

use crate::number::Constant;
use crate::number::Rational;
use crate::tensor::{Function, FunctionId};

/// Why an evaluation stopped.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Stop {
    /// More operations than the limit.
    Budget,
    /// A tensor with more entries than the limit, or a dimension that is negative.
    TooLarge,
    /// An argument outside a function's domain, or too near its border to say.
    Domain,
    /// An argument at a kink or a jump, or too near to say.
    Kink,
    /// Division by zero, or by a number that cannot be told from zero.
    Singular,
    /// A value too large for floating point.
    Overflow,
    /// A radicand without a square root in the prime field.
    NonResidue,
    /// A function that the number system does not have.
    Unsupported,
    /// A variable or an integer without a value, or tensors that do not fit: the graph and the point disagree.
    Missing,
}

impl std::fmt::Display for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Budget => "the evaluation needs more operations than allowed",
            Self::TooLarge => "a tensor is larger than allowed",
            Self::Domain => "an argument lies outside a function's domain",
            Self::Kink => "an argument lies at a kink",
            Self::Singular => "a matrix or a number without an inverse",
            Self::Overflow => "a value is too large for floating point",
            Self::NonResidue => "a square root that the prime field does not have",
            Self::Unsupported => "a function without exact values",
            Self::Missing => "a symbol without a value",
        })
    }
}

/// A number system: the system is a value of its own (a prime field knows its prime), its elements are bare.
pub trait Ring {
    /// A number.
    type Element: Clone + std::fmt::Debug;
    /// What an operation costs, in operations of doubles.
    const COST: u64;

    /// An integer.
    fn integer(&self, n: i64) -> Self::Element;
    /// A rational number; fails where its denominator vanishes.
    fn rational(&self, q: &Rational) -> Result<Self::Element, Stop>;
    /// a + b
    fn add(&self, a: &Self::Element, b: &Self::Element) -> Self::Element;
    /// a − b
    fn sub(&self, a: &Self::Element, b: &Self::Element) -> Self::Element;
    /// a b
    fn mul(&self, a: &Self::Element, b: &Self::Element) -> Self::Element;
    /// −a
    fn neg(&self, a: &Self::Element) -> Self::Element;
    /// 1/a; fails where a is zero or cannot be told from it.
    fn inverse(&self, a: &Self::Element) -> Result<Self::Element, Stop>;
    /// How good a pivot a is: 0 where it cannot be divided by.
    fn pivot(&self, a: &Self::Element) -> f64;
    /// Whether a is zero without any doubt.
    fn is_zero(&self, a: &Self::Element) -> bool;
    /// A number that is zero as far as can be told, and not larger than the product of the rows' norms of the
    /// matrix `rows` of that size (Hadamard); used for the determinant of a block without a pivot.
    fn vanishing_determinant(&self, rows: &[Self::Element], size: usize) -> Self::Element;
    /// π or e.
    fn constant(&self, c: Constant) -> Result<Self::Element, Stop>;
    /// An elementwise function.
    fn apply(&self, f: &Function, x: &Self::Element) -> Result<Self::Element, Stop>;
    /// base^exponent for an exponent that is no structural integer.
    fn power(&self, base: &Self::Element, exponent: &Self::Element) -> Result<Self::Element, Stop>;
    /// The derivative of that order of a scalar function known only by name, at `argument`: all entries, the last
    /// index fastest, appended to `out`.
    fn unknown(
        &self,
        function: FunctionId,
        order: u8,
        argument: &[Self::Element],
        out: &mut Vec<Self::Element>,
    ) -> Result<(), Stop>;
    /// Fails where the number is none (overflow).
    fn check(&self, a: &Self::Element) -> Result<(), Stop>;

    /// acc + a b
    fn add_product(&self, acc: &Self::Element, a: &Self::Element, b: &Self::Element) -> Self::Element {
        self.add(acc, &self.mul(a, b))
    }

    /// An integer power, by squaring; fails for 0 to a negative power.
    fn integer_power(&self, base: &Self::Element, exponent: i64) -> Result<Self::Element, Stop> {
        let mut square = if exponent < 0 { self.inverse(base)? } else { base.clone() };
        let mut rest = exponent.unsigned_abs();
        let mut result = self.integer(1);
        while rest > 0 {
            if rest & 1 == 1 {
                result = self.mul(&result, &square);
            }
            rest >>= 1;
            if rest > 0 {
                square = self.mul(&square, &square);
            }
        }
        self.check(&result)?;
        Ok(result)
    }
}

/// For every sorted or unsorted index tuple of `order` positions below `size`, the last fastest, calls `f`.
///
/// Fails with [`Stop::TooLarge`] for more than 2²⁰ tuples.
pub(super) fn index_tuples(size: usize, order: u8, mut f: impl FnMut(&[usize])) -> Result<(), Stop> {
    let count = size.checked_pow(u32::from(order)).filter(|c| *c <= 1 << 20).ok_or(Stop::TooLarge)?;
    let mut tuple = vec![0usize; order as usize];
    for _ in 0..count {
        f(&tuple);
        for digit in tuple.iter_mut().rev() {
            *digit += 1;
            if *digit < size {
                break;
            }
            *digit = 0;
        }
    }
    Ok(())
}
