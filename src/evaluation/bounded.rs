//! Floating-point numbers with a running bound of their error.
//!
//! Every operation bounds what it adds itself and what its arguments' errors become, so a result says how far it can
//! be from the true value at the same point. Source: Higham, Accuracy and stability of numerical algorithms, 2nd ed.,
//! section 3.3 (running error analysis).

use super::double::Double;
use super::generic;
use super::real::Real;
use super::ring::{Ring, Stop};
use crate::number::Constant;
use crate::number::Rational;
use crate::operator::leaf;
use crate::tensor::{Function, FunctionId};
use num_traits::ToPrimitive;
use std::marker::PhantomData;

/// A number and a bound of its distance from the true one.
#[derive(Copy, Clone, PartialEq, Debug)]
pub struct Bounded<T> {
    /// The number.
    pub value: T,
    /// The bound; 0 for a number that is exact.
    pub error: f64,
}

/// The number system of [`Bounded`] numbers of a format.
#[derive(Copy, Clone, Debug, Default)]
pub struct Floats<T> {
    /// Whether what cannot be told from zero, far below every number of a formula, is taken as zero at a kink.
    vanishing: bool,
    /// Whether a saturated value, which says nothing of its argument, is refused.
    telling: bool,
    format: PhantomData<T>,
}

/// Doubles with error bounds.
pub type Singles = Floats<f64>;
/// Double-doubles with error bounds.
pub type Doubles = Floats<Double>;

/// Room for the rounding of the bounds themselves.
const INFLATE: f64 = 1.0 + 16.0 * f64::EPSILON;
/// Integers below this are added without rounding.
const LARGE: f64 = 1e15;
/// A number that may be zero and whose bound is below this is taken as zero where that is asked for.
const VANISHING: f64 = 1e-20;
/// Above every error of an underflow.
const TINY: f64 = 1e-300;

impl<T: Real> Bounded<T> {
    /// A number without error.
    #[must_use]
    pub fn exact(x: f64) -> Self {
        Self { value: T::from_f64(x), error: 0.0 }
    }

    /// The nearest double of the value.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        self.value.to_f64()
    }

    fn size(self) -> f64 {
        self.to_f64().abs()
    }

    fn rounded(value: T, error: f64) -> Self {
        Self { value, error: (error + T::UNIT * value.to_f64().abs()) * INFLATE + TINY }
    }

    fn is_exact_zero(self) -> bool {
        self.size() <= 0.0 && self.error <= 0.0
    }

    /// Whether this is an integer, known exactly, whose sum with another one is exact.
    fn is_whole(self) -> bool {
        self.error <= 0.0 && self.size() < LARGE && self.size().fract() <= 0.0
    }

    fn of_function(self, value: T, slope: f64) -> Self {
        let size = value.to_f64().abs();
        let error = T::FUNCTION * size.max(T::FLOOR) + slope.abs() * self.error;
        Self { value, error: error * INFLATE + TINY }
    }

    /// Why a number is not certainly positive: it is certainly not, or it may be.
    fn outside(self) -> Stop {
        if self.size() <= self.error && !self.is_exact_zero() { Stop::Kink } else { Stop::Domain }
    }

    /// Whether the true number is certainly above zero.
    fn is_positive(self) -> bool {
        self.to_f64() > self.error
    }
}

impl<T: Real> Floats<T> {
    /// The number system.
    #[must_use]
    pub fn new() -> Self {
        Self { vanishing: false, telling: false, format: PhantomData }
    }

    /// With an argument that vanishes to all digits taken as zero, and not as near a kink: |x − x| is 0.
    #[must_use]
    pub fn vanishing(self) -> Self {
        Self { vanishing: true, ..self }
    }

    /// Without saturated values: tanh 20 is 1 to all digits, and so is tanh 21.
    #[must_use]
    pub fn telling(self) -> Self {
        Self { telling: true, ..self }
    }

    /// The number, or zero where it vanishes and that is asked for.
    fn settled(&self, x: &Bounded<T>) -> Bounded<T> {
        if self.vanishing && x.size() <= x.error && x.error < VANISHING { Bounded::exact(0.0) } else { *x }
    }

