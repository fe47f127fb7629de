//! How much of what a program prints is read.

use crate::drain::{Drain, FirstLine};
use std::fs::File;
use std::io;
use std::process::Child;

/// How much is read of a program's output, before its pipes are closed.
#[derive(Clone, Copy, Debug)]
pub enum Listening {
    ToAll,
    /// Of stdout; nothing of stderr.
    ToTheFirstLine,
}

impl Listening {
    /// The threads that read what `child` prints: its stderr from `screen`, if it has one.
    pub fn to(self, child: &mut Child, screen: Option<File>) -> (Drain, Drain) {
        let stdout = child.stdout.take().expect("it is piped");
        let stderr = child.stderr.take();
        match (self, screen) {
            (Listening::ToAll, None) => {
                (Drain::of(stdout), Drain::of_log(stderr.expect("it is piped")))
            }
            (Listening::ToAll, Some(screen)) => (Drain::of(stdout), Drain::of_log(screen)),
            (Listening::ToTheFirstLine, _) => {
                drop(stderr);
                (Drain::of(FirstLine::of(stdout)), Drain::of(io::empty()))
            }
        }
    }
}
