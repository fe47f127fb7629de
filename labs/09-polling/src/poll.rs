//! Step loop: poll(2). The program keeps the list of its sockets, and hands all of it to the kernel
//! at each wait.
//!
//! ```text
//!   sources    3: READ   7: READ   9: READ|WRITE   …          one entry for each socket
//!      │                                                      timeout: None sleeps for ever
//!      ▼
//!   poll(2)    sleeps until one is ready
//!      │
//!      ▼
//!   events     7: readable   9: writable                      only those with revents
//! ```

use crate::given::poller::{Event, Interest, Poller, Source, Token};
use rustix::event::{PollFlags, Timespec};
use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

/// The list of poll(2).
#[derive(Debug, Default)]
pub struct PollList {
    sources: BTreeMap<Token, (Source, Interest)>,
}

/// `interest` as poll(2) takes it, in `events`.
///
/// # Contract
///
/// * `POLLIN` for reading, `POLLOUT` for writing, both or neither.
///
/// # Steps
///
/// 1. `PollFlags::IN` for reading, `PollFlags::OUT` for writing, `PollFlags::empty()` for neither.
///    `|` joins them.
pub fn flags(interest: Interest) -> PollFlags {
    todo!("lab09, step loop: flags")
}

/// The event that poll(2) reports by `revents`.
///
/// # Contract
///
/// * `is_over` stands for `POLLERR` and `POLLHUP`, which the kernel reports without any interest.
///
/// # Steps
///
/// 1. `found.contains(PollFlags::IN)` tells whether it is readable.
/// 2. `ERR` or `HUP` (`intersects`) is the end.
pub fn event(token: Token, found: PollFlags) -> Event {
    todo!("lab09, step loop: event")
}

/// Calls poll(2) with an entry for each of `sources`, and returns an event for each entry that has
/// one.
///
/// # Contract
///
/// * It sleeps until an event comes or `timeout` is over. `None` is no limit.
/// * A signal ends the sleep: no event, and no error.
/// * A source without an event is not in the answer.
///
/// # Steps
///
/// 1. Make a `PollFd::new(&**source, flags(*interest))` for each source, in a `Vec`. The kernel
///    writes its answer into the same list.
/// 2. Call `poll(&mut list, timeout.as_ref())`, with the timeout as `timespec` has it.
///    `Errno::INTR` is a signal.
/// 3. Go through `sources.keys()` and the list together (`zip`), and make an `event` of each entry
///    with `revents` that are not empty.
///
/// # Errors
///
/// Those of poll(2), except for a signal.
pub fn wait_for(
    sources: &BTreeMap<Token, (Source, Interest)>,
    timeout: Option<Duration>,
) -> io::Result<Vec<Event>> {
    todo!("lab09, step loop: wait_for")
}

/// `duration` as system calls take it. A longer one than they know is the longest.
pub fn timespec(duration: Duration) -> Timespec {
    Timespec::try_from(duration).unwrap_or(Timespec { tv_sec: i64::MAX, tv_nsec: 0 })
}

impl Poller for PollList {
    fn add(&mut self, token: Token, source: &Source, interest: Interest) -> io::Result<()> {
        self.sources.insert(token, (Source::clone(source), interest));
        Ok(())
    }

    fn modify(&mut self, token: Token, source: &Source, interest: Interest) -> io::Result<()> {
        self.add(token, source, interest)
    }

    fn remove(&mut self, token: Token, _: &Source) -> io::Result<()> {
        self.sources.remove(&token);
        Ok(())
    }

    fn wait(&mut self, timeout: Option<Duration>, events: &mut Vec<Event>) -> io::Result<()> {
        *events = wait_for(&self.sources, timeout)?;
        Ok(())
    }
}
