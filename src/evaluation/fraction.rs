//! Exact rational numbers, for counterexamples that can be checked by hand.

use super::ring::{Ring, Stop};
use crate::number::Constant;
use crate::number::Rational;
use crate::tensor::{Function, FunctionId};
use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};

/// The rational numbers.
#[derive(Copy, Clone, Debug, Default)]
pub struct Fractions;

/// The exact root of a natural number, where it has one.
fn exact_root(n: &BigInt) -> Option<BigInt> {
    let root = n.sqrt();
    (&root * &root == *n).then_some(root)
}

fn root(q: &Rational) -> Result<Rational, Stop> {
    let (n, d) = q.parts();
    if n.is_negative() {
        return Err(Stop::Domain);
    }
    match (exact_root(&n), exact_root(&d)) {
        (Some(n), Some(d)) => Ok(Rational::from_big(num_rational::BigRational::new(n, d))),
        _ => Err(Stop::Unsupported),
    }
}

impl Ring for Fractions {
    type Element = Rational;
    const COST: u64 = 20;

    fn integer(&self, n: i64) -> Rational {
        Rational::from(n)
    }

    fn rational(&self, q: &Rational) -> Result<Rational, Stop> {
        Ok(q.clone())
    }

    fn add(&self, a: &Rational, b: &Rational) -> Rational {
        a + b
    }

    fn sub(&self, a: &Rational, b: &Rational) -> Rational {
        a - b
    }

    fn mul(&self, a: &Rational, b: &Rational) -> Rational {
        a * b
    }

    fn neg(&self, a: &Rational) -> Rational {
        -a
    }

    fn inverse(&self, a: &Rational) -> Result<Rational, Stop> {
        a.recip().ok_or(Stop::Singular)
    }

    fn pivot(&self, a: &Rational) -> f64 {
        if a.is_zero() { 0.0 } else { 1.0 }
    }

    fn is_zero(&self, a: &Rational) -> bool {
        a.is_zero()
    }

    fn vanishing_determinant(&self, _: &[Rational], _: usize) -> Rational {
        Rational::ZERO
    }

    fn constant(&self, _: Constant) -> Result<Rational, Stop> {
        Err(Stop::Unsupported)
    }

    fn apply(&self, f: &Function, x: &Rational) -> Result<Rational, Stop> {
        let sign = if x.is_zero() { Stop::Kink } else { Stop::Unsupported };
        let positive = !x.is_zero() && !x.is_negative();
        match f {
            Function::Relu | Function::Abs | Function::Sign | Function::Positive | Function::NonNegative
                if x.is_zero() =>
            {
                Err(sign)
            }
            Function::Relu => Ok(if positive { x.clone() } else { Rational::ZERO }),
            Function::Abs => Ok(x.abs()),
            Function::Sign => Ok(if positive { Rational::ONE } else { Rational::MINUS_ONE }),
            Function::Positive | Function::NonNegative => Ok(if positive { Rational::ONE } else { Rational::ZERO }),
            Function::Zero => Ok(if x.is_zero() { Rational::ONE } else { Rational::ZERO }),
            Function::Power(q) => {
                let (n, d) = q.parts();
                match (n.to_i64(), d.to_i64()) {
                    // Larger powers are nothing to check by hand.
                    (Some(n), _) if n.abs() > 64 => Err(Stop::Unsupported),
                    (Some(n), Some(1)) => self.integer_power(x, n),
                    (Some(_), Some(2)) if x.is_zero() => Err(Stop::Kink),
                    (Some(n), Some(2)) => self.integer_power(&root(x)?, n),
                    _ => Err(Stop::Unsupported),
                }
            }
            Function::Exp if x.is_zero() => Ok(Rational::ONE),
            Function::Log if x.is_one() => Ok(Rational::ZERO),
            Function::Log if !positive => Err(Stop::Domain),
            Function::Exp
            | Function::Log
            | Function::Sin
            | Function::Cos
            | Function::Tan
            | Function::Atan
            | Function::Asin
            | Function::Erf
            | Function::Sinh
            | Function::Cosh
            | Function::Tanh
            | Function::Sigmoid
            | Function::Softplus
            | Function::Unknown(..) => Err(Stop::Unsupported),
        }
    }

    fn power(&self, _: &Rational, _: &Rational) -> Result<Rational, Stop> {
        Err(Stop::Unsupported)
    }

    fn unknown(&self, _: FunctionId, _: u8, _: &[Rational], _: &mut Vec<Rational>) -> Result<(), Stop> {
        Err(Stop::Unsupported)
    }

    fn check(&self, a: &Rational) -> Result<(), Stop> {
        let (n, d) = match a {
            Rational::Small(_) => return Ok(()),
            Rational::Big(b) => (b.numer().bits(), b.denom().bits()),
        };
        if n.max(d) > 1 << 12 { Err(Stop::Overflow) } else { Ok(()) }
    }
}
