//! A semaphore: how many tests work at the same time.
//!
//! A test that works needs a core; more such tests than cores only slow each other down. But most
//! failing tests wait for a deadline, and a failing lab would take long if other tests had to queue
//! behind those. So a young test holds one of a few permits, and gives it back after a time that only
//! a waiting test reaches.

use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;

/// The permits of one run of tests.
pub struct Permits {
    free: Mutex<usize>,
    freed: Condvar,
    limit: Duration,
}

/// One permit. Dropping it gives it back.
pub struct Permit<'permits>(&'permits Permits);

impl Permits {
    /// For the tests of one program, when the user waits for the verdict. Most passing tests work
    /// for a third of the time that a permit may be held.
    pub fn for_one_program() -> Permits {
        Permits::new(Duration::from_millis(20))
    }

    /// For the tests of many programs at the same time. Each takes longer although it does not wait;
    /// starting more tests would slow down all of them.
    pub fn for_many_programs() -> Permits {
        Permits::new(Duration::from_secs(1))
    }

    /// Two for each core: while one test waits for its program, another one works.
    fn new(limit: Duration) -> Permits {
        let cores = thread::available_parallelism().map_or(2, usize::from);
        Permits { free: Mutex::new(2 * cores), freed: Condvar::new(), limit }
    }

    /// Waits for a permit.
    pub fn take(&self) -> Permit<'_> {
        let free = self.free.lock().expect("no thread panics with the lock");
        let mut free =
            self.freed.wait_while(free, |free| *free == 0).expect("no thread panics with the lock");
        *free -= 1;
        Permit(self)
    }
}

impl Permit<'_> {
    /// How long a test may hold it.
    pub fn limit(&self) -> Duration {
        self.0.limit
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().expect("no thread panics with the lock") += 1;
        self.0.freed.notify_one();
    }
}
