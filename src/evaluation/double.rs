//! Double-double numbers: about 31 digits as the unevaluated sum of two doubles.
//!
//! Sources: Dekker, A floating-point technique for extending the available precision, 1971; Hida, Li and Bailey,
//! Algorithms for quad-double precision floating point arithmetic, 2001 (the reductions of exp and sin).

use super::real::Real;
use crate::number::Constant;
use crate::number::Rational;
use num_rational::BigRational;
use num_traits::ToPrimitive;

/// `high + low`, with |low| at most half a unit in the last place of `high`.
#[derive(Copy, Clone, PartialEq, Debug)]
pub struct Double {
    high: f64,
    low: f64,
}

const LN2: [f64; 3] = [std::f64::consts::LN_2, 2.319_046_813_846_299_6e-17, 5.707_708_438_416_212e-34];
const HALF_PI: [f64; 3] = [std::f64::consts::FRAC_PI_2, 6.123_233_995_736_766e-17, -1.497_384_904_859_183_3e-33];

fn two_sum(a: f64, b: f64) -> Double {
    let s = a + b;
    let t = s - a;
    Double { high: s, low: (a - (s - t)) + (b - t) }
}

fn quick_two_sum(a: f64, b: f64) -> Double {
    let s = a + b;
    Double { high: s, low: b - (s - a) }
}

fn split(a: f64) -> (f64, f64) {
    let t = 134_217_729.0 * a; // 2²⁷ + 1
    let high = t - (t - a);
    (high, a - high)
}

fn two_product(a: f64, b: f64) -> Double {
    let p = a * b;
    let ((ah, al), (bh, bl)) = (split(a), split(b));
    Double { high: p, low: ((ah * bh - p) + ah * bl + al * bh) + al * bl }
}

impl Double {
    /// The two doubles.
    #[must_use]
    pub fn parts(self) -> (f64, f64) {
        (self.high, self.low)
    }

    fn times_f64(self, b: f64) -> Self {
        let p = two_product(self.high, b);
        quick_two_sum(p.high, p.low + self.low * b)
    }

    /// Multiplication by a power of two.
    fn scaled(self, factor: f64) -> Self {
        Self { high: self.high * factor, low: self.low * factor }
    }

    /// self − k c for a constant in three parts.
    fn reduced(self, k: f64, c: [f64; 3]) -> Self {
        let [a, b, last] = c.map(|part| two_product(k, part));
        self.sub(a).sub(b).sub(last)
    }

    /// Taylor series of the sine and cosine for |self| ≤ π/4.
    fn small_sin_cos(self) -> (Self, Self) {
        let one = Self::from_f64(1.0);
        let square = self.mul(self);
        let (mut sin, mut cos) = (self, one);
        let (mut sin_term, mut cos_term) = (self, one);
        for k in 1..16 {
            let k = 2.0 * f64::from(k);
            cos_term = cos_term.mul(square).div(Self::from_f64(-(k - 1.0) * k));
            sin_term = sin_term.mul(square).div(Self::from_f64(-k * (k + 1.0)));
            cos = cos.add(cos_term);
            sin = sin.add(sin_term);
            if sin_term.high.abs() < 1e-34 && cos_term.high.abs() < 1e-34 {
                break;
            }
        }
        (sin, cos)
    }
}

impl Real for Double {
    const COST: u64 = 10;
    const UNIT: f64 = 4.0 * f64::EPSILON * f64::EPSILON; // 2⁻¹⁰²; the operations are right to about 2⁻¹⁰³
    const FUNCTION: f64 = 1e-28;
    const FLOOR: f64 = 1.0;
    const SATURATED: f64 = 30.0;

    fn from_f64(x: f64) -> Self {
        Self { high: x, low: 0.0 }
    }

    fn to_f64(self) -> f64 {
        self.high
    }

    fn from_rational(q: &Rational) -> Self {
        if let Some(n) = q.to_integer().filter(|n| n.unsigned_abs() < 1 << 53) {
            return Self::from_f64(n as f64);
        }
        let high = q.to_f64();
        let rest = BigRational::from_float(high).map_or(0.0, |h| (q.to_big() - h).to_f64().unwrap_or(0.0));
        quick_two_sum(high, rest)
    }

