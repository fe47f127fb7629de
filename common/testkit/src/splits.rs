//! The same bytes, split at any offsets, must give the same answers.

use crate::failure::{fail_with, quietly, raise_unprinted};
use proptest::collection::btree_set;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use std::cell::{Cell, OnceCell};
use std::time::{Duration, Instant};

/// How many ways to split are tried: each may start a process.
const CASES: u32 = 11;

/// How long a smaller failing story is looked for: each that hangs costs a deadline.
const SHRINKING: Duration = Duration::from_secs(3);

/// How many smaller stories are tried.
const SMALLER: u32 = 40;

/// Most offsets at which a conversation is split.
const MOST_SPLITS: usize = 8;

/// Calls `story` with `conversation` in one piece, and split into pieces in a dozen ways, the same
/// in every run.
///
/// When a story fails, fewer and earlier splits are tried until none can be left out; that
/// smallest failing story is told (once more, aloud).
pub fn for_any_split(conversation: &[u8], story: impl Fn(&[&[u8]])) {
    // What fails unsplit has nothing to do with splits: no smaller story need be looked for.
    story(&[conversation]);
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        // We stop it ourselves, and without the words that it has for that.
        max_shrink_iters: u32::MAX - 1,
        ..Config::default()
    };
    // Always the same splits: a failure that does not repeat teaches nothing.
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let most = MOST_SPLITS.min(conversation.len().saturating_sub(1));
    let places = btree_set(1..conversation.len().max(2), 0..=most);
    let first_failure: OnceCell<Instant> = OnceCell::new();
    let smaller = Cell::new(0);
    let outcome = runner.run(&places, |places| {
        // Enough: what is not tried counts as good, and the smallest failure so far remains.
        if let Some(failure) = first_failure.get() {
            smaller.set(smaller.get() + 1);
            if smaller.get() > SMALLER || failure.elapsed() > SHRINKING {
                return Ok(());
            }
        }
        let told = quietly(|| story(&split(conversation, places.iter().copied())));
        told.map_err(|failure| {
            first_failure.get_or_init(Instant::now);
            TestCaseError::fail(failure)
        })
    });
    match outcome {
        Ok(()) => (),
        Err(TestError::Fail(told, places)) => {
            story(&split(conversation, places.into_iter()));
            let remark = "(Told once more, alone, it did not fail: it is a matter of time, or of what came before.)";
            raise_unprinted(&told.to_string(), remark);
        }
        Err(TestError::Abort(reason)) => fail_with(format!("No splits could be tried: {reason}")),
    }
}

fn split(conversation: &[u8], places: impl Iterator<Item = usize>) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for place in places.chain([conversation.len()]) {
        pieces.push(&conversation[start..place]);
        start = place;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_split_is_shrunk_to_one_place() {
        let conversation = b"hello, world\n";
        let smallest = quietly(|| {
            for_any_split(conversation, |pieces| {
                // A program that fails whenever the comma and the space are apart.
                let apart = pieces.iter().any(|piece| piece.ends_with(b","));
                if apart {
                    std::panic::resume_unwind(Box::new(format!("{} pieces", pieces.len())));
                }
            });
        });
        assert_eq!(smallest, Err("2 pieces".to_owned()));
    }

    #[test]
    fn pieces_are_the_whole_conversation() {
        for_any_split(b"abcdef", |pieces| assert_eq!(pieces.concat(), b"abcdef"));
    }
}
