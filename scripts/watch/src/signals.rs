//! Signals that ask this program to end.
//!
//! ```text
//!   SIGINT    ─▶ is_interrupted ─┐
//!   SIGHUP    ─▶ is_hung_up ─────┼─▶ wakes
//!   SIGTERM   ─▶ is_terminated ──┤
//!   SIGCHLD   ───────────────────┘
//! ```
//!
//! The terminal sends SIGINT to all of its programs. While another program has the terminal, the
//! student ends that one, and this one goes on. SIGTERM and SIGHUP always end this one.
//!
//! The handler itself sets the flags. The kernel gives a signal of the terminal to all of its programs
//! before one of them can end by it. So after the end of the other program, its flag is set.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam_channel::{Receiver, Sender, bounded};
use lab::error::Error;

/// Which signals came.
pub struct Signals {
    is_interrupted: Arc<AtomicBool>,
    is_hung_up: Arc<AtomicBool>,
    is_terminated: Arc<AtomicBool>,
    wakes: Receiver<()>,
}

impl Signals {
    /// From now on, no signal ends this process.
    ///
    /// # Errors
    ///
    /// The system does not allow it.
    pub fn handle() -> Result<Signals, Error> {
        // One message wakes the receiver, who then looks at all flags.
        let (wake, wakes) = bounded(1);
        let signals = Signals {
            is_interrupted: Arc::default(),
            is_hung_up: Arc::default(),
            is_terminated: Arc::default(),
            wakes,
        };
        let handled = signals.set_handlers(wake);
        handled.map_err(|error| Error::failed("cannot handle signals", error))?;
        Ok(signals)
    }

    #[cfg(unix)]
    fn set_handlers(&self, wake: Sender<()>) -> std::io::Result<()> {
        use signal_hook::consts::{SIGCHLD, SIGHUP, SIGINT, SIGTERM};
        use signal_hook::{flag, iterator};
        flag::register(SIGINT, Arc::clone(&self.is_interrupted))?;
        flag::register(SIGHUP, Arc::clone(&self.is_hung_up))?;
        flag::register(SIGTERM, Arc::clone(&self.is_terminated))?;
        // Registered last, so that the flag is set when the receiver wakes.
        let mut signals = iterator::Signals::new([SIGINT, SIGTERM, SIGHUP, SIGCHLD])?;
        // Not joined: it waits for signals until this process ends.
        std::thread::spawn(move || {
            for _ in signals.forever() {
                // In a full channel, a message waits already.
                let _ = wake.try_send(());
            }
        });
        Ok(())
    }

    #[cfg(not(unix))]
    fn set_handlers(&self, wake: Sender<()>) -> Result<(), ctrlc::Error> {
        let is_interrupted = Arc::clone(&self.is_interrupted);
        ctrlc::set_handler(move || {
            is_interrupted.store(true, Ordering::SeqCst);
            let _ = wake.try_send(());
        })
    }

    /// A message for one or more signals. SIGCHLD sends one, too: a child has ended.
    pub fn wakes(&self) -> &Receiver<()> {
        &self.wakes
    }

    /// Whether SIGTERM came. The sender does not know the program that has the terminal.
    pub fn is_terminated(&self) -> bool {
        self.is_terminated.load(Ordering::SeqCst)
    }

    /// Whether a signal came that ends this program, also while another one has the terminal.
    pub fn must_end(&self) -> bool {
        self.is_terminated() || self.is_hung_up.load(Ordering::SeqCst)
    }

    /// Whether any signal came that ends this program while it has the terminal.
    pub fn has_any(&self) -> bool {
        self.must_end() || self.is_interrupted.load(Ordering::SeqCst)
    }

    /// Forgets a SIGINT, which was for the program that had the terminal.
    pub fn forget_interrupt(&self) {
        self.is_interrupted.store(false, Ordering::SeqCst);
    }
}
