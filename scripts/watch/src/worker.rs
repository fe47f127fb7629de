//! The threads that build and judge.
//!
//! ```text
//!   judge() ──▶ supervisor: cancels the run, waits for its end, starts the next one
//!                   └─▶ run: build, tests, verdict ──▶ Event::Ended
//! ```
//!
//! A run that is cancelled sends nothing. So the last event is about the last save.

use std::thread::{self, JoinHandle};

use crossbeam_channel::{Receiver, Sender, bounded};
use lab::build::cargo::{Reporting, Verbosity};
use lab::build::suite::Suite;
use lab::cancel::CancellationToken;
use lab::commands::test;
use lab::course::labs;
use lab::workspace::Workspace;

use crate::event::Event;

/// What is judged, and how.
#[derive(Clone)]
pub struct Subject {
    /// The workspace of the lab.
    pub workspace: Workspace,
    /// `01`
    pub number: String,
    /// Whether diagnostics have colours.
    pub color: bool,
}

/// Judges on request until it is dropped.
pub struct Worker {
    /// `None` when the supervisor has to end.
    requests: Option<Sender<()>>,
    supervisor: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts the supervisor. Runs send to `events`.
    pub fn start(subject: Subject, events: Sender<Event>) -> Worker {
        let (requests, receiver) = bounded(1);
        let supervise = move || supervise(&subject, &receiver, &events);
        Worker { requests: Some(requests), supervisor: Some(thread::spawn(supervise)) }
    }

    /// Cancels the run and starts another one.
    pub fn judge(&self) {
        if let Some(requests) = &self.requests {
            // In a full channel, a request waits already. Its run will read the newest files.
            let _ = requests.try_send(());
        }
    }
}

impl Drop for Worker {
    /// Ends the run and all of its processes.
    fn drop(&mut self) {
        drop(self.requests.take());
        if let Some(supervisor) = self.supervisor.take() {
            // If it has panicked, the panic was shown already.
            let _ = supervisor.join();
        }
    }
}

fn supervise(subject: &Subject, requests: &Receiver<()>, events: &Sender<Event>) {
    let mut run: Option<Run> = None;
    for () in requests {
        drop(run.take());
        run = Some(Run::start(subject.clone(), events.clone()));
    }
}

/// One run, which is cancelled when it is dropped.
struct Run {
    token: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

impl Run {
    fn start(subject: Subject, events: Sender<Event>) -> Run {
        let token = CancellationToken::default();
        let of_thread = token.clone();
        let thread = thread::spawn(move || subject.judge(&of_thread, &events));
        Run { token, thread: Some(thread) }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.token.cancel();
        if let Some(thread) = self.thread.take() {
            // If it has panicked, it has ended the program.
            let _ = thread.join();
        }
    }
}

impl Subject {
    fn judge(&self, token: &CancellationToken, events: &Sender<Event>) {
        let _panic = ReportPanic(events);
        // Each run reads lab.toml again, which may have changed.
        let judgement = labs::find(&self.workspace, &self.number).and_then(|lab| {
            let is_first_build = Suite::cached(&self.workspace, &lab).is_none();
            // The channel is closed only when the program ends.
            let _ = events.send(Event::Started { is_first_build });
            let (verbosity, color) = (Verbosity::Quiet, self.color);
            let reporting = Reporting { verbosity, color, token: Some(token) };
            test::judge(&self.workspace, &lab, None, reporting)
        });
        if !token.is_cancelled() {
            let _ = events.send(Event::Ended(judgement.map_err(|error| error.to_string())));
        }
    }
}

/// Ends the program if its thread panics. Without a verdict, it would show an old one for ever.
struct ReportPanic<'events>(&'events Sender<Event>);

impl Drop for ReportPanic<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            let _ = self.0.send(Event::Panicked);
        }
    }
}
