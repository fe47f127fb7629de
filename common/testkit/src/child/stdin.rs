//! Writing to a program's stdin.

use crate::linux::OwnThread;
use std::io::Write;
use std::process::ChildStdin;
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, OnceLock};
use std::thread;

/// Writes to stdin with a thread of its own: a program that does not read must not stop us. Most
/// programs are written nothing, so the thread begins with the first text.
///
/// It ends when this is dropped and all is written, or when no process can read any more; the
/// program is killed after its test, so that is soon.
#[derive(Debug)]
pub struct StdinWriter {
    /// Until the thread has it.
    stdin: Option<ChildStdin>,
    texts: Option<Sender<Vec<u8>>>,
    thread: Arc<OnceLock<OwnThread>>,
}

impl StdinWriter {
    pub fn new(stdin: ChildStdin) -> StdinWriter {
        StdinWriter { stdin: Some(stdin), texts: None, thread: Arc::default() }
    }

    /// Writes `text`, and does not wait.
    pub fn write(&mut self, text: &[u8]) {
        if let Some(stdin) = self.stdin.take() {
            self.texts = Some(self.begin(stdin));
        }
        if let Some(texts) = &self.texts {
            // Err: a program that has ended reads nothing; the next expectation will say so.
            let _ = texts.send(text.to_owned());
        }
    }

    fn begin(&self, mut stdin: ChildStdin) -> Sender<Vec<u8>> {
        // It holds what the test writes and no more, so it needs no bound.
        let (texts, to_write) = mpsc::channel::<Vec<u8>>();
        let this_thread = self.thread.get_or_init(OwnThread::default).clone();
        thread::spawn(move || {
            this_thread.register();
            for text in to_write {
                if stdin.write_all(&text).and_then(|()| stdin.flush()).is_err() {
                    return;
                }
            }
        });
        texts
    }

    /// The thread that writes, once there is one: when it sleeps, all is written that fits into
    /// the pipe.
    pub fn thread(&self) -> &Arc<OnceLock<OwnThread>> {
        &self.thread
    }
}
