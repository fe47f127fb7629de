//! Fingerprints of a sequence of tokens, by winnowing.

use std::collections::HashSet;

use crate::tokens::{Token, hash, tokens};

/// How many tokens a fingerprint covers. Shorter sequences are idioms of the language.
pub const LENGTH: usize = 16;

/// Of this many consecutive hashes, one is a fingerprint.
pub const WINDOW: usize = 5;

/// Two answers that share this many tokens in a row share a fingerprint.
pub const GUARANTEED: usize = LENGTH + WINDOW - 1;

/// A sequence of this many tokens that the stub has, too, does not count. It is shorter than a
/// fingerprint, because a signature ends in the middle of one.
pub const GIVEN: usize = 10;

/// The sequences that all students have: those of the stub and the given files.
#[derive(Clone, Debug, Default)]
pub struct Base(HashSet<u64>);

impl Base {
    /// The base of these texts. A text that is no Rust gives nothing.
    pub fn new<'a>(texts: impl Iterator<Item = &'a str>) -> Base {
        let sequences = texts.filter_map(tokens).flat_map(|tokens| sequences(&tokens, GIVEN));
        Base(sequences.collect())
    }

    /// For each of `tokens`, whether it is a part of a sequence that the base has.
    fn given(&self, tokens: &[Token]) -> Vec<bool> {
        let mut given = vec![false; tokens.len()];
        for (start, sequence) in sequences(tokens, GIVEN).iter().enumerate() {
            if self.0.contains(sequence) {
                given[start..start + GIVEN].fill(true);
            }
        }
        given
    }
}

/// The hash of each sequence of [`LENGTH`] tokens, by the place of its first token. `None` where a
/// token of it is given.
pub fn hashes(tokens: &[Token], base: &Base) -> Vec<Option<u64>> {
    let given = base.given(tokens);
    let is_own = given.windows(LENGTH).map(|given| !given.contains(&true));
    let sequences = sequences(tokens, LENGTH);
    sequences.into_iter().zip(is_own).map(|(hash, is_own)| is_own.then_some(hash)).collect()
}

/// The hashes that winnowing chooses: the least of each window.
pub fn winnow(hashes: &[Option<u64>]) -> HashSet<u64> {
    let windows = hashes.windows(WINDOW.min(hashes.len().max(1)));
    windows.filter_map(|window| window.iter().flatten().min()).copied().collect()
}

fn sequences(tokens: &[Token], length: usize) -> Vec<u64> {
    let codes: Vec<u64> = tokens.iter().map(|token| token.code).collect();
    codes.windows(length).map(hash).collect()
}
