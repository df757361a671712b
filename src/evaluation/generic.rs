//! Smooth functions that are no special cases, to stand for functions known only by name in floating point.
//!
//! An elementwise one is c x + w₁ sin(a₁ x + φ₁) + w₂ sin(a₂ x + φ₂) with c > w₁a₁ + w₂a₂: its derivative has no zero,
//! and it is neither odd nor even. A scalar one of a tensor Y is Σₖ wₖ sin(⟨aₖ, Y⟩ + φₖ) + ½ Σᵢⱼ qᵢⱼ YᵢYⱼ + Σᵢ bᵢ Yᵢ.
//! The coefficients come from a hash of the function's number, and the derivatives of every order are exact.

use super::bounded::{Bounded, Floats};
use super::random::mix;
use super::real::Real;
use super::ring::{Ring, Stop, index_tuples};
use crate::tensor::{Function, FunctionId};

/// A coefficient in [low, low + 1/2), a multiple of 2⁻²⁰, so that it is exact in every format.
fn coefficient(function: FunctionId, place: u64, low: f64) -> f64 {
    let bits = mix(mix(0x67_656e_6572_6963, u64::from(function.0)), place) >> 45;
    low + bits as f64 / f64::from(1 << 20)
}

/// The value with its error, and a bound of the slope where |x| ≤ `reach`.
pub(super) fn elementwise<T: Real>(function: FunctionId, order: u8, x: T, reach: f64) -> ((T, f64), f64) {
    let c = coefficient(function, 0, 1.5);
    let (mut sum, mut size, mut slope) = match order {
        0 => (T::from_f64(c).mul(x), c * reach, c),
        1 => (T::from_f64(c), c, 0.0),
        _ => (T::from_f64(0.0), 0.0, 0.0),
    };
    for term in 0..2u64 {
        let w = coefficient(function, 3 * term + 1, 0.25) * if term == 0 { 1.0 } else { 0.5 };
        let a = coefficient(function, 3 * term + 2, 0.75 + term as f64 * 0.25);
        let phase = coefficient(function, 3 * term + 3, 0.3);
        let angle = T::from_f64(a).mul(x).add(T::from_f64(phase));
        let (sin, cos) = angle.sin_cos();
        let mut factor = T::from_f64(w);
        let mut bound = w;
        for _ in 0..order {
            factor = factor.mul(T::from_f64(a));
            bound *= a;
        }
        sum = sum.add(factor.mul(turned(sin, cos, order)));
        // The angle's own rounding acts like an error of the argument.
        size += bound * (2.0 + a * reach + phase);
        slope += bound * a;
    }
    ((sum, T::FUNCTION * size * (4.0 + f64::from(order))), slope)
}

/// The derivative of that order of the sine, from sine and cosine.
fn turned<T: Real>(sin: T, cos: T, order: u8) -> T {
    match order % 4 {
        0 => sin,
        1 => cos,
        2 => sin.neg(),
        _ => cos.neg(),
    }
}

const WAVES: u64 = 3;

fn direction(function: FunctionId, wave: u64, entry: usize) -> f64 {
    let a = coefficient(function, mix(wave + 100, entry as u64), 0.3);
    if mix(wave, entry as u64 + u64::from(function.0)) & 1 == 0 { a } else { -a }
}

fn curvature(function: FunctionId, i: usize, j: usize) -> f64 {
    coefficient(function, mix(200 + i.min(j) as u64, i.max(j) as u64), -0.25)
}