    fn elementary(&self, f: &Function, x: &Bounded<T>) -> Result<Bounded<T>, Stop> {
        let (v, e, at) = (x.value, x.error, x.to_f64());
        // The slope is taken where it is largest in [x − e, x + e], or widened by a bound of the second derivative.
        let widest = |f: fn(f64) -> f64| f(at.abs() + e);
        let near = |bound: f64| leaf(f).map_or(f64::INFINITY, |l| (l.slope)(at).abs()) + bound * e;
        Ok(match f {
            Function::Exp => {
                let y = v.exp();
                Bounded { error: (T::FUNCTION * y.to_f64() + libm::exp(at + e) * e) * INFLATE + TINY, value: y }
            }
            Function::Log if !x.is_positive() => return Err(x.outside()),
            Function::Log => x.of_function(v.log(), 1.0 / (at - e)),
            Function::Sin => x.of_function(v.sin_cos().0, near(1.0)),
            Function::Cos => x.of_function(v.sin_cos().1, near(1.0)),
            Function::Tan => {
                let (sin, cos) = v.sin_cos();
                let low = cos.to_f64().abs() - e;
                if low < 1e-3 {
                    // Near a pole, which is no region.
                    return Err(Stop::Kink);
                }
                let error = (2.0 * T::FUNCTION + e) / (low * low);
                Bounded { value: sin.div(cos), error: error * INFLATE + TINY }
            }
            Function::Atan => x.of_function(v.atan(), near(1.0)),
            Function::Asin if at.abs() + e >= 1.0 => {
                return Err(if at.abs() - e > 1.0 { Stop::Domain } else { Stop::Kink });
            }
            Function::Asin => {
                let edge = at.abs() + e;
                x.of_function(v.asin(), 1.0 / libm::sqrt((1.0 - edge) * (1.0 + edge)))
            }
            Function::Erf => x.of_function(v.erf(), near(1.0)),
            Function::Sinh => x.of_function(v.sinh(), widest(libm::cosh)),
            Function::Cosh => x.of_function(v.cosh(), widest(libm::sinh)),
            Function::Tanh if self.telling && at.abs() > T::SATURATED => return Err(Stop::Overflow),
            Function::Sigmoid if self.telling && at > 2.0 * T::SATURATED => return Err(Stop::Overflow),
            Function::Tanh => x.of_function(v.tanh(), near(1.0)),
            Function::Sigmoid => x.of_function(v.sigmoid(), near(1.0)),
            Function::Softplus => x.of_function(v.softplus(), near(1.0)),
            Function::Relu
            | Function::Abs
            | Function::Sign
            | Function::Positive
            | Function::NonNegative
            | Function::Zero => return self.kinked(f, x),
            Function::Power(q) => return self.rational_power(x, q),
            Function::Unknown(g, order) => {
                let (y, slope) = generic::elementwise(*g, *order, v, at.abs() + e);
                Bounded { error: (y.1 + slope * e) * INFLATE + TINY, value: y.0 }
            }
        })
    }

    /// Functions with a kink or a jump at zero.
    fn kinked(&self, f: &Function, x: &Bounded<T>) -> Result<Bounded<T>, Stop> {
        let x = &self.settled(x);
        let at = x.to_f64();
        if at.abs() <= x.error && !x.is_exact_zero() {
            return Err(Stop::Kink);
        }
        Ok(match f {
            Function::Relu if at > 0.0 => *x,
            Function::Abs if at < 0.0 => self.neg(x),
            Function::Abs => *x,
            _ => Bounded::exact(leaf(f).map_or(f64::NAN, |l| (l.value)(at))),
        })
    }

    fn rational_power(&self, x: &Bounded<T>, q: &Rational) -> Result<Bounded<T>, Stop> {
        if let Some(n) = q.to_integer() {
            return self.integer_power(x, n);
        }
        let x = &self.settled(x);
        let (n, d) = q.parts();
        if x.is_exact_zero() && !q.is_negative() {
            return Ok(*x);
        }
        if !x.is_positive() {
            return Err(x.outside());
        }
        if let (Some(n), Some(2)) = (n.to_i64(), d.to_i64()) {
            let root = x.value.sqrt();
            let error = T::UNIT * 2.0 * root.to_f64() + 0.5 * x.error / libm::sqrt(x.to_f64() - x.error);
            return self.integer_power(&Bounded { value: root, error: error * INFLATE + TINY }, n);
        }
        self.power(x, &self.rational(q)?)
    }
}

impl<T: Real> Ring for Floats<T> {
    type Element = Bounded<T>;
    const COST: u64 = T::COST;

    fn integer(&self, n: i64) -> Bounded<T> {
        if n.unsigned_abs() < 1 << 53 {
            return Bounded::exact(n as f64);
        }
        self.rational(&Rational::from(n)).unwrap_or(Bounded { value: T::from_f64(n as f64), error: f64::INFINITY })
    }

