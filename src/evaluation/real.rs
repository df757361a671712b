//! Rounded real numbers: what the error bounds need to know of them.

use crate::number::Constant;
use crate::number::Rational;

/// A floating-point format.
pub trait Real: Copy + std::fmt::Debug {
    /// What an operation costs, in operations of doubles.
    const COST: u64;
    /// Every arithmetic operation is right to within this, relatively.
    const UNIT: f64;
    /// Every function is right to within this, relatively, or absolutely by this times [`Real::FLOOR`].
    const FUNCTION: f64;
    /// Beyond this, tanh and the logistic function are 1 to all digits: their values say nothing of their arguments.
    const SATURATED: f64;
    /// Results of functions below this (other than exp and sqrt) are right only absolutely.
    const FLOOR: f64;

    /// A number, without rounding.
    fn from_f64(x: f64) -> Self;
    /// The nearest double.
    fn to_f64(self) -> f64;
    /// A rational number, right to within `4 UNIT`, relatively.
    fn from_rational(q: &Rational) -> Self;
    /// π or e.
    fn constant(c: Constant) -> Self;
    /// a + b
    fn add(self, other: Self) -> Self;
    /// a b
    fn mul(self, other: Self) -> Self;
    /// a / b
    fn div(self, other: Self) -> Self;
    /// −a
    fn neg(self) -> Self;
    /// √a for a ≥ 0
    fn sqrt(self) -> Self;
    /// e^a
    fn exp(self) -> Self;
    /// Natural logarithm, for a > 0
    fn log(self) -> Self;
    /// Sine and cosine
    fn sin_cos(self) -> (Self, Self);
    /// Inverse tangent
    fn atan(self) -> Self;
    /// Inverse sine, for −1 < a < 1
    fn asin(self) -> Self;
    /// The error function
    fn erf(self) -> Self;
    /// Hyperbolic sine
    fn sinh(self) -> Self;
    /// Hyperbolic cosine
    fn cosh(self) -> Self;
    /// Hyperbolic tangent
    fn tanh(self) -> Self;
    /// 1/(1 + e^−a)
    fn sigmoid(self) -> Self;
    /// log(1 + e^a)
    fn softplus(self) -> Self;
    /// a^q for a > 0 and q no integer
    fn power(self, q: Self) -> Self;
    /// a − b
    fn sub(self, other: Self) -> Self {
        self.add(other.neg())
    }
}

impl Real for f64 {
    const COST: u64 = 1;
    const UNIT: f64 = f64::EPSILON / 2.0;
    // libm states at most 1 unit in the last place for the functions used here; the composites below lose a few more.
    const FUNCTION: f64 = 8.0 * f64::EPSILON;
    const FLOOR: f64 = 0.0;
    const SATURATED: f64 = 14.0;

    fn from_f64(x: f64) -> Self {
        x
    }
    fn to_f64(self) -> f64 {
        self
    }
    fn from_rational(q: &Rational) -> Self {
        q.to_f64()
    }
    fn constant(c: Constant) -> Self {
        match c {
            Constant::Pi => std::f64::consts::PI,
            Constant::Euler => std::f64::consts::E,
        }
    }
    fn add(self, other: Self) -> Self {
        self + other
    }
    fn mul(self, other: Self) -> Self {
        self * other
    }
    fn div(self, other: Self) -> Self {
        self / other
    }
    fn neg(self) -> Self {
        -self
    }
    fn sqrt(self) -> Self {
        libm::sqrt(self)
    }
    fn exp(self) -> Self {
        libm::exp(self)
    }
    fn log(self) -> Self {
        libm::log(self)
    }
    fn sin_cos(self) -> (Self, Self) {
        (libm::sin(self), libm::cos(self))
    }
    fn atan(self) -> Self {
        libm::atan(self)
    }
    fn asin(self) -> Self {
        libm::asin(self)
    }
    fn erf(self) -> Self {
        libm::erf(self)
    }
    fn sinh(self) -> Self {
        libm::sinh(self)
    }
    fn cosh(self) -> Self {
        libm::cosh(self)
    }
    fn tanh(self) -> Self {
        libm::tanh(self)
    }
    fn sigmoid(self) -> Self {
        1.0 / (1.0 + libm::exp(-self))
    }
    fn softplus(self) -> Self {
        if self > 0.0 { self + libm::log1p(libm::exp(-self)) } else { libm::log1p(libm::exp(self)) }
    }
    fn power(self, q: Self) -> Self {
        libm::pow(self, q)
    }
}
