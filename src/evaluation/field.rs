//! Prime fields near 2⁶¹, in which the identity test is exact.
//!
//! Numbers are held in Montgomery form. The prime is 3 modulo 4, so that every square has exactly one root that is
//! itself a square; choosing that root makes the square root a homomorphism, as it is on positive reals.
//! Functions without algebraic meaning are uninterpreted: their value is a keyed hash of the argument's, related by the
//! identities that hold for every argument (exp(−x) = 1/exp x, sin odd, cos even, sin² + cos² = 1, log(1/x) = −log x).
//! An identity that holds under such a reading holds for every value of those functions, so for the true ones.
//! Sources: Montgomery, Modular multiplication without trial division, 1985; Schwartz, Fast probabilistic algorithms
//! for verification of polynomial identities, 1980; Zippel, Probabilistic algorithms for sparse polynomials, 1979.

use super::prime;
use super::random::{Random, mix};
use super::ring::{Ring, Stop, index_tuples};
use crate::number::Constant;
use crate::number::Rational;
use crate::tensor::{Function, FunctionId};
use num_bigint::BigInt;
use num_traits::ToPrimitive;

/// A number of a prime field, in Montgomery form.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Residue(u64);

/// A prime field, and the key of the uninterpreted functions.
#[derive(Clone, Debug)]
pub struct Field {
    p: u64,
    /// −p⁻¹ modulo 2⁶⁴
    negative_inverse: u64,
    /// 2¹²⁸ modulo p
    square: u64,
    one: Residue,
    key: u64,
}

