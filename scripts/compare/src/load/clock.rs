//! The phases of a round, which all clients of the round share.
//!
//! ```text
//!   Connecting ──▶ WarmingUp ──▶ Measuring ──▶ Stopped
//! ```

use std::io::{self, ErrorKind};
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// What the clients of a round do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// They connect, and wait until the other clients are connected.
    Connecting,
    /// They talk, and no exchange counts yet.
    WarmingUp,
    /// They talk, and each complete exchange counts.
    Measuring,
    /// They end.
    Stopped,
}

/// The phase of a round.
#[derive(Debug, Default)]
pub struct Clock {
    phase: AtomicU8,
    /// How many clients are connected, or have failed to connect.
    ready: AtomicUsize,
}

impl Clock {
    /// The phase now.
    pub fn phase(&self) -> Phase {
        match self.phase.load(Ordering::Relaxed) {
            0 => Phase::Connecting,
            1 => Phase::WarmingUp,
            2 => Phase::Measuring,
            _ => Phase::Stopped,
        }
    }

    /// Begins `phase`.
    pub fn enter(&self, phase: Phase) {
        self.phase.store(phase as u8, Ordering::Relaxed);
    }

    /// A client has connected, or has failed to connect.
    pub fn count_ready(&self) {
        self.ready.fetch_add(1, Ordering::Relaxed);
    }

    /// How many clients have connected, or have failed to connect.
    pub fn ready(&self) -> usize {
        self.ready.load(Ordering::Relaxed)
    }

    /// Waits until the clients may talk.
    pub fn wait_for_start(&self) {
        while self.phase() == Phase::Connecting {
            thread::park_timeout(Duration::from_millis(5));
        }
    }

    /// Repeats `act`, a system call with a timeout, until it succeeds or the round is over.
    pub fn until_stopped<T>(&self, mut act: impl FnMut() -> io::Result<T>) -> io::Result<T> {
        loop {
            match act() {
                Err(error) if may_repeat(&error) && self.phase() < Phase::Stopped => (),
                other => return other,
            }
        }
    }
}

fn may_repeat(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted)
}
