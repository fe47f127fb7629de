//! Step retry: asking again, with a fresh socket, later and later.
//!
//! ```text
//!   try 1 ✗ ├─ 0.1 s ─┤ try 2 ✗ ├──── 0.2 s ────┤ try 3 ✗ ├──────── 0.4 s ────────┤ try 4
//!            give or take a quarter, so that a thousand clients do not come back as one
//! ```

use crate::classify::classify;
use crate::frames::FrameError;
use crate::given::client_error::ClientError;
use std::net::TcpStream;
use std::time::Duration;

/// Longest delay between two tries: 30 s. Doubling makes hours of seconds in a dozen steps.
pub const MAX_DELAY: Duration = Duration::from_secs(30);

/// How many tries there are, and how long each may take.
#[derive(Clone, Copy, Debug)]
pub struct RetryPolicy {
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
    ///   drawn from `jitter` each time.
    /// * No delay is longer than [`MAX_DELAY`]. When base x 2^k is longer, the delay is at least
    ///   three quarters of [`MAX_DELAY`].
    /// * It never fails, however large k is.
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

impl From<FrameError> for ClientError {
    fn from(error: FrameError) -> ClientError {
        match error {
            FrameError::Truncated => ClientError::ClosedEarly,
            FrameError::TooLong(len) => ClientError::TooLong(len),
            FrameError::Io(error) => classify(error),
        }
    }
}

/// Sends `request` over `stream` and returns the answer.
///
/// # Contract
///
/// * Sending it and reading the whole answer take at most `timeout` together, however slowly the
///   server reads or writes.
///
/// # Steps
///
/// 1. Write the request and read the answer through one `Timed`.
/// 2. `?` makes a [`ClientError`] of a [`FrameError`]. No frame at all means that the server
///    closed.
///
/// # Errors
///
/// * [`ClientError::ClosedEarly`]: the server closed before or inside its answer.
/// * [`ClientError::BadEncoding`]: the answer is not UTF-8. [`ClientError::TooLong`]: it, or the
///   request, is longer than a frame may be.
/// * Every other error as [`classify`] returns it.
pub fn ask(stream: &TcpStream, request: &str, timeout: Duration) -> Result<String, ClientError> {
    todo!("lab04, step retry: ask")
}

/// Whether the same request may succeed when it is sent again a moment later.
///
/// # Contract
///
/// * True if the cause may pass by itself while we wait. The server is being restarted and refuses, is
///   busy, or has crashed.
/// * False if the next try would fail in the same way. A server that closes (FIN) has decided so.
///
/// # Steps
///
/// 1. Decide each variant of [`ClientError`], and list them all. Without `_`, a variant that is
///    added later does not compile until it is decided too.
pub fn is_retryable(error: &ClientError) -> bool {
    todo!("lab04, step retry: is_retryable")
}

/// Asks the server at `address`, more than once if that may help.
///
/// # Contract
///
/// * Each try has a fresh connection. That of a failed try is closed before the next one begins.
/// * After a failed try `on_failure` is called with its number (from 1), its error, and the delay
///   before the next try: `None` if there is none.
/// * There is a next one only if the error [`is_retryable`], and `policy.tries` are not used up.
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
/// The error of the last try.
pub fn send(
    address: &str,
    request: &str,
    policy: RetryPolicy,
    backoff: &mut Backoff,
    on_failure: impl FnMut(u32, &ClientError, Option<Duration>),
) -> Result<String, ClientError> {
    todo!("lab04, step retry: send")
}