impl Field {
    /// The field of a prime that is chosen by `seed`, with functions keyed by it.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self::with_prime(prime::choose(seed), mix(seed, 0x66_756e_6374))
    }

    /// The field of `p`, a prime below 2⁶² that is 3 modulo 4. (For other odd numbers there are no inverses or roots.)
    #[must_use]
    pub fn with_prime(p: u64, key: u64) -> Self {
        // Newton's iteration for the inverse modulo 2⁶⁴ doubles the number of right bits, from 3.
        let mut inverse = p;
        for _ in 0..5 {
            inverse = inverse.wrapping_mul(2u64.wrapping_sub(p.wrapping_mul(inverse)));
        }
        let r = (u128::from(u64::MAX) + 1) % u128::from(p);
        let square = (r * r % u128::from(p)) as u64;
        Self { p, negative_inverse: inverse.wrapping_neg(), square, one: Residue(r as u64), key }
    }

    /// The same field with functions of another key.
    #[must_use]
    pub fn keyed(&self, key: u64) -> Self {
        Self { key, ..self.clone() }
    }

    /// The prime.
    #[must_use]
    pub fn prime(&self) -> u64 {
        self.p
    }

    fn reduce(&self, t: u128) -> u64 {
        let m = (t as u64).wrapping_mul(self.negative_inverse);
        let u = ((t + u128::from(m) * u128::from(self.p)) >> 64) as u64;
        if u >= self.p { u - self.p } else { u }
    }

    /// A natural number.
    pub(super) fn natural(&self, n: u64) -> Residue {
        Residue(self.reduce(u128::from(n % self.p) * u128::from(self.square)))
    }

    /// The representative in `0..p`.
    #[must_use]
    pub fn value(&self, a: Residue) -> u64 {
        self.reduce(u128::from(a.0))
    }

    /// A uniformly distributed number.
    pub fn draw(&self, random: &mut Random) -> Residue {
        loop {
            let bits = random.bits() >> 2;
            if bits < self.p {
                // Montgomery form is a bijection, so the bits may be taken as they are.
                return Residue(bits);
            }
        }
    }

    /// A power to a natural number.
    pub(super) fn power_of(&self, base: Residue, mut exponent: u64) -> Residue {
        let (mut square, mut result) = (base, self.one);
        while exponent > 0 {
            if exponent & 1 == 1 {
                result = self.mul(&result, &square);
            }
            square = self.mul(&square, &square);
            exponent >>= 1;
        }
        result
    }

    /// The root that is itself a square; fails for a number without root.
    fn root(&self, a: Residue) -> Result<Residue, Stop> {
        let root = self.power_of(a, (self.p + 1) / 4);
        if self.mul(&root, &root) == a { Ok(root) } else { Err(Stop::NonResidue) }
    }

    /// A number other than 0 that is a function of `id` and `x`, and looks random.
    fn hashed(&self, id: u64, x: u64) -> Residue {
        let mut random = Random::new(mix(mix(self.key, id), x));
        loop {
            let r = self.draw(&mut random);
            if r.0 != 0 {
                return r;
            }
        }
    }

    /// The smaller of ±a, and whether it is −a.
    fn unsigned(&self, a: Residue) -> (Residue, bool) {
        let minus = self.neg(&a);
        if minus.0 < a.0 { (minus, true) } else { (a, false) }
    }

    fn exp(&self, x: Residue) -> Result<Residue, Stop> {
        if x.0 == 0 {
            return Ok(self.one);
        }
        let (x, negative) = self.unsigned(x);
        let y = self.hashed(EXP, x.0);
        if negative { self.inverse(&y) } else { Ok(y) }
    }

    fn log(&self, x: Residue) -> Result<Residue, Stop> {
        if x.0 == 0 {
            return Err(Stop::Domain);
        }
        if x == self.one {
            return Ok(Residue(0));
        }
        let inverse = self.inverse(&x)?;
        let y = self.hashed(LOG, x.0.min(inverse.0));
        Ok(if inverse.0 < x.0 { self.neg(&y) } else { y })
    }

    /// Sine and cosine by the rational points of the circle.
    fn circle(&self, x: Residue) -> Result<(Residue, Residue), Stop> {
        if x.0 == 0 {
            return Ok((x, self.one));
        }
        let (x, negative) = self.unsigned(x);
        let t = self.hashed(CIRCLE, x.0);
        let square = self.mul(&t, &t);
        let scale = self.inverse(&self.add(&self.one, &square))?;
        let sin = self.mul(&self.add(&t, &t), &scale);
        let cos = self.mul(&self.sub(&self.one, &square), &scale);
        Ok((if negative { self.neg(&sin) } else { sin }, cos))
    }

    /// A function without a relation but f(−x) = −f(x).
    fn odd(&self, kind: u64, number: u64, x: Residue) -> Residue {
        if x.0 == 0 {
            return x;
        }
        let (y, negative) = self.unsigned(x);
        let h = self.hashed(mix(kind, number), y.0);
        if negative { self.neg(&h) } else { h }
    }

    /// The indicator of x > 0, as a number without a relation but [−x > 0] = 1 − [x > 0].
    fn positive(&self, x: Residue) -> Residue {
        let (y, negative) = self.unsigned(x);
        let h = self.hashed(ORDER, y.0);
        if negative { self.sub(&self.one, &h) } else { h }
    }

    fn divide(&self, a: Residue, b: Residue) -> Result<Residue, Stop> {
        Ok(self.mul(&a, &self.inverse(&b)?))
    }

    fn rational_power(&self, x: Residue, q: &Rational) -> Result<Residue, Stop> {
        let (n, d) = q.parts();
        let (Some(n), Some(d)) = (n.to_i64(), d.to_i64()) else { return Err(Stop::Unsupported) };
        match d {
            1 => self.integer_power(&x, n),
            2 => self.integer_power(&self.root(x)?, n),
            // x^(n/d) = x^a h(x)^b with n = a d + b and h for the d-th root.
            _ => {
                let whole = self.integer_power(&x, n.div_euclid(d))?;
                let root = if x.0 == 0 { x } else { self.hashed(mix(ROOT, d.unsigned_abs()), x.0) };
                Ok(self.mul(&whole, &self.integer_power(&root, n.rem_euclid(d))?))
            }
        }
    }
}

