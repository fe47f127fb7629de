//! Typing on a program's stdin.

use crate::family::Helper;
use std::io::Write;
use std::process::ChildStdin;
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, OnceLock};
use std::thread;

/// Types on stdin with a thread of its own: a program that does not read must not stop us. Most
/// programs are typed nothing, so the thread begins with the first text.
///
/// It ends when this is dropped and all is typed, or when nobody can read any more; the program
/// is killed after its test, so that is soon.
#[derive(Debug)]
pub struct Typist {
    /// Until the thread has it.
    stdin: Option<ChildStdin>,
    texts: Option<Sender<Vec<u8>>>,
    helper: Arc<OnceLock<Helper>>,
}

impl Typist {
    pub fn at(stdin: ChildStdin) -> Typist {
        Typist { stdin: Some(stdin), texts: None, helper: Arc::default() }
    }

    /// Types `text`, and does not wait.
    pub fn types(&mut self, text: &[u8]) {
        if let Some(stdin) = self.stdin.take() {
            self.texts = Some(self.begin(stdin));
        }
        if let Some(texts) = &self.texts {
            // Err: a program that has ended reads nothing; the next expectation will say so.
            let _ = texts.send(text.to_owned());
        }
    }

    fn begin(&self, mut stdin: ChildStdin) -> Sender<Vec<u8>> {
        // It holds what the test types and no more, so it needs no bound.
        let (texts, to_type) = mpsc::channel::<Vec<u8>>();
        let helper = self.helper.get_or_init(Helper::default).clone();
        thread::spawn(move || {
            helper.is_here();
            for text in to_type {
                if stdin.write_all(&text).and_then(|()| stdin.flush()).is_err() {
                    return;
                }
            }
        });
        texts
    }

    /// The thread that types, once there is one: when it sleeps, all is typed that fits the pipe.
    pub fn helper(&self) -> &Arc<OnceLock<Helper>> {
        &self.helper
    }
}
