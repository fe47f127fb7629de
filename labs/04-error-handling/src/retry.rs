//! Step retry: asking again, with a fresh socket, later and later.
//!
//! ```text
//!   try 1 ✗ ├─ 0.1 s ─┤ try 2 ✗ ├──── 0.2 s ────┤ try 3 ✗ ├──────── 0.4 s ────────┤ try 4
//!            give or take a quarter, so that a thousand clients do not come back as one
//! ```

use crate::classify::{Trouble, classify};
use crate::frames::FrameError;
use std::net::TcpStream;
use std::time::Duration;

/// Longest delay between two tries: 30 s. Doubling makes hours of seconds in a dozen steps.
pub const MAX_DELAY: Duration = Duration::from_secs(30);

/// How many tries there are, and how long each may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Tries in all, 1 at least.
    pub tries: u32,
    /// For connecting (to each address of a name), and then again for the answer.
    pub timeout: Duration,
}

/// The delays between tries: each about twice the one before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backoff {
    base: Duration,
    /// How many delays there were since the last success.
    delays: u32,
    jitter: fastrand::Rng,
}

impl Backoff {
    /// The first delay is about `base`. Equal seeds give equal delays.
    pub fn new(base: Duration, seed: u64) -> Backoff {
        Backoff { base, delays: 0, jitter: fastrand::Rng::with_seed(seed) }
    }

    /// After a success the next delay is about `base` again.
    pub fn reset(&mut self) {
        self.delays = 0;
    }

    /// The next delay.
    ///
    /// # Contract
    ///
    /// * Delay k (k = 0 for the first) is base x 2^k, times a factor between 0.75 and 1.25 that is
    ///   drawn from `jitter` anew each time; but never more than [`MAX_DELAY`].
    /// * It can be asked for ever: no k is too large.
    ///
    /// # Steps
    ///
    /// 1. `saturating_pow` and `saturating_mul` stop where `*` panics.
    /// 2. `self.jitter.f64()` is between 0 and 1; `Duration::mul_f64` multiplies (and panics when
    ///    the result is no `Duration`: cap before you multiply, and after).
    pub fn next_delay(&mut self) -> Duration {
        todo!("lab04, step retry: next_delay")
    }
}

impl From<FrameError> for Trouble {
    fn from(error: FrameError) -> Trouble {
        match error {
            FrameError::Truncated => Trouble::ClosedEarly,
            FrameError::TooLong(len) => Trouble::TooLong(len),
            FrameError::Io(error) => classify(error),
        }
    }
}

/// Sends `request` over `stream` and returns the answer.
///
/// # Contract
///
/// * Sending it and reading the whole answer take at most `timeout` together, however slowly the
///   server takes or gives.
///
/// # Steps
///
/// 1. Write the request and read the answer through one `Timed`.
/// 2. `?` makes a [`Trouble`] of a [`FrameError`]. No frame at all is a server that closed.
///
/// # Errors
///
/// * [`Trouble::ClosedEarly`]: the server closed before or inside its answer.
/// * [`Trouble::BadEncoding`]: the answer is not UTF-8. [`Trouble::TooLong`]: it, or the request,
///   is longer than a frame may be.
/// * Else what [`classify`] makes of the error.
pub fn ask(stream: &TcpStream, request: &str, timeout: Duration) -> Result<String, Trouble> {
    todo!("lab04, step retry: ask")
}

/// Whether the same request, sent again, may fare better.
///
/// # Contract
///
/// * Refused (the server is being restarted), timed out (it was busy) and reset (it crashed) may
///   heal by themselves; nothing else does in the time that we wait.
///
/// # Steps
///
/// 1. `matches!`.
pub fn may_heal(trouble: &Trouble) -> bool {
    todo!("lab04, step retry: may_heal")
}

/// Asks the server at `address`, again and again if need be.
///
/// # Contract
///
/// * Each try has a fresh connection.
/// * After a try that failed `on_failure` is called with its number (from 1), its trouble, and
///   the delay before the next try: `None` if there is none.
/// * There is a next one only if the trouble [`may_heal`], and `patience.tries` are not used up.
///   It begins when the delay (from `backoff`) is over.
///
/// # Steps
///
/// 1. Connect and [`ask`]. An answer ends it.
/// 2. Decide whether there is a next try; only then take a delay.
/// 3. `on_failure`, then `thread::sleep`: here, and only here, time itself is waited for.
///
/// # Errors
///
/// The trouble of the last try.
pub fn send(
    address: &str,
    request: &str,
    patience: Patience,
    backoff: &mut Backoff,
    on_failure: impl FnMut(u32, &Trouble, Option<Duration>),
) -> Result<String, Trouble> {
    todo!("lab04, step retry: send")
}
