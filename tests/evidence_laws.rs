//! Laws of evaluation: error bounds contain the exact results, in every operation and function.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may

mod drawn;

use drawn::fixed;
use gradmark::evaluation::{Double, Doubles, Floats, Fractions, Real, Ring, Singles};
use gradmark::number::Rational;
use gradmark::tensor::{Function, FunctionId};
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive};
use proptest::prelude::*;

/// A small formula over + − × ÷, integer powers and roots.
#[derive(Clone, Debug)]
enum Formula {
    Number(i64, i64),
    Add(Box<Formula>, Box<Formula>),
    Sub(Box<Formula>, Box<Formula>),
    Mul(Box<Formula>, Box<Formula>),
    Inverse(Box<Formula>),
    Power(Box<Formula>, i64),
    Root(Box<Formula>),
}

fn formula() -> impl Strategy<Value = Formula> {
    let leaf = (-50i64..50, 1i64..50).prop_map(|(n, d)| Formula::Number(n, d));
    leaf.prop_recursive(5, 40, 2, |inner| {
        let pair = (inner.clone(), inner.clone());
        prop_oneof![
            pair.clone().prop_map(|(a, b)| Formula::Add(a.into(), b.into())),
            pair.clone().prop_map(|(a, b)| Formula::Sub(a.into(), b.into())),
            pair.prop_map(|(a, b)| Formula::Mul(a.into(), b.into())),
            inner.clone().prop_map(|a| Formula::Inverse(a.into())),
            (inner.clone(), -3i64..4).prop_map(|(a, n)| Formula::Power(a.into(), n)),
            inner.prop_map(|a| Formula::Root(a.into())),
        ]
    })
}

/// The root is taken of a square, so that rationals have it too: √(a²) = |a|.
fn value<R: Ring>(ring: &R, f: &Formula) -> Option<R::Element> {
    Some(match f {
        Formula::Number(n, d) => ring.rational(&Rational::new(*n, *d)?).ok()?,
        Formula::Add(a, b) => ring.add(&value(ring, a)?, &value(ring, b)?),
        Formula::Sub(a, b) => ring.sub(&value(ring, a)?, &value(ring, b)?),
        Formula::Mul(a, b) => ring.mul(&value(ring, a)?, &value(ring, b)?),
        Formula::Inverse(a) => ring.inverse(&value(ring, a)?).ok()?,
        Formula::Power(a, n) => ring.integer_power(&value(ring, a)?, *n).ok()?,
        Formula::Root(a) => {
            let a = value(ring, a)?;
            ring.apply(&Function::Power(Rational::new(1, 2)?), &ring.mul(&a, &a)).ok()?
        }
    })
}

fn check<T: Real>(f: &Formula, parts: impl Fn(T) -> Vec<f64>) -> Result<(), TestCaseError> {
    let (Some(exact), Some(found)) = (value(&Fractions, f), value(&Floats::<T>::new(), f)) else { return Ok(()) };
    if !found.to_f64().is_finite() || !found.error.is_finite() {
        return Ok(());
    }
    let sum = parts(found.value).iter().map(|x| BigRational::from_float(*x).unwrap()).sum::<BigRational>();
    let off = (exact.to_big() - sum).abs().to_f64().unwrap();
    prop_assert!(off <= found.error, "off by {off:e}, bound {:e}", found.error);
    Ok(())
}

proptest! {
    #![proptest_config(fixed(1000))]

    #[test]
    fn bounds_contain_the_exact_result(f in formula()) {
        check::<f64>(&f, |x| vec![x])?;
        check::<Double>(&f, |x| { let (a, b) = x.parts(); vec![a, b] })?;
    }

    #[test]
    fn functions_agree_in_both_formats(n in -4000i64..4000) {
        let x = Rational::new(n, 613).unwrap();
        let (single, double) = (Singles::new(), Doubles::new());
        let functions = [
            Function::Exp, Function::Log, Function::Sin, Function::Cos, Function::Tan, Function::Atan, Function::Asin, Function::Erf, Function::Sinh, Function::Cosh,
            Function::Tanh, Function::Sigmoid, Function::Softplus, Function::Relu, Function::Abs, Function::Sign,
            Function::Power(Rational::new(1, 3).unwrap()), Function::Power(Rational::new(-5, 2).unwrap()),
            Function::Unknown(FunctionId(3), 0), Function::Unknown(FunctionId(3), 3),
        ];
        for f in functions {
            let a = single.rational(&x).and_then(|x| single.apply(&f, &x));
            let b = double.rational(&x).and_then(|x| double.apply(&f, &x));
            let (Ok(a), Ok(b)) = (a, b) else { continue };
            let (high, low) = b.value.parts();
            let off = ((high - a.value) + low).abs();
            prop_assert!(off <= a.error + b.error, "{f:?}: {} and {high}, off by {off:e}, bound {:e}", a.value, a.error);
            // And the bounds are narrow enough to be of use; a tangent near its pole aside.
            let size = high.abs().max(1.0);
            let room = size * (1.0 + x.to_f64().abs()) * size.min(1e3);
            prop_assert!(a.error <= 1e-13 * room, "{f:?}: {:e}", a.error);
            prop_assert!(b.error <= 1e-26 * room, "{f:?}: {:e}", b.error);
        }
    }
}
