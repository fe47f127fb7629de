//! Step timers: what happens at a time, and how long the loop may sleep.
//!
//! ```text
//!   now        due first
//!    │────────────▶│ 10:00:00.250, 7    answer "x" to client 3
//!    the timeout   │ 10:00:00.250, 9    answer "y" to client 3      the same time, a later number
//!    of the next   │ 10:00:59.000, 4    look at client 5
//!    wait          │ …
//! ```

use crate::given::poller::Token;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// The place of a timer: its time, and a number that no other timer has. Two timers can have the
/// same time.
pub type Key = (Instant, u64);

/// What happens at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Due {
    /// The answer of an `after` request.
    Answer {
        /// Which client asked.
        client: Token,
        /// The line that it gets.
        text: Vec<u8>,
    },
    /// A client may have been too slow.
    Look(Token),
    /// The time of a `fetch` is over.
    FetchOver(Token),
    /// A shortage may have passed.
    AcceptAgain,
}

/// All timers, the first one first.
#[derive(Debug, Default)]
pub struct Timers {
    due: BTreeMap<Key, Due>,
    next: u64,
}

impl Timers {
    /// Adds a timer.
    ///
    /// # Contract
    ///
    /// * Returns its key, by which [`Timers::cancel`] finds it.
    /// * Of two timers with the same time, the older one comes first, and neither is lost.
    ///
    /// # Steps
    ///
    /// 1. The key is `(time, self.next)`. Count `next` up, so that no two keys are equal.
    pub fn insert(&mut self, time: Instant, due: Due) -> Key {
        todo!("lab09, step timers: insert")
    }

    /// Removes a timer. One that was due already is gone.
    pub fn cancel(&mut self, key: Key) {
        self.due.remove(&key);
    }

    /// How long the loop may sleep.
    ///
    /// # Contract
    ///
    /// * The time from `now` to the first timer, and zero if that is due. `None` without timers:
    ///   the loop sleeps until an event comes.
    ///
    /// # Steps
    ///
    /// 1. `first_key_value` of the map is the next timer.
    /// 2. `saturating_duration_since` is zero for a time that has passed.
    pub fn timeout(&self, now: Instant) -> Option<Duration> {
        // Given: without timers, the loop sleeps until an event comes.
        if self.due.is_empty() {
            return None;
        }
        todo!("lab09, step timers: timeout")
    }

    /// Takes the timers that are due at `now`, the first one first.
    ///
    /// # Contract
    ///
    /// * A timer of exactly `now` is due.
    ///
    /// # Steps
    ///
    /// 1. `BTreeMap::split_off` divides the map at a key. `(now, u64::MAX)` is behind all timers of
    ///    `now`.
    /// 2. Keep the later part in `self.due` (`mem::replace`), and return the other one.
    pub fn take_due(&mut self, now: Instant) -> Vec<(Key, Due)> {
        // Given: without timers, none is due.
        if self.due.is_empty() {
            return Vec::new();
        }
        todo!("lab09, step timers: take_due")
    }
}
