//! Functions that act entry by entry.

use super::FunctionId;
use crate::number::Rational;

/// An elementwise function. What it is called, its value, derivative and domain stand in `operator`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Function {
    /// e^x
    Exp,
    /// Natural logarithm.
    Log,
    /// Sine.
    Sin,
    /// Cosine.
    Cos,
    /// Tangent.
    Tan,
    /// Inverse tangent.
    Atan,
    /// Inverse sine.
    Asin,
    /// The error function, 2/√π ∫₀ˣ e^−t² dt.
    Erf,
    /// Hyperbolic sine.
    Sinh,
    /// Hyperbolic cosine.
    Cosh,
    /// Hyperbolic tangent.
    Tanh,
    /// 1/(1 + e^−x)
    Sigmoid,
    /// log(1 + e^x)
    Softplus,
    /// max(x, 0)
    Relu,
    /// |x|
    Abs,
    /// −1, 0 or 1.
    Sign,
    /// 1 where x > 0, else 0.
    Positive,
    /// 1 where x ≥ 0, else 0.
    NonNegative,
    /// 1 where x = 0, else 0.
    Zero,
    /// x^p with a rational p that is neither 0 nor 1.
    Power(Rational),
    /// A function known only by name, or its derivative of that order.
    Unknown(FunctionId, u8),
}
