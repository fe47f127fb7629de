//! The thread that notices saves.
//!
//! The system's events make it quick. They do not come from every file system: not from network drives,
//! and not from Windows folders under WSL. So the thread also looks at the files twice a second. Only
//! another content of a Rust file in `src` is a save. An editor's backup files are none, nor is a
//! rename that leaves the content as it was.

use std::collections::BTreeMap;
use std::path::Path;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use lab::course::labs::Lab;
use lab::files;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};

use crate::event::Event;

/// How often the thread looks without an event.
const LOOK: Duration = Duration::from_millis(500);

/// An editor that saves by rename makes several events. The save is complete if none follows.
const QUIET: Duration = Duration::from_millis(5);

/// The longest wait for the end of a save.
const LONGEST_SAVE: Duration = Duration::from_millis(200);

/// Watches until it is dropped.
pub struct Saves {
    /// Its end closes the channel of the thread. `None` after that.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
    /// `None` if the system allows no more watches. Then the thread only looks.
    watcher: Option<RecommendedWatcher>,
}

impl Saves {
    /// Starts to watch `lab`. Each save is sent to `events`.
    pub fn start(lab: &Lab, events: Sender<Event>) -> Saves {
        let (stop, changes) = bounded(1);
        let watcher = watcher(lab, stop.clone());
        let src = lab.src();
        // Before the first run reads the files, so that no save is missed.
        let first = files::rust_fingerprints(&src);
        let thread = thread::spawn(move || watch(&src, first, &changes, &events));
        Saves { stop: Some(stop), thread: Some(thread), watcher }
    }
}

impl Drop for Saves {
    fn drop(&mut self) {
        drop(self.watcher.take());
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().expect("watching does not panic");
        }
    }
}

/// Sends to `changes` at each event. It watches the lab's folder, because an event of a new `src` comes
/// from there.
fn watcher(lab: &Lab, changes: Sender<()>) -> Option<RecommendedWatcher> {
    let on_event = move |event: notify::Result<notify::Event>| {
        // Reading a file is an event, too.
        if event.is_ok_and(|event| !event.kind.is_access()) {
            // In a full channel, a change is already announced.
            let _ = changes.try_send(());
        }
    };
    let mut watcher = notify::recommended_watcher(on_event).ok()?;
    watcher.watch(&lab.path, RecursiveMode::Recursive).ok()?;
    Some(watcher)
}

fn watch(
    src: &Path,
    first: BTreeMap<String, String>,
    changes: &Receiver<()>,
    events: &Sender<Event>,
) {
    let mut known = first;
    loop {
        match changes.recv_timeout(LOOK) {
            Ok(()) => wait_for_end_of_save(changes),
            Err(RecvTimeoutError::Timeout) => (),
            Err(RecvTimeoutError::Disconnected) => return,
        }
        let now = files::rust_fingerprints(src);
        if now != known {
            known = now;
            if events.send(Event::Saved).is_err() {
                return;
            }
        }
    }
}

fn wait_for_end_of_save(changes: &Receiver<()>) {
    let end = Instant::now() + LONGEST_SAVE;
    while Instant::now() < end && changes.recv_timeout(QUIET).is_ok() {}
}