    fn rational(&self, q: &Rational) -> Result<Bounded<T>, Stop> {
        let value = T::from_rational(q);
        let size = value.to_f64().abs();
        let exact = q.to_integer().is_some_and(|n| n.unsigned_abs() < 1 << 53);
        let result = Bounded { value, error: if exact { 0.0 } else { 4.0 * T::UNIT * size + TINY } };
        self.check(&result)?;
        Ok(result)
    }

    fn add(&self, a: &Bounded<T>, b: &Bounded<T>) -> Bounded<T> {
        if a.is_exact_zero() {
            return *b;
        }
        if b.is_exact_zero() {
            return *a;
        }
        if a.is_whole() && b.is_whole() {
            return Bounded { value: a.value.add(b.value), error: 0.0 };
        }
        Bounded::rounded(a.value.add(b.value), a.error + b.error)
    }

    fn sub(&self, a: &Bounded<T>, b: &Bounded<T>) -> Bounded<T> {
        self.add(a, &self.neg(b))
    }

    fn mul(&self, a: &Bounded<T>, b: &Bounded<T>) -> Bounded<T> {
        if a.is_exact_zero() || b.is_exact_zero() {
            return Bounded::exact(0.0);
        }
        if a.is_whole() && b.is_whole() && a.size() * b.size() < LARGE {
            return Bounded { value: a.value.mul(b.value), error: 0.0 };
        }
        Bounded::rounded(a.value.mul(b.value), a.size() * b.error + a.error * (b.size() + b.error))
    }

    fn neg(&self, a: &Bounded<T>) -> Bounded<T> {
        Bounded { value: a.value.neg(), error: a.error }
    }

    fn inverse(&self, a: &Bounded<T>) -> Result<Bounded<T>, Stop> {
        let low = a.size() - a.error;
        if low.is_nan() || low <= 0.0 {
            return Err(Stop::Singular);
        }
        let value = T::from_f64(1.0).div(a.value);
        Ok(Bounded::rounded(value, a.error / (low * a.size()) * (1.0 + 4.0 * T::UNIT)))
    }

    fn pivot(&self, a: &Bounded<T>) -> f64 {
        (a.size() - a.error).max(0.0)
    }

    fn is_zero(&self, a: &Bounded<T>) -> bool {
        a.is_exact_zero()
    }

    fn vanishing_determinant(&self, rows: &[Bounded<T>], size: usize) -> Bounded<T> {
        let norm =
            |row: &[Bounded<T>]| libm::sqrt(row.iter().map(|x| (x.size() + x.error) * (x.size() + x.error)).sum());
        let error = rows.chunks(size.max(1)).map(norm).product::<f64>();
        if error > 0.0 { Bounded { value: T::from_f64(0.0), error: error * INFLATE } } else { Bounded::exact(0.0) }
    }

    fn constant(&self, c: Constant) -> Result<Bounded<T>, Stop> {
        let value = T::constant(c);
        Ok(Bounded { value, error: 2.0 * T::UNIT * value.to_f64() })
    }

    fn apply(&self, f: &Function, x: &Bounded<T>) -> Result<Bounded<T>, Stop> {
        let y = self.elementary(f, x)?;
        self.check(&y)?;
        Ok(y)
    }

    fn power(&self, base: &Bounded<T>, exponent: &Bounded<T>) -> Result<Bounded<T>, Stop> {
        if !base.is_positive() {
            return Err(base.outside());
        }
        let y = base.value.power(exponent.value);
        let (low, size) = (base.to_f64() - base.error, y.to_f64());
        let log = libm::log(base.to_f64()).abs();
        // d log y = q dx/x + log x dq, and |e^t − 1| ≤ |t| e^|t|.
        let shift = (exponent.size() + exponent.error) * base.error / low + (log + base.error / low) * exponent.error;
        let own = T::FUNCTION * (1.0 + exponent.size() * log.max(1.0));
        let y = Bounded { value: y, error: size * (own + shift * libm::exp(shift)) * INFLATE + TINY };
        self.check(&y)?;
        Ok(y)
    }

    fn unknown(
        &self,
        function: FunctionId,
        order: u8,
        argument: &[Bounded<T>],
        out: &mut Vec<Bounded<T>>,
    ) -> Result<(), Stop> {
        generic::scalar(self, function, order, argument, out)
    }

    fn check(&self, a: &Bounded<T>) -> Result<(), Stop> {
        if a.to_f64().is_finite() && a.error.is_finite() { Ok(()) } else { Err(Stop::Overflow) }
    }
}