    fn constant(c: Constant) -> Self {
        match c {
            Constant::Pi => Self { high: std::f64::consts::PI, low: 1.224_646_799_147_353_2e-16 },
            Constant::Euler => Self { high: std::f64::consts::E, low: 1.445_646_891_729_250_2e-16 },
        }
    }

    fn add(self, other: Self) -> Self {
        let s = two_sum(self.high, other.high);
        let t = two_sum(self.low, other.low);
        let u = quick_two_sum(s.high, s.low + t.high);
        quick_two_sum(u.high, u.low + t.low)
    }

    fn mul(self, other: Self) -> Self {
        let p = two_product(self.high, other.high);
        quick_two_sum(p.high, p.low + (self.high * other.low + self.low * other.high))
    }

    fn div(self, other: Self) -> Self {
        let first = self.high / other.high;
        let rest = self.sub(other.times_f64(first));
        let second = rest.high / other.high;
        let rest = rest.sub(other.times_f64(second));
        let third = rest.high / other.high;
        quick_two_sum(first, second).add(Self::from_f64(third))
    }

    fn neg(self) -> Self {
        Self { high: -self.high, low: -self.low }
    }

    fn sqrt(self) -> Self {
        if self.high <= 0.0 {
            return Self::from_f64(0.0);
        }
        // One step of Newton from the double root doubles its digits.
        let root = libm::sqrt(self.high);
        let rest = self.sub(two_product(root, root));
        quick_two_sum(root, rest.high / (2.0 * root))
    }

    fn exp(self) -> Self {
        if self.high.is_nan() || self.high.abs() >= 700.0 {
            return Self::from_f64(libm::exp(self.high));
        }
        // e^x = 2^k (e^r)^512 with |r| < ln 2 / 1024; the series gives e^r − 1, which is squared without losing it.
        let k = libm::floor(self.high / LN2[0] + 0.5);
        let r = self.reduced(k, LN2).scaled(1.0 / 512.0);
        let (mut sum, mut term) = (r, r);
        for n in 2..12 {
            term = term.mul(r).div(Self::from_f64(f64::from(n)));
            sum = sum.add(term);
        }
        for _ in 0..9 {
            sum = sum.scaled(2.0).add(sum.mul(sum));
        }
        let result = sum.add(Self::from_f64(1.0));
        let half = libm::floor(k / 2.0); // in two steps, so that neither factor is subnormal
        result.scaled(libm::exp2(half)).scaled(libm::exp2(k - half))
    }

    fn log(self) -> Self {
        // y + x e^−y − 1 is a step of Newton for e^y = x; twice, since the double start has 53 bits.
        let mut y = Self::from_f64(libm::log(self.high));
        for _ in 0..2 {
            y = y.add(self.mul(y.neg().exp())).sub(Self::from_f64(1.0));
        }
        y
    }

    fn sin_cos(self) -> (Self, Self) {
        let k = libm::floor(self.high / HALF_PI[0] + 0.5);
        let (sin, cos) = self.reduced(k, HALF_PI).small_sin_cos();
        match (k as i64).rem_euclid(4) {
            0 => (sin, cos),
            1 => (cos, sin.neg()),
            2 => (sin.neg(), cos.neg()),
            _ => (cos.neg(), sin),
        }
    }

    fn atan(self) -> Self {
        // atan x = y + atan((x cos y − sin y)/(cos y + x sin y)), whose last term is as small as the error of y.
        let y = Self::from_f64(libm::atan(self.high));
        let (sin, cos) = y.sin_cos();
        y.add(self.mul(cos).sub(sin).div(cos.add(self.mul(sin))))
    }

    fn asin(self) -> Self {
        let one = Self::from_f64(1.0);
        self.div(one.sub(self).mul(one.add(self)).sqrt()).atan()
    }

    fn erf(self) -> Self {
        // 1 to all digits.
        if self.high.abs() > 9.0 {
            return Self::from_f64(libm::erf(self.high));
        }
        // 2/√π e^−x² Σ 2ⁿ x^(2n+1)/(2n+1)!!, where nothing cancels.
        let square = self.mul(self);
        let (mut sum, mut term) = (self, self);
        for n in 1..1000 {
            term = term.mul(square.scaled(2.0)).div(Self::from_f64(f64::from(2 * n + 1)));
            sum = sum.add(term);
            if term.high.abs() <= 1e-34 * sum.high.abs() {
                break;
            }
        }
        sum.mul(square.neg().exp()).scaled(2.0).div(Self::constant(Constant::Pi).sqrt())
    }

