//! Signals that a test sends to the program.

use super::process::Process;
use crate::linux::is_stopped;
use crate::time::{Deadline, mark_program_timer, poll_until};
use common::shutdown::GRACE;
use process_tree::signal;
use report::Action;
use std::thread;
use std::time::{Duration, Instant};

/// How often a program is paused repeatedly, and how long each pause and each run between two
/// pauses takes.
const PAUSES: usize = 40;
const PAUSE: Duration = Duration::from_micros(20);

impl Process {
    /// Sends it Ctrl-C (SIGINT). `false`, and nothing done, where there are no signals.
    pub fn interrupt(&mut self) -> bool {
        self.ask_to_stop(Action::Interrupt, "Ctrl-C (SIGINT)", signal::interrupt)
    }

    /// Sends it SIGTERM. `false`, and nothing done, where there are no signals.
    pub fn terminate(&mut self) -> bool {
        self.ask_to_stop(Action::Terminate, "SIGTERM", signal::terminate)
    }

    fn ask_to_stop(&mut self, action: Action, label: &str, send: fn(u32) -> bool) -> bool {
        self.remark_on(action, label);
        self.running.ask_to_end();
        self.grace = GRACE;
        mark_program_timer();
        self.running.signal(send);
        // A program that is gone gets no signal, but that is no lack of signals.
        cfg!(unix)
    }

    /// Pauses and resumes it many times for some milliseconds, and resumes it in the end. Its
    /// threads get ahead by turns, a few steps at a time. So a change that must be one event and is
    /// two has a chance to be seen, and a good chance on a quiet machine. Does nothing where there
    /// are no signals.
    pub fn pause_repeatedly(&mut self) -> &mut Self {
        // The trace has only the end. A replay cannot repeat pauses as short as these.
        self.remark_on(Action::Resume, "paused repeatedly (SIGSTOP, SIGCONT)");
        for _ in 0..PAUSES {
            self.running.signal(signal::pause);
            spin(PAUSE);
            self.running.signal(signal::resume);
            spin(PAUSE);
        }
        self
    }

    /// Stops it where it is (SIGSTOP). The kernel goes on acknowledging and queueing bytes for it.
    /// `false`, and nothing done, where there are no signals.
    pub fn pause(&mut self) -> bool {
        self.remark_on(Action::Pause, "paused (SIGSTOP)");
        self.running.signal(signal::pause);
        // A SIGCONT that comes too soon takes back a SIGSTOP that no thread has seen yet.
        let program = self.running.program();
        poll_until(Deadline::usual(), || is_stopped(program).unwrap_or(true));
        cfg!(unix)
    }

    /// Lets it continue (SIGCONT).
    pub fn resume(&mut self) -> bool {
        self.remark_on(Action::Resume, "resumed (SIGCONT)");
        self.running.signal(signal::resume);
        cfg!(unix)
    }

    /// An action, for the trace, and for the ladder in words.
    fn remark_on(&self, action: Action, label: &str) {
        self.party.context.ladder().action(action);
        self.remark(label);
    }

    /// Kills it with its children (SIGKILL), and waits until it is gone.
    pub fn kill(&mut self) -> &mut Self {
        // Before its connections end.
        if !self.has_ended() {
            self.remark("killed by the test (SIGKILL)");
        }
        self.running.ask_to_end();
        self.running.kill();
        self
    }
}

/// Passes `time` without sleeping, which would take longer than that.
fn spin(time: Duration) {
    let end = Instant::now() + time;
    while Instant::now() < end {
        thread::yield_now();
    }
}
