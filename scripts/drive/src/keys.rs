//! One key of the terminal as one line.

use std::io::{self, Read};
use std::sync::mpsc::SyncSender;
use std::thread;

use crate::event::Event;

/// A terminal whose keys are read without Enter. Dropping it restores the terminal.
#[derive(Debug)]
pub struct Keyboard {
    #[cfg(unix)]
    before: rustix::termios::Termios,
}

impl Keyboard {
    /// The terminal at stdin. `None`: it is none, or keys cannot be read without Enter.
    #[cfg(unix)]
    pub fn open() -> Option<Keyboard> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let before = tcgetattr(io::stdin()).ok()?;
        let mut attributes = before.clone();
        // Ctrl-C goes on to send SIGINT (ISIG).
        attributes.local_modes.remove(LocalModes::ICANON | LocalModes::ECHO);
        tcsetattr(io::stdin(), OptionalActions::Now, &attributes).ok()?;
        Some(Keyboard { before })
    }

    /// std cannot read a key of the console.
    #[cfg(not(unix))]
    pub fn open() -> Option<Keyboard> {
        None
    }

    /// Sends each key as a line.
    pub fn read(&self, events: SyncSender<Event>) {
        // Not joined: a read of a terminal ends only with a key, or with this process.
        thread::spawn(move || {
            // An arrow key sends several bytes at once.
            let mut key = [0; 16];
            while let Ok(count @ 1..) = io::stdin().read(&mut key) {
                let text = String::from_utf8_lossy(&key[..count]).into_owned();
                if events.send(Event::Line(Some(text))).is_err() {
                    return;
                }
            }
            let _ = events.send(Event::Line(None));
        });
    }
}

#[cfg(unix)]
impl Drop for Keyboard {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        // A terminal that is gone needs no restoring.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.before);
    }
}