/// The derivative of that order of the scalar function, appended to `out`.
pub(super) fn scalar<T: Real>(
    floats: &Floats<T>,
    function: FunctionId,
    order: u8,
    argument: &[Bounded<T>],
    out: &mut Vec<Bounded<T>>,
) -> Result<(), Stop> {
    let exact = |x: f64| Bounded::<T>::exact(x);
    let mut waves: Vec<Bounded<T>> = Vec::new();
    for wave in 0..WAVES {
        let mut angle = exact(coefficient(function, 300 + wave, 0.3));
        for (i, y) in argument.iter().enumerate() {
            angle = floats.add_product(&angle, &exact(direction(function, wave, i)), y);
        }
        let f = if order.is_multiple_of(2) { Function::Sin } else { Function::Cos };
        let turn = if order % 4 < 2 { 1.0 } else { -1.0 };
        let w = coefficient(function, 400 + wave, 0.4);
        waves.push(floats.mul(&exact(turn * w), &floats.apply(&f, &angle)?));
    }
    let linear = |i: usize| coefficient(function, 500 + i as u64, 0.6);
    index_tuples(argument.len(), order, |tuple| {
        let mut sum = exact(0.0);
        for (wave, value) in (0..WAVES).zip(&waves) {
            let term = tuple.iter().fold(*value, |t, i| floats.mul(&t, &exact(direction(function, wave, *i))));
            sum = floats.add(&sum, &term);
        }
        let along = |i: usize| {
            let start = exact(linear(i));
            argument
                .iter()
                .enumerate()
                .fold(start, |s, (j, y)| floats.add_product(&s, &exact(curvature(function, i, j)), y))
        };
        let polynomial = match tuple {
            // Half of the quadratic part, and the linear part: Σ Yᵢ (bᵢ + ½ Σ qᵢⱼ Yⱼ).
            [] => argument.iter().enumerate().fold(exact(0.0), |s, (i, y)| {
                let twice = floats.add(&along(i), &exact(linear(i)));
                floats.add_product(&s, &floats.mul(&exact(0.5), &twice), y)
            }),
            [i] => along(*i),
            [i, j] => exact(curvature(function, *i, *j)),
            _ => exact(0.0),
        };
        out.push(floats.add(&sum, &polynomial));
    })
}

/// The derivative of that order of an elementwise function known only by name, in double precision.
#[must_use]
pub(crate) fn generic_elementwise(function: FunctionId, order: u8, x: f64) -> f64 {
    elementwise(function, order, x, x.abs()).0.0
}

/// The derivative of that order of a scalar function known only by name, in double precision.
#[must_use]
pub(crate) fn generic_scalar(function: FunctionId, order: u8, argument: &[f64]) -> Option<Vec<f64>> {
    let argument: Vec<Bounded<f64>> = argument.iter().map(|x| Bounded::exact(*x)).collect();
    let mut out = Vec::new();
    scalar(&Floats::new(), function, order, &argument, &mut out).ok()?;
    Some(out.into_iter().map(Bounded::to_f64).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivatives_agree_with_differences() {
        let h = 1e-5;
        for (id, x) in [(0, 0.7), (1, -1.3), (5, 2.1)] {
            let f = |order: u8, x: f64| elementwise(FunctionId(id), order, x, x.abs()).0.0;
            for order in 0..4 {
                let difference = (f(order, x + h) - f(order, x - h)) / (2.0 * h);
                assert!((difference - f(order + 1, x)).abs() < 1e-8);
            }
            assert!(f(1, x).abs() > 0.1 && (f(0, x) + f(0, -x)).abs() > 0.1 && (f(0, x) - f(0, -x)).abs() > 0.1);
        }
    }

    #[test]
    fn derivatives_of_scalar_functions_agree_with_differences() {
        let (h, floats, y) = (1e-5, Floats::<f64>::new(), [0.4, -1.2, 0.9]);
        let f = |order: u8, y: &[f64]| {
            let y: Vec<Bounded<f64>> = y.iter().map(|y| Bounded::exact(*y)).collect();
            let mut out = Vec::new();
            scalar(&floats, FunctionId(2), order, &y, &mut out).unwrap();
            out.iter().map(|x| x.value).collect::<Vec<f64>>()
        };
        for order in 0..3 {
            let derivative = f(order + 1, &y);
            for i in 0..3 {
                let (mut up, mut down) = (y, y);
                up[i] += h;
                down[i] -= h;
                for (entry, (a, b)) in f(order, &up).iter().zip(f(order, &down)).enumerate() {
                    assert!(((a - b) / (2.0 * h) - derivative[entry * 3 + i]).abs() < 1e-7);
                }
            }
        }
    }
}
