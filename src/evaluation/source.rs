//! Where the raw numbers of a point come from, in each number system.

use super::bounded::{Bounded, Floats};
use super::field::{Field, Residue};
use super::random::Random;
use super::real::Real;
use super::ring::Ring;
use crate::number::Rational;

/// What a raw number has to be.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Any number.
    Any,
    /// Not 0.
    NonZero,
    /// Above 0.
    Positive,
    /// At least 0.
    NonNegative,
    /// An integer.
    Integer,
    /// An integer other than 0.
    NonZeroInteger,
    /// An integer above 0.
    PositiveInteger,
    /// An integer of at least 0.
    NonNegativeInteger,
    /// −1 or 1: a finite choice, which is not made by the source.
    Sign,
    /// 1.
    One,
}

/// A source of raw numbers.
pub trait Source<R: Ring> {
    /// Called before the numbers of each variable, counted from 0.
    fn begin(&mut self, _ordinal: usize) {}
    /// A number.
    fn draw(&mut self, ring: &R, random: &mut Random, kind: Kind) -> R::Element;
    /// What is added to the diagonal of a positive definite matrix.
    fn shift(&mut self, ring: &R, random: &mut Random) -> R::Element;
    /// A number below `n`: a finite choice that is not enumerated.
    fn position(&mut self, random: &mut Random, n: u64) -> u64 {
        random.below(n)
    }
    /// Whether positive definite matrices may be any symmetric ones: a field has no order, and a polynomial that
    /// vanishes on all definite matrices vanishes on all symmetric ones.
    fn definite_is_symmetric(&self) -> bool {
        false
    }
}

/// Uniform numbers of a field; positive ones are squares.
#[derive(Copy, Clone, Debug)]
pub struct Uniform;

impl Source<Field> for Uniform {
    fn draw(&mut self, ring: &Field, random: &mut Random, kind: Kind) -> Residue {
        match kind {
            // A polynomial that vanishes on all integers vanishes everywhere.
            Kind::Any | Kind::NonZero | Kind::Integer | Kind::NonZeroInteger => ring.draw(random),
            Kind::Positive | Kind::NonNegative | Kind::PositiveInteger | Kind::NonNegativeInteger => {
                let root = ring.draw(random);
                ring.mul(&root, &root)
            }
            Kind::Sign | Kind::One => ring.integer(1),
        }
    }

    fn shift(&mut self, ring: &Field, random: &mut Random) -> Residue {
        ring.draw(random)
    }

    fn definite_is_symmetric(&self) -> bool {
        true
    }
}

/// Numbers of generic size: |x| between 0.3 and 2.3 times the scale, never near ±1.
#[derive(Copy, Clone, Debug)]
pub struct Generic {
    /// The scale.
    pub scale: f64,
    /// The variables, as bits by their ordinals, whose numbers are positive without being declared so.
    pub positive: u64,
    /// Whether all undeclared signs are the opposite of what they would be: two such points see every number with
    /// both signs.
    pub flipped: bool,
    /// Whether the numbers of the variable at hand are positive.
    now: bool,
}

impl Generic {
    /// Numbers of that scale; see [`Generic::positive`] and [`Generic::flipped`].
    #[must_use]
    pub fn new(scale: f64, positive: u64, flipped: bool) -> Self {
        Self { scale, positive, flipped, now: false }
    }

    fn size(self, random: &mut Random) -> f64 {
        loop {
            let x = self.scale * libm::exp2(3.0 * random.unit() - 1.75);
            if (x - 1.0).abs() > 0.03 {
                return x;
            }
        }
    }
}

impl<T: Real> Source<Floats<T>> for Generic {
    fn begin(&mut self, ordinal: usize) {
        self.now = self.positive >> ordinal.min(63) & 1 == 1;
    }

    fn draw(&mut self, _: &Floats<T>, random: &mut Random, kind: Kind) -> Bounded<T> {
        let negative = !self.now && (random.below(2) == 1) != self.flipped;
        let signed = |x: f64| if negative { -x } else { x };
        let natural = 1.0 + random.below(if self.scale < 0.5 { 2 } else { 6 }) as f64;
        Bounded::exact(match kind {
            Kind::Any | Kind::NonZero => signed(self.size(random)),
            Kind::Positive | Kind::NonNegative => self.size(random),
            Kind::Integer | Kind::NonZeroInteger => signed(natural),
            Kind::PositiveInteger | Kind::NonNegativeInteger => natural,
            Kind::Sign | Kind::One => 1.0,
        })
    }

    fn shift(&mut self, _: &Floats<T>, random: &mut Random) -> Bounded<T> {
        Bounded::exact(self.scale * self.scale * (0.5 + random.unit()))
    }
}

/// Small numbers given one by one, for counterexamples; after the last one, zeros.
#[derive(Clone, Debug)]
pub struct Given {
    /// The numerators.
    pub raw: Vec<i64>,
    /// The denominator of all that need not be integers.
    pub denominator: i64,
    /// How many have been used.
    pub used: usize,
}

impl Given {
    fn next(&mut self) -> i64 {
        let n = self.raw.get(self.used).copied().unwrap_or(0);
        self.used += 1;
        n
    }

    fn integer(&mut self, kind: Kind) -> i64 {
        let n = self.next();
        match kind {
            Kind::Any | Kind::Integer => n,
            Kind::NonZero | Kind::NonZeroInteger => {
                if n == 0 {
                    1
                } else {
                    n
                }
            }
            Kind::Positive | Kind::PositiveInteger => n.abs().max(1),
            Kind::NonNegative | Kind::NonNegativeInteger => n.abs(),
            Kind::Sign | Kind::One => 1,
        }
    }
}

impl<R: Ring> Source<R> for Given {
    fn draw(&mut self, ring: &R, _: &mut Random, kind: Kind) -> R::Element {
        let n = self.integer(kind);
        match kind {
            Kind::Any | Kind::NonZero | Kind::Positive | Kind::NonNegative if self.denominator != 1 => {
                Rational::new(n, self.denominator)
                    .and_then(|q| ring.rational(&q).ok())
                    .unwrap_or_else(|| ring.integer(n))
            }
            _ => ring.integer(n),
        }
    }

    fn shift(&mut self, ring: &R, _: &mut Random) -> R::Element {
        ring.integer(1)
    }

    fn position(&mut self, _: &mut Random, n: u64) -> u64 {
        self.next().unsigned_abs() % n.max(1)
    }
}
