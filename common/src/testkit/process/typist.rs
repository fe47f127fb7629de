//! Typing on a program's stdin.

use super::super::family::Helper;
use std::io::Write;
use std::process::ChildStdin;
use std::sync::mpsc::{self, Sender};
use std::thread;

/// A thread that types: a program that does not read must not stop us.
///
/// It ends when this is dropped and all is typed, or when nobody can read any more; the program
/// is killed after its test, so that is soon.
#[derive(Debug)]
pub struct Typist {
    texts: Sender<Vec<u8>>,
    helper: Helper,
}

impl Typist {
    pub fn at(mut stdin: ChildStdin) -> Typist {
        // It holds what the test types and no more, so it needs no bound.
        let (texts, to_type) = mpsc::channel::<Vec<u8>>();
        let helper = Helper::default();
        let this = helper.clone();
        thread::spawn(move || {
            this.is_here();
            for text in to_type {
                if stdin.write_all(&text).and_then(|()| stdin.flush()).is_err() {
                    return;
                }
            }
        });
        Typist { texts, helper }
    }

    /// Types `text`, and does not wait.
    pub fn types(&self, text: &[u8]) {
        // Err: a program that has ended reads nothing; the next expectation will say so.
        let _ = self.texts.send(text.to_owned());
    }

    /// The thread that types: when it sleeps, all is typed that fits the pipe.
    pub fn helper(&self) -> &Helper {
        &self.helper
    }
}
