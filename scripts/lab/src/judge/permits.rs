//! How many tests run at once: few that work, many that wait.
//!
//! Tests that work need a core; more of them than that only get in each other's way. But most
//! tests that fail wait for a deadline, and queueing for those would make a failing lab slow
//! to judge. So a test holds one of a few slots while it is young, and gives it back when it
//! has run for so long that it must be waiting.

use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;

/// The slots that are free.
pub struct Slots {
    free: Mutex<usize>,
    freed: Condvar,
    patience: Duration,
}

/// One slot, free again when this is dropped.
pub struct Slot<'slots>(&'slots Slots);

impl Slots {
    /// For the tests of one program, which somebody waits for. Most tests that pass work for a
    /// third of the time that one may hold its slot; who holds it for longer waits for something.
    pub fn for_one_program() -> Slots {
        Slots::new(Duration::from_millis(20))
    }

    /// For those of many programs at the same time. Each takes longer then, though it does not
    /// wait: who let in others for that would only make all of them slower.
    pub fn for_many_programs() -> Slots {
        Slots::new(Duration::from_secs(1))
    }

    /// Two for each core: while one test waits for its program, another one works.
    fn new(patience: Duration) -> Slots {
        let cores = thread::available_parallelism().map_or(2, usize::from);
        Slots { free: Mutex::new(2 * cores), freed: Condvar::new(), patience }
    }

    /// Waits for a slot.
    pub fn take(&self) -> Slot<'_> {
        let free = self.free.lock().expect("no thread panics with the lock");
        let mut free =
            self.freed.wait_while(free, |free| *free == 0).expect("no thread panics with the lock");
        *free -= 1;
        Slot(self)
    }
}

impl Slot<'_> {
    /// How long a test may hold it.
    pub fn patience(&self) -> Duration {
        self.0.patience
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().expect("no thread panics with the lock") += 1;
        self.0.freed.notify_one();
    }
}
