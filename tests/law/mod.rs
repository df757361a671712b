//! Laws on random formulas: what they are made of, how they are changed, and a judge that shares no code with the
//! program.
#![allow(clippy::disallowed_methods)] // the judge's functions are not those of the program
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::panic)] // a test may fail

pub mod change;
pub mod generate;
pub mod judge;
pub mod run;
pub mod tree;

/// A small generator of random numbers, the same everywhere (splitmix64).
#[derive(Clone)]
pub struct Random(pub u64);

impl Random {
    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % (n.max(1) as u64)).unwrap()
    }

    /// One of some.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// A number between −1 and 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}
