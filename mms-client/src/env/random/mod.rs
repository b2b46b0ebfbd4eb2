//! Random numbers as they come in from outside.

#[cfg(test)]
pub(crate) mod seeds;

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU64, Ordering};

/// Draws numbers.
pub trait Random: Send + Sync + fmt::Debug {
    /// Draws one of all numbers of 64 bits, each as likely as any other.
    fn next_u64(&self) -> u64;

    /// Draws a fraction from 0 to below 1.
    fn fraction(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a float holds 53 bits exactly, and no more are left")]
        let bits = (self.next_u64() >> 11) as f64;
        bits * 2_f64.powi(-53)
    }
}

/// Chance as the system gives it: to spread waits and to tell runs apart, not for secrets.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn next_u64(&self) -> u64 {
        // The standard library seeds every hasher of a map from the system, each differently.
        RandomState::new().hash_one(())
    }
}

/// A sequence that its seed decides, by splitmix64.
#[derive(Debug)]
pub struct SeededRandom(AtomicU64);

impl SeededRandom {
    /// Returns the sequence of a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }
}

impl Random for SeededRandom {
    fn next_u64(&self) -> u64 {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut mixed = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_decides_the_sequence() {
        let random = SeededRandom::new(0);
        // The published values of splitmix64 for the seed 0.
        assert_eq!(
            [random.next_u64(), random.next_u64(), random.next_u64()],
            [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4, 0x06c4_5d18_8009_454f]
        );
    }

    #[test]
    fn fractions_stay_below_one_and_are_spread() {
        let random = SeededRandom::new(7);
        let fractions: Vec<f64> = (0..1_000).map(|_| random.fraction()).collect();
        assert!(fractions.iter().all(|fraction| (0.0..1.0).contains(fraction)));
        let mean = fractions.iter().sum::<f64>() / 1_000.0;
        assert!((0.45..0.55).contains(&mean), "{mean}");
    }

    #[test]
    fn the_system_does_not_repeat_itself() {
        assert_ne!(SystemRandom.next_u64(), SystemRandom.next_u64());
    }
}
