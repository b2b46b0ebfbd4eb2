//! Seeds of a randomized test: a few in `cargo test`, many in `cargo xtask soak`.

use std::ops::Range;

/// Says whether the full form is wanted.
pub(crate) fn is_soak() -> bool {
    std::env::var_os("MMS_SOAK").is_some()
}

/// Returns the seeds of a short form or of the full one. `MMS_SOAK_SEED` is the first of them; 0 without it.
pub(crate) fn seeds(short: u64, full: u64) -> Range<u64> {
    let first: u64 = std::env::var("MMS_SOAK_SEED").map_or(0, |seed| seed.parse().expect("a seed is a number"));
    first..first.saturating_add(if is_soak() { full } else { short })
}

/// Runs something once for each seed. Where that panics, the seed is named that does it again.
pub(crate) fn for_each(seeds: Range<u64>, mut run: impl FnMut(u64)) {
    struct Culprit(u64);
    impl Drop for Culprit {
        fn drop(&mut self) {
            if std::thread::panicking() {
                println!("MMS_SOAK_SEED={} begins with what failed", self.0);
            }
        }
    }
    for seed in seeds {
        let _culprit = Culprit(seed);
        run(seed);
    }
}
