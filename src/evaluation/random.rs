//! Seeds and random numbers: a keyed hash of texts, and a small generator.
//!
//! Sources: Aumasson and Bernstein, SipHash: a fast short-input PRF, 2012 (SipHash-2-4); Steele, Lea and Flood, Fast
//! splittable pseudorandom number generators, 2014 (the generator's output function).

/// SipHash-2-4 of several texts, each preceded by its length, so that no two lists of texts run together.
#[must_use]
pub fn seed(texts: &[&str]) -> u64 {
    let mut state = Sip::new(0x6772_6164_6d61_726b, 0x6576_6964_656e_6365);
    for text in texts {
        state.word(text.len() as u64);
        for chunk in text.as_bytes().chunks(8) {
            let mut word = [0u8; 8];
            word.iter_mut().zip(chunk).for_each(|(w, c)| *w = *c);
            state.word(u64::from_le_bytes(word));
        }
    }
    state.finish()
}

struct Sip([u64; 4]);

impl Sip {
    fn new(k0: u64, k1: u64) -> Self {
        Self([
            k0 ^ 0x736f_6d65_7073_6575,
            k1 ^ 0x646f_7261_6e64_6f6d,
            k0 ^ 0x6c79_6765_6e65_7261,
            k1 ^ 0x7465_6462_7974_6573,
        ])
    }

    fn round(&mut self) {
        let [v0, v1, v2, v3] = &mut self.0;
        *v0 = v0.wrapping_add(*v1);
        *v1 = v1.rotate_left(13) ^ *v0;
        *v0 = v0.rotate_left(32);
        *v2 = v2.wrapping_add(*v3);
        *v3 = v3.rotate_left(16) ^ *v2;
        *v0 = v0.wrapping_add(*v3);
        *v3 = v3.rotate_left(21) ^ *v0;
        *v2 = v2.wrapping_add(*v1);
        *v1 = v1.rotate_left(17) ^ *v2;
        *v2 = v2.rotate_left(32);
    }

    fn word(&mut self, m: u64) {
        self.0[3] ^= m;
        self.round();
        self.round();
        self.0[0] ^= m;
    }

    fn finish(mut self) -> u64 {
        self.0[2] ^= 0xff;
        (0..4).for_each(|_| self.round());
        self.0[0] ^ self.0[1] ^ self.0[2] ^ self.0[3]
    }
}

/// Two numbers mixed to one that looks independent of both.
#[must_use]
pub fn mix(a: u64, b: u64) -> u64 {
    let t = u128::from(a ^ 0xa076_1d64_78bd_642f) * u128::from(b ^ 0xe703_7ed1_a0b4_28db);
    finalise((t as u64) ^ ((t >> 64) as u64) ^ a.rotate_left(32) ^ b)
}

fn finalise(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A deterministic stream of random numbers.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The stream of that seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        finalise(self.0)
    }

    /// A number in `0..n`; 0 where `n` is 0. The bias is below n/2⁶⁴.
    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(n)) >> 64) as u64
    }

    /// A number in [0, 1), a multiple of 2⁻⁵³.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_do_not_run_together() {
        assert_ne!(seed(&["ab", "c"]), seed(&["a", "bc"]));
        assert_ne!(seed(&["", ""]), seed(&[""]));
        assert_eq!(seed(&["x", "y"]), seed(&["x", "y"]));
    }

    #[test]
    fn numbers_stay_in_range() {
        let mut r = Random::new(7);
        assert!((0..1000).all(|_| r.below(5) < 5 && (0.0..1.0).contains(&r.unit())));
        assert_eq!(r.below(0), 0);
    }
}