const EXP: u64 = 1;
const LOG: u64 = 2;
const CIRCLE: u64 = 3;
const ORDER: u64 = 4;
const ROOT: u64 = 5;
const POWER: u64 = 6;
const CONSTANT: u64 = 7;
const UNKNOWN: u64 = 8;
const ARC: u64 = 9;
const SCALAR_FUNCTION: u64 = 9;

impl Ring for Field {
    type Element = Residue;
    const COST: u64 = 1;

    fn integer(&self, n: i64) -> Residue {
        let r = self.natural(n.unsigned_abs());
        if n < 0 { self.neg(&r) } else { r }
    }

    fn rational(&self, q: &Rational) -> Result<Residue, Stop> {
        if let Some(n) = q.to_integer() {
            return Ok(self.integer(n));
        }
        let p = BigInt::from(self.p);
        let reduce = |n: BigInt| {
            let r: BigInt = ((n % &p) + &p) % &p;
            r.to_u64().map_or(Residue(0), |r| self.natural(r))
        };
        let (n, d) = q.parts();
        match (n.to_i64(), d.to_i64()) {
            (Some(n), Some(d)) => self.divide(self.integer(n), self.integer(d)),
            _ => self.divide(reduce(n), reduce(d)),
        }
    }

    fn add(&self, a: &Residue, b: &Residue) -> Residue {
        let s = a.0 + b.0;
        Residue(if s >= self.p { s - self.p } else { s })
    }

    fn sub(&self, a: &Residue, b: &Residue) -> Residue {
        Residue(if a.0 >= b.0 { a.0 - b.0 } else { a.0 + self.p - b.0 })
    }

    fn mul(&self, a: &Residue, b: &Residue) -> Residue {
        Residue(self.reduce(u128::from(a.0) * u128::from(b.0)))
    }

    fn neg(&self, a: &Residue) -> Residue {
        Residue(if a.0 == 0 { 0 } else { self.p - a.0 })
    }

    fn inverse(&self, a: &Residue) -> Result<Residue, Stop> {
        if a.0 == 0 { Err(Stop::Singular) } else { Ok(self.power_of(*a, self.p - 2)) }
    }

    fn pivot(&self, a: &Residue) -> f64 {
        if a.0 == 0 { 0.0 } else { 1.0 }
    }

    fn is_zero(&self, a: &Residue) -> bool {
        a.0 == 0
    }

    fn vanishing_determinant(&self, _: &[Residue], _: usize) -> Residue {
        Residue(0)
    }

    fn constant(&self, c: Constant) -> Result<Residue, Stop> {
        Ok(match c {
            Constant::Pi => self.hashed(CONSTANT, 1),
            Constant::Euler => self.hashed(CONSTANT, 2),
        })
    }

    fn apply(&self, f: &Function, x: &Residue) -> Result<Residue, Stop> {
        let x = *x;
        Ok(match f {
            Function::Exp => self.exp(x)?,
            Function::Log => self.log(x)?,
            Function::Sin => self.circle(x)?.0,
            Function::Cos => self.circle(x)?.1,
            Function::Tan => {
                let (sin, cos) = self.circle(x)?;
                self.divide(sin, cos)?
            }
            Function::Atan => self.odd(ARC, 1, x),
            Function::Asin => self.odd(ARC, 2, x),
            Function::Erf => self.odd(ARC, 3, x),
            Function::Sinh | Function::Cosh | Function::Tanh => {
                let y = self.exp(x)?;
                let inverse = self.inverse(&y)?;
                let (difference, sum) = (self.sub(&y, &inverse), self.add(&y, &inverse));
                match f {
                    Function::Sinh => self.divide(difference, self.integer(2))?,
                    Function::Cosh => self.divide(sum, self.integer(2))?,
                    _ => self.divide(difference, sum)?,
                }
            }
            Function::Sigmoid => self.inverse(&self.add(&self.one, &self.exp(self.neg(&x))?))?,
            Function::Softplus => self.log(self.add(&self.one, &self.exp(x)?))?,
            Function::Relu => self.mul(&x, &self.positive(x)),
            Function::Abs | Function::Sign => {
                let h = self.positive(x);
                let sign = self.sub(&self.add(&h, &h), &self.one);
                match f {
                    Function::Abs => self.mul(&x, &sign),
                    _ if x.0 == 0 => x,
                    _ => sign,
                }
            }
            Function::Positive if x.0 == 0 => x,
            Function::NonNegative if x.0 == 0 => self.one,
            Function::Positive | Function::NonNegative => self.positive(x),
            Function::Zero => {
                if x.0 == 0 {
                    self.one
                } else {
                    Residue(0)
                }
            }
            Function::Power(q) => self.rational_power(x, q)?,
            Function::Unknown(g, order) => self.hashed(mix(mix(UNKNOWN, u64::from(g.0)), u64::from(*order)), x.0),
        })
    }

