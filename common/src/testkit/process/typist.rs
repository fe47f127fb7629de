//! Typing on a program's stdin.

use super::super::deadline::stretched;
use std::io::Write;
use std::process::ChildStdin;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

/// How long a text may take into the pipe before we go on without waiting for it.
const MOMENT: Duration = Duration::from_millis(100);

/// A thread that types: a program that does not read must not stop us.
///
/// It ends when this is dropped and all is typed, or when nobody can read any more; the program
/// is killed after its test, so that is soon.
#[derive(Debug)]
pub struct Typist {
    texts: Sender<Vec<u8>>,
    typed: Receiver<()>,
}

impl Typist {
    pub fn at(mut stdin: ChildStdin) -> Typist {
        // As long as what the test types; so no bound.
        let (texts, to_type) = mpsc::channel::<Vec<u8>>();
        let (done, typed) = mpsc::channel();
        thread::spawn(move || {
            for text in to_type {
                let outcome = stdin.write_all(&text).and_then(|()| stdin.flush());
                if outcome.is_err() || done.send(()).is_err() {
                    return;
                }
            }
        });
        Typist { texts, typed }
    }

    /// Types `text`. When this returns it is in the pipe, unless it does not fit there.
    pub fn types(&self, text: &[u8]) {
        // What did not fit before may do so now.
        while self.typed.try_recv().is_ok() {}
        // Err: a program that has ended reads nothing; the next expectation will say so.
        if self.texts.send(text.to_owned()).is_ok() {
            let _ = self.typed.recv_timeout(stretched(MOMENT));
        }
    }
}
