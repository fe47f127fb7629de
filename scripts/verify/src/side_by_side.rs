//! Two labs are verified at the same time, and their pages are printed in the order of the labs.
//!
//! ```text
//!   lab 01   stubs ─ solution ─ mistakes ············ the last ones wait for deadlines
//!   lab 02   stubs ─ solution ──────── mistakes ·····
//!   lab 03                                           stubs ─ solution ─ mistakes ···
//! ```
//!
//! The solution and the last mistakes of a lab wait more than they work. Meanwhile, the cores work
//! for another lab.

use std::collections::VecDeque;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, ScopedJoinHandle};

/// How many labs are verified at the same time.
const AT_ONCE: usize = 2;

/// A lab that is being verified, and its pages.
type Started<'scope, T> = (ScopedJoinHandle<'scope, T>, Receiver<String>);

/// Calls `verify` with each of `labs` and a sender for its pages. Calls `print` with each page as soon
/// as it is sent and the labs before have ended. Returns the results in the order of the labs.
pub fn side_by_side<Lab: Sync, T: Send>(
    labs: &[Lab],
    verify: impl Fn(&Lab, Sender<String>) -> T + Sync,
    print: impl Fn(&str),
) -> Vec<T> {
    let finish = |(thread, pages): Started<'_, T>| {
        pages.iter().for_each(|page| print(&page));
        thread.join().expect("verifying does not panic")
    };
    let verify = &verify;
    let mut results = Vec::new();
    thread::scope(|scope| {
        let mut started = VecDeque::new();
        for lab in labs {
            if started.len() == AT_ONCE {
                results.extend(started.pop_front().map(finish));
            }
            let (sender, pages) = mpsc::channel();
            started.push_back((scope.spawn(move || verify(lab, sender)), pages));
        }
        results.extend(started.into_iter().map(finish));
    });
    results
}