    fn power(&self, base: &Residue, exponent: &Residue) -> Result<Residue, Stop> {
        Ok(self.hashed(mix(POWER, base.0), exponent.0))
    }

    fn unknown(
        &self,
        function: FunctionId,
        order: u8,
        argument: &[Residue],
        out: &mut Vec<Residue>,
    ) -> Result<(), Stop> {
        let start = mix(mix(SCALAR_FUNCTION, u64::from(function.0)), u64::from(order));
        let digest = argument.iter().fold(start, |h, x| mix(h, x.0));
        let mut sorted: Vec<usize> = Vec::new();
        index_tuples(argument.len(), order, |tuple| {
            // The derivatives of a smooth function are symmetric.
            sorted.clear();
            sorted.extend_from_slice(tuple);
            sorted.sort_unstable();
            out.push(self.hashed(digest, sorted.iter().fold(0, |h, i| mix(h, *i as u64))));
        })
    }

    fn check(&self, _: &Residue) -> Result<(), Stop> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_agrees_with_integers() {
        let f = Field::new(1);
        let p = u128::from(f.prime());
        let mut random = Random::new(3);
        for _ in 0..200 {
            let (a, b) = (f.draw(&mut random), f.draw(&mut random));
            let (x, y) = (u128::from(f.value(a)), u128::from(f.value(b)));
            assert_eq!(u128::from(f.value(f.mul(&a, &b))), x * y % p);
            assert_eq!(u128::from(f.value(f.add(&a, &b))), (x + y) % p);
            assert_eq!(u128::from(f.value(f.sub(&a, &b))), (x + p - y) % p);
            assert_eq!(f.mul(&a, &f.inverse(&a).unwrap()), f.integer(1));
        }
        assert_eq!(f.value(f.integer(-1)), f.prime() - 1);
    }

    #[test]
    fn roots_multiply() {
        let f = Field::new(2);
        let mut random = Random::new(5);
        for _ in 0..50 {
            let (a, b) = (f.draw(&mut random), f.draw(&mut random));
            let (a, b) = (f.mul(&a, &a), f.mul(&b, &b));
            assert_eq!(f.mul(&f.root(a).unwrap(), &f.root(b).unwrap()), f.root(f.mul(&a, &b)).unwrap());
            assert_eq!(f.root(f.neg(&a)), Err(Stop::NonResidue));
        }
    }

    #[test]
    fn functions_keep_their_symmetries() {
        let f = Field::new(3);
        let x = f.integer(12345);
        let minus = f.neg(&x);
        let at = |g: Function, x: &Residue| f.apply(&g, x).unwrap();
        assert_eq!(f.mul(&at(Function::Exp, &x), &at(Function::Exp, &minus)), f.integer(1));
        assert_eq!(at(Function::Sin, &minus), f.neg(&at(Function::Sin, &x)));
        assert_eq!(at(Function::Abs, &minus), at(Function::Abs, &x));
        let (sin, cos) = (at(Function::Sin, &x), at(Function::Cos, &x));
        assert_eq!(f.add(&f.mul(&sin, &sin), &f.mul(&cos, &cos)), f.integer(1));
        let sum = f.add(&at(Function::Sigmoid, &x), &at(Function::Sigmoid, &minus));
        assert_eq!(sum, f.integer(1));
        assert_ne!(at(Function::Relu, &x), x);
    }
}
