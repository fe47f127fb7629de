//! Step retry: asking again, with a fresh socket, later and later.
//!
//! ```text
//!   try 1 ✗ ├─ 0.1 s ─┤ try 2 ✗ ├──── 0.2 s ────┤ try 3 ✗ ├──────── 0.4 s ────────┤ try 4
//!            give or take a quarter, so that a thousand clients do not come back as one
//! ```

use crate::classify::{classify, connect};
use crate::deadlines::Timed;
use crate::frames::{FrameError, read_frame, write_frame};
use crate::given::client_error::ClientError;
use std::net::TcpStream;
use std::thread;
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
    pub fn next_delay(&mut self) -> Duration {
        // Both may grow out of their type, and then "as much as possible" is right: 2^32 does
        // not fit a u32, and a Duration has an end too.
        let doubled = self.base.saturating_mul(2_u32.saturating_pow(self.delays));
        self.delays = self.delays.saturating_add(1);
        // Capped before the factor too, because mul_f64 panics where saturating_mul does not.
        let factor = 0.75 + self.jitter.f64() / 2.0;
        doubled.min(MAX_DELAY * 2).mul_f64(factor).min(MAX_DELAY)
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
/// # Errors
///
/// * [`ClientError::ClosedEarly`]: the server closed before or inside its answer.
/// * [`ClientError::BadEncoding`]: the answer is not UTF-8. [`ClientError::TooLong`]: it, or the
///   request, is longer than a frame may be.
/// * Every other error as [`classify`] returns it.
pub fn ask(stream: &TcpStream, request: &str, timeout: Duration) -> Result<String, ClientError> {
    let mut timed = Timed::new(stream, timeout);
    write_frame(&mut timed, request.as_bytes())?;
    let answer = read_frame(&mut timed)?.ok_or(ClientError::ClosedEarly)?;
    String::from_utf8(answer).map_err(|_| ClientError::BadEncoding)
}

/// Whether the same request may succeed when it is sent again a moment later.
///
/// # Contract
///
/// * True if the cause may pass by itself while we wait. The server is being restarted and refuses, is
///   busy, or has crashed.
/// * False if the next try would fail in the same way. A server that closes (FIN) has decided so.
pub fn is_retryable(error: &ClientError) -> bool {
    match error {
        ClientError::Refused | ClientError::TimedOut | ClientError::Reset => true,
        // A route or a name takes longer to be corrected than we wait.
        ClientError::Unreachable | ClientError::NoSuchHost => false,
        // The server has decided, or speaks another protocol.
        ClientError::ClosedEarly
        | ClientError::TooLong(_)
        | ClientError::BadEncoding
        | ClientError::Unexpected(_) => false,
        // Unknown errors are for the user to judge.
        ClientError::Io(_) => false,
    }
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
/// # Errors
///
/// The error of the last try.
pub fn send(
    address: &str,
    request: &str,
    policy: RetryPolicy,
    backoff: &mut Backoff,
    mut on_failure: impl FnMut(u32, &ClientError, Option<Duration>),
) -> Result<String, ClientError> {
    let mut number = 1;
    loop {
        let error = match ask_once(address, request, policy.timeout) {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        if number >= policy.tries || !is_retryable(&error) {
            on_failure(number, &error, None);
            return Err(error);
        }
        let delay = backoff.next_delay();
        on_failure(number, &error, Some(delay));
        // A sleep that is meant: there is nothing to wait for but time.
        thread::sleep(delay);
        number += 1;
    }
}

/// One try. The connection ends with it, because the rest of an old conversation (a late answer,
/// half an answer) must not be taken for the answer to the next request.
fn ask_once(address: &str, request: &str, timeout: Duration) -> Result<String, ClientError> {
    let stream = connect(address, timeout)?;
    ask(&stream, request, timeout)
}
