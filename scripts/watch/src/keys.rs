//! The thread that reads the keys.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crossbeam_channel::{Sender, TrySendError};
use ratatui::crossterm::event::{self, Event as Input, KeyEventKind};

use crate::event::{Event, Key};

/// How soon the thread ends when it is stopped.
const LONGEST_WAIT: Duration = Duration::from_millis(50);

/// Reads keys until it is stopped, or until this program ends.
pub struct Keys {
    is_stopped: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Keys {
    /// Starts the thread, which sends to `events`.
    pub fn start(events: Sender<Event>) -> Keys {
        let is_stopped = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&is_stopped);
        let read = move || {
            while !stop.load(Ordering::Relaxed) {
                if let Some(event) = next() {
                    // A key that finds a full channel is lost, and the thread can still be stopped.
                    if let Err(TrySendError::Disconnected(_)) = events.try_send(event) {
                        return;
                    }
                }
            }
        };
        Keys { is_stopped, thread: thread::spawn(read) }
    }

    /// Waits until the thread has ended. Otherwise an editor in the same terminal would lose the keys that
    /// the thread reads.
    ///
    /// The end of this program does not wait for the thread, because crossterm never returns from a terminal
    /// that was closed.
    pub fn stop(self) {
        self.is_stopped.store(true, Ordering::Relaxed);
        self.thread.join().expect("reading keys does not panic");
    }
}

/// What happens within [`LONGEST_WAIT`], if it means anything. A terminal that cannot be read is closed.
fn next() -> Option<Event> {
    let input = match event::poll(LONGEST_WAIT) {
        Ok(false) => return None,
        Ok(true) => event::read(),
        Err(error) => Err(error),
    };
    match input {
        Ok(Input::Key(pressed)) if pressed.kind != KeyEventKind::Release => {
            Key::of(pressed).map(Event::Key)
        }
        Ok(Input::Resize(..)) => Some(Event::Resized),
        Ok(_) => None,
        Err(_) => Some(Event::Stop),
    }
}
