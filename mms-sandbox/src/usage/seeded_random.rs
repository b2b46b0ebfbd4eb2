//! Pseudorandom numbers (`SplitMix64`) that depend on a seed and an index alone.

/// Returns the number at an index of the `SplitMix64` sequence of a seed. The algorithm must never change: a seed in a file
/// plays the same usage in every release.
pub(crate) fn splitmix64(seed: u64, index: u64) -> u64 {
    let mut bits = seed.wrapping_add(index.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::splitmix64;

    #[test]
    fn the_numbers_are_those_of_splitmix64() {
        // The first outputs of the published generator for the seed 0.
        assert_eq!(
            [1, 2, 3].map(|index| splitmix64(0, index)),
            [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4, 0x06c4_5d18_8009_454f]
        );
    }
}
