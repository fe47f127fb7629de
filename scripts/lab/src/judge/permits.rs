//! How many tests run, and how many work, at the same time.
//!
//! A test that works needs a core, and more such tests than cores only slow each other down. But
//! most failing tests wait for a deadline. A failing lab would take long if other tests had to
//! queue behind those. So a new test holds one of a few permits to work. It gives the permit back
//! after a time that only a waiting test reaches.

use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;

use crate::cancel::CancellationToken;

/// The permits of one run of tests, against one program or many.
pub struct Permits {
    running: Semaphore,
    young: Semaphore,
    youth: Duration,
    token: CancellationToken,
}

impl Permits {
    /// For the tests of one program, when the user waits for the verdict. All tests may run. Most
    /// passing tests work for a third of the time that they are young.
    pub fn for_one_program(token: &CancellationToken) -> Permits {
        Permits::new(usize::MAX, Duration::from_millis(20), token)
    }

    /// For the tests of many wrong programs at the same time. Nearly all of them wait for deadlines. Beside
    /// compilers a test takes longer to come to its wait, so it is young for longer.
    pub fn for_many_programs(token: &CancellationToken) -> Permits {
        Permits::new(20 * cores(), Duration::from_millis(300), token)
    }

    /// Two young tests for each core: while one waits for its program, another one works.
    fn new(running: usize, youth: Duration, token: &CancellationToken) -> Permits {
        let (running, young) = (Semaphore::new(running), Semaphore::new(2 * cores()));
        Permits { running, young, youth, token: token.clone() }
    }

    /// Waits until a test may run, and takes the permits of up to `wanted` tests.
    pub fn run(&self, wanted: usize) -> Permit<'_> {
        self.running.take(wanted)
    }

    /// Waits until one more test, or a compiler, may work.
    pub fn work(&self) -> Permit<'_> {
        self.young.take(1)
    }

    /// What starts the test processes, and cancels them.
    pub fn token(&self) -> &CancellationToken {
        &self.token
    }

    /// How long a test that runs is young.
    pub fn youth(&self) -> Duration {
        self.youth
    }
}

fn cores() -> usize {
    thread::available_parallelism().map_or(2, usize::from)
}

struct Semaphore {
    all: usize,
    free: Mutex<usize>,
    freed: Condvar,
}

/// Some permits. Dropping it gives them back.
pub struct Permit<'permits> {
    semaphore: &'permits Semaphore,
    /// How many there are.
    pub count: usize,
}

impl Semaphore {
    fn new(all: usize) -> Semaphore {
        Semaphore { all, free: Mutex::new(all), freed: Condvar::new() }
    }

    /// Takes as many of the `wanted` permits as are free. It waits until at least half of all
    /// permits are free, or as many as are wanted. With one permit, many tests would run one after
    /// the other.
    fn take(&self, wanted: usize) -> Permit<'_> {
        let least = wanted.min(self.all / 2);
        let free = self.free.lock().expect("no thread panics with the lock");
        let mut free = self
            .freed
            .wait_while(free, |free| *free < least)
            .expect("no thread panics with the lock");
        let count = wanted.min(*free);
        *free -= count;
        Permit { semaphore: self, count }
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        *self.semaphore.free.lock().expect("no thread panics with the lock") += self.count;
        self.semaphore.freed.notify_all();
    }
}
