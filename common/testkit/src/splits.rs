//! The same bytes, split at any offsets, must give the same answers.

use crate::failure::{fail_with, quietly, raise_unprinted};
use proptest::collection::btree_set;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use std::cell::RefCell;
use std::time::{Duration, Instant};

/// How many ways to split are tried. Each may start a process.
const CASES: u32 = 11;

/// How long a smaller failing story is looked for: each that hangs costs a deadline.
const SHRINKING: Duration = Duration::from_secs(3);

/// How many smaller stories are tried.
const SMALLER: u32 = 40;

/// Most offsets at which a conversation is split.
const MOST_SPLITS: usize = 8;

/// Added to a failure that its repetition does not show.
const NOT_REPEATED: &str =
    "(Told once more, alone, it did not fail. It depends on time, or on earlier conversations.)";

/// Calls `story` with `conversation` in one piece, and split into pieces in a dozen ways, the same
/// in every run.
///
/// When a story fails, fewer and earlier splits are tried until none can be left out; that
/// smallest failing story is told (once more, aloud).
pub fn for_any_split(conversation: &[u8], story: impl Fn(&[&[u8]])) {
    // A story that fails unsplit does not fail because of splits, so no smaller one is looked for.
    story(&[conversation]);
    let most = MOST_SPLITS.min(conversation.len().saturating_sub(1));
    let offsets = btree_set(1..conversation.len().max(2), 0..=most);
    let limit = RefCell::new(ShrinkLimit::default());
    let outcome = test_runner().run(&offsets, |offsets| {
        // An untried split counts as good, and the smallest failure so far remains.
        if limit.borrow_mut().is_reached() {
            return Ok(());
        }
        quietly(|| story(&split(conversation, offsets.iter().copied()))).map_err(|failure| {
            limit.borrow_mut().start();
            TestCaseError::fail(failure)
        })
    });
    match outcome {
        Ok(()) => (),
        Err(TestError::Fail(told, offsets)) => {
            story(&split(conversation, offsets.into_iter()));
            raise_unprinted(&told.to_string(), NOT_REPEATED);
        }
        Err(TestError::Abort(reason)) => fail_with(format!("No splits could be tried: {reason}")),
    }
}

fn test_runner() -> TestRunner {
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        // We stop it ourselves, and without the words that it has for that.
        max_shrink_iters: u32::MAX - 1,
        ..Config::default()
    };
    // Always the same splits: a failure that does not repeat teaches nothing.
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(config, rng)
}

/// How long, and how often, a smaller story is looked for after the first failure.
#[derive(Default)]
struct ShrinkLimit {
    first_failure: Option<Instant>,
    tried: u32,
}

impl ShrinkLimit {
    fn start(&mut self) {
        self.first_failure.get_or_insert_with(Instant::now);
    }

    /// To be asked before each story.
    fn is_reached(&mut self) -> bool {
        let Some(first_failure) = self.first_failure else { return false };
        self.tried += 1;
        self.tried > SMALLER || first_failure.elapsed() > SHRINKING
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