    fn sinh(self) -> Self {
        let y = self.exp();
        y.sub(Self::from_f64(1.0).div(y)).scaled(0.5)
    }

    fn cosh(self) -> Self {
        let y = self.exp();
        y.add(Self::from_f64(1.0).div(y)).scaled(0.5)
    }

    fn tanh(self) -> Self {
        if self.high.abs() > 350.0 {
            return Self::from_f64(libm::tanh(self.high));
        }
        self.sinh().div(self.cosh())
    }

    fn sigmoid(self) -> Self {
        let one = Self::from_f64(1.0);
        one.div(one.add(self.neg().exp()))
    }

    fn softplus(self) -> Self {
        let one = Self::from_f64(1.0);
        if self.high > 0.0 { self.add(one.add(self.neg().exp()).log()) } else { one.add(self.exp()).log() }
    }

    fn power(self, q: Self) -> Self {
        q.mul(self.log()).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The decimal expansion as an exact rational.
    fn digits(text: &str) -> BigRational {
        let (sign, text) = text.strip_prefix('-').map_or((1, text), |t| (-1, t));
        let q = Rational::parse_decimal(text).unwrap().to_big();
        if sign < 0 { -q } else { q }
    }

    #[track_caller]
    fn check(found: Double, expected: &str) {
        let (high, low) = found.parts();
        let exact = BigRational::from_float(high).unwrap() + BigRational::from_float(low).unwrap();
        let error = ((exact - digits(expected)).to_f64().unwrap() / high).abs();
        assert!(error < 2e-30, "off by {error:e}");
    }

    fn double(n: i64, d: i64) -> Double {
        Double::from_rational(&Rational::new(n, d).unwrap())
    }

    #[test]
    fn functions_have_their_known_digits() {
        check(double(1, 1).exp(), "2.718281828459045235360287471352662497757");
        check(double(1, 2).exp(), "1.648721270700128146848650787814163571654");
        check(double(-3, 1).exp(), "0.049787068367863942979342415650061776632");
        check(double(2, 1).log(), "0.693147180559945309417232121458176568075");
        check(double(10, 1).log(), "2.302585092994045684017991454684364207601");
        check(double(1, 1).sin_cos().0, "0.841470984807896506652502321630298999623");
        check(double(1, 1).sin_cos().1, "0.540302305868139717400936607442976603733");
        check(double(1, 2).atan(), "0.463647609000806116214256231461214402029");
        check(double(-5, 1).atan(), "-1.373400766945015860861271926444961148651");
        check(double(1, 2).asin(), "0.523598775598298873077107230546583814033");
        check(double(1, 2).erf(), "0.520499877813046537682746653891964528736");
        check(double(-2, 1).erf(), "-0.995322265018952734162069256367252928611");
        check(double(1, 1).tanh(), "0.761594155955764888119458282604793590413");
        check(double(1, 1).sigmoid(), "0.731058578630004879251159241821836274365");
        check(double(2, 1).sqrt(), "1.414213562373095048801688724209698078570");
        check(double(2, 1).power(double(1, 3)), "1.259921049894873164767210607278228350570");
        check(Double::constant(Constant::Pi), "3.141592653589793238462643383279502884197");
        check(Double::constant(Constant::Euler), "2.718281828459045235360287471352662497757");
        check(double(0, 1).softplus(), "0.693147180559945309417232121458176568075");
    }

    #[test]
    fn identities_hold_to_thirty_digits() {
        for n in 1..60 {
            let x = double(n * 37 - 800, 97);
            let (sin, cos) = x.sin_cos();
            let one = sin.mul(sin).add(cos.mul(cos)).sub(Double::from_f64(1.0));
            assert!(one.to_f64().abs() < 1e-30);
            let difference = x.exp().log().sub(x);
            assert!(difference.to_f64().abs() < 1e-29);
            let square = double(n, 7).sqrt();
            assert!(square.mul(square).sub(double(n, 7)).to_f64().abs() < 1e-29);
        }
    }
}
