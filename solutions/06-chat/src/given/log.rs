//! `--log FILE` (given): the lines of the room, each with its time.
//!
//! ```text
//!   2026-05-01T12:00:00Z alice joined the chat
//!   2026-05-01T12:00:07Z alice: hello
//! ```
//!
//! A disk can be as slow as a member. So the log has a queue with a limit, too, and a thread that
//! writes its lines. Lines that do not fit are counted, and the number is in the log.

use crossbeam_channel::{Receiver, Sender, bounded};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::SystemTime;

/// How many lines may wait for the disk.
const QUEUE: usize = 4096;

/// The log of a room, or none.
#[derive(Debug, Default)]
pub struct Log {
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    lines: Sender<String>,
    lost: Arc<AtomicUsize>,
    writer: JoinHandle<()>,
}

impl Log {
    /// A log that appends to the file at `path`.
    ///
    /// # Errors
    ///
    /// Those of opening the file.
    pub fn open(path: &Path) -> io::Result<Log> {
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        let (lines, queue) = bounded(QUEUE);
        let lost = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&lost);
        let writer = thread::Builder::new().spawn(move || write_log(&queue, &counter, file))?;
        Ok(Log { open: Some(Open { lines, lost, writer }) })
    }

    /// Adds `line`, which ends in a newline and is [`clean`](crate::broadcast::clean). Never waits.
    pub fn line(&self, line: &str) {
        let Some(log) = &self.open else { return };
        let line = format!("{} {line}", common::log::utc(SystemTime::now()));
        if log.lines.try_send(line).is_err() {
            log.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Drop for Log {
    /// Waits until all lines are written.
    fn drop(&mut self) {
        if let Some(Open { lines, writer, .. }) = self.open.take() {
            drop(lines);
            // If the writer panicked, the panic hook has reported it.
            let _ = writer.join();
        }
    }
}

fn write_log(queue: &Receiver<String>, lost: &AtomicUsize, mut file: File) {
    let mut outcome = Ok(());
    for mut line in queue {
        let missing = lost.swap(0, Ordering::Relaxed);
        if missing > 0 {
            line.push_str(&format!("({missing} lines are missing here)\n"));
        }
        let written = file.write_all(line.as_bytes());
        // A full disk does not end the chat, and is logged once.
        if let (Ok(()), Err(error)) = (&outcome, &written) {
            common::log!("cannot write the log: {}", common::net::reason(error));
        }
        outcome = written;
    }
}
