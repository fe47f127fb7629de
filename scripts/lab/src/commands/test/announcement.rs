//! What the user reads while a lab is built and judged.

use std::io::{self, IsTerminal};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use crate::course::labs::Lab;
use crate::judge;

/// Tells the user that the first build of a lab takes long.
pub fn announce_build(lab: &Lab) {
    let number = &lab.number;
    eprintln!("Building lab {number} and its test program. Only the first build takes long.");
}

/// Tells the user after a while that tests still run, unless the returned value is dropped first.
pub fn announce_if_slow() -> Option<mpsc::Sender<()>> {
    let (finished, wait) = mpsc::channel();
    let announce = move || {
        if wait.recv_timeout(Duration::from_secs(3)) == Err(RecvTimeoutError::Timeout) {
            // A test that hangs does so in the fast pass, and then again in its own process.
            let longest = 2 * judge::deadline().as_secs();
            eprintln!("Some tests are still waiting for your program; at most {longest} s each.");
        }
    };
    // Without a handle: the thread ends by itself, at the latest after its announcement.
    io::stderr().is_terminal().then(|| thread::spawn(announce)).map(|_| finished)
}
