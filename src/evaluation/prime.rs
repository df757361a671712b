//! Primes below 2⁶¹ chosen by a seed.
//!
//! Source: Sinclair's seven bases make the Miller–Rabin test exact below 2⁶⁴.

use super::field::Field;
use super::ring::Ring;

const BASES: [u64; 7] = [2, 325, 9_375, 28_178, 450_775, 9_780_504, 1_795_265_022];
const SMALL: [u64; 29] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
    113,
];

/// A prime in (2⁶⁰, 2⁶¹) that is 3 modulo 4, chosen by the seed out of about 10¹⁶.
#[must_use]
pub(super) fn choose(seed: u64) -> u64 {
    let mut n = (1u64 << 61) - 1 - (seed & ((1 << 59) - 1) & !3);
    // Gaps between primes of this size are below 2000, and there are primes below every start.
    while !is_prime(n) {
        n -= 4;
    }
    n
}

/// Whether n < 2⁶² is prime; exact.
#[must_use]
pub(super) fn is_prime(n: u64) -> bool {
    if n < 2 || n.is_multiple_of(2) {
        return n == 2;
    }
    for q in SMALL {
        if n.is_multiple_of(q) {
            return n == q;
        }
    }
    let shift = (n - 1).trailing_zeros();
    // The arithmetic modulo n needs no prime.
    let ring = Field::with_prime(n, 0);
    let (one, minus_one) = (ring.integer(1), ring.integer(-1));
    BASES.iter().all(|base| {
        if base.is_multiple_of(n) {
            return true;
        }
        let mut x = ring.power_of(ring.natural(*base), (n - 1) >> shift);
        if x == one || x == minus_one {
            return true;
        }
        (1..shift).any(|_| {
            x = ring.mul(&x, &x);
            x == minus_one
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_primes_and_composites() {
        assert!(is_prime((1 << 61) - 1));
        assert!(!is_prime((1 << 59) - 1));
        assert!(!is_prime(3_215_031_751)); // strong pseudoprime to the bases 2, 3, 5, 7
        let sieve = |n: u64| n > 1 && (2..n).take_while(|d| d * d <= n).all(|d| !n.is_multiple_of(d));
        assert!((0..4000).all(|n| is_prime(n) == sieve(n)));
    }

    #[test]
    fn different_seeds_give_different_primes() {
        let (p, q) = (choose(1 << 40), choose(77));
        assert!(p != q && p % 4 == 3 && q % 4 == 3 && is_prime(p) && is_prime(q));
        assert!(p > 1 << 60 && p < 1 << 61);
    }
}
