//! The process itself: a child whose output is always read, and what a failing test asks of it.

use super::alive;
use super::panic::Panic;
use crate::deadline::{Deadline, Patience, poll_until};
use crate::drain::Drain;
use crate::family::Helper;
use crate::resources::{Watched, wait_until_idle};
use crate::{family, processes};
use std::process::{Child, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

/// How many lines of stderr a failure shows, and how many characters of each.
const LAST_WORDS: (usize, usize) = (6, 95);

/// The exit status of a program that was called with wrong arguments.
const WRONG_USAGE: i32 = 2;

/// A child process with its output drained; what a failing test looks at.
#[derive(Debug)]
pub struct Running {
    pub noun: &'static str,
    /// The process that we started: the program, or a wrapper around it.
    pub pid: u32,
    pub stdout: Drain,
    pub stderr: Drain,
    /// The thread that types on its stdin, if anything was typed.
    typist: Arc<OnceLock<Helper>>,
    /// How the program's command line ends, wrapper or not.
    tail: Vec<String>,
    /// What it and all that it starts have in their environment.
    mark: String,
    life: Mutex<Life>,
    asked_to_end: AtomicBool,
}

#[derive(Debug)]
struct Life {
    child: Child,
    /// Whether we have waited for it. From then on its id may be anybody's.
    is_over: bool,
}

impl Running {
    pub fn new(
        noun: &'static str,
        child: Child,
        typist: Arc<OnceLock<Helper>>,
        (stdout, stderr): (Drain, Drain),
        tail: Vec<String>,
        mark: String,
    ) -> Running {
        let (pid, asked_to_end) = (child.id(), AtomicBool::new(false));
        let life = Mutex::new(Life { child, is_over: false });
        Running { noun, pid, stdout, stderr, typist, tail, mark, life, asked_to_end }
    }

    /// The id of the program, also behind a wrapper.
    pub fn program(&self) -> u32 {
        family::program(self.pid, &self.tail)
    }

    pub fn has_ended(&self) -> bool {
        self.status().is_some()
    }

    /// How it ended, if it has. It is not waited for yet, so its id remains its own.
    pub fn status(&self) -> Option<ExitStatus> {
        let mut life = self.life.lock().expect("no panic under the lock");
        let status = match life.is_over {
            true => life.child.try_wait(),
            false => processes::peek(&mut life.child),
        };
        status.ok().flatten()
    }

    /// Whether it ended, and its last words on stderr have arrived here.
    pub fn has_said_all(&self) -> bool {
        self.has_ended() && self.stderr.has_ended()
    }

    /// A server runs until it is told to stop; a client may end when it has nothing left to do,
    /// but not because it does not understand what it was told.
    pub fn ended_unasked(&self) -> bool {
        !self.was_asked_to_end()
            && if self.noun == "server" { self.has_ended() } else { self.is_misunderstood() }
    }

    /// Whether a signal ended it that nobody has sent: SIGSEGV, SIGABRT.
    pub fn has_crashed(&self) -> bool {
        !self.was_asked_to_end() && self.status().is_some_and(|status| status.code().is_none())
    }

    pub fn ask_to_end(&self) {
        self.asked_to_end.store(true, Ordering::SeqCst);
    }

    fn was_asked_to_end(&self) -> bool {
        self.asked_to_end.load(Ordering::SeqCst)
    }

    /// Sends a signal to the program, if it is still there to get one.
    pub fn signal(&self, send: impl Fn(u32) -> bool) {
        let life = self.life.lock().expect("no panic under the lock");
        if !life.is_over {
            send(self.program());
        }
    }

    /// Waits until it has ended: to the usual deadline and `grace`, and longer as long as it
    /// prints, or somebody `waits_for_a_disk`.
    pub fn wait_for_end(&self, grace: Duration, waits_for_a_disk: impl Fn() -> bool) -> bool {
        let mut patience = Patience::with(grace);
        let printed = || self.stdout.total() + self.stderr.total();
        let mut before = printed();
        poll_until(patience.last(), || {
            if printed() > before {
                before = printed();
                patience.renew();
            }
            self.has_ended() || patience.left_unless(&waits_for_a_disk).is_none()
        });
        self.has_ended()
    }

    /// Waits until all its threads sleep. `false`: it ended, or it never did.
    pub fn wait_until_idle(&self) -> bool {
        wait_until_idle(&Running::watched([self]), Deadline::usual()) && !self.has_ended()
    }

    /// What is left to wait for of these processes: those that run, what was typed for them, and
    /// what all have printed.
    pub fn watched<'a>(processes: impl IntoIterator<Item = &'a Running>) -> Watched {
        let mut watched = Watched::default();
        for process in processes {
            watched.pids.extend((!process.has_ended()).then_some(process.pid));
            let readers = [process.stdout.helper(), process.stderr.helper()];
            let helpers = readers.into_iter().chain(process.typist.get());
            watched.helpers.extend(helpers.filter_map(Helper::id));
        }
        watched
    }

    /// Kills it with its children.
    pub fn kill(&self) {
        let life = self.life.lock().expect("no panic under the lock");
        if !life.is_over {
            processes::kill_family(self.pid);
        }
        drop(life);
        // The kernel closes its sockets one by one: a FIN that came does not mean that its port
        // is free.
        poll_until(Deadline::usual(), || self.has_ended());
    }

    /// Kills what is left of it and of all that it started, waits for it, and reads its output to
    /// the end.
    pub fn reap(&self) {
        self.kill();
        let mut life = self.life.lock().expect("no panic under the lock");
        if life.is_over {
            return;
        }
        alive::forget(self.pid);
        life.is_over = true;
        // Once more, by the system's own means, should ours have failed.
        let _ = life.child.kill();
        if !poll_until(Deadline::usual(), || !matches!(life.child.try_wait(), Ok(None))) {
            eprintln!("process {} cannot be killed", self.pid);
        }
        drop(life);
        processes::kill_marked(&self.mark, self.pid, alive::all);
        // Whoever escaped all that could hold the pipes open: wait, but not for ever.
        if poll_until(Deadline::usual(), || self.stdout.has_ended() && self.stderr.has_ended()) {
            self.stdout.join();
            self.stderr.join();
        }
    }

    pub fn status_words(&self) -> String {
        // The standard library writes `exit status: 3`: in a sentence the colon is odd.
        self.status().map_or("still running".to_owned(), |status| {
            status.to_string().replacen("status: ", "status ", 1)
        })
    }

    /// How it ended although nobody asked it to, in a sentence.
    pub fn end_in_words(&self) -> String {
        match (self.noun, self.is_misunderstood()) {
            (noun, true) => {
                format!("The {noun} did not understand its arguments (exit status {WRONG_USAGE}).")
            }
            (noun, false) => format!("The {noun} ended by itself ({}).", self.status_words()),
        }
    }

    /// By convention, status 2 means wrong usage (clap and argparse keep to it).
    fn is_misunderstood(&self) -> bool {
        self.status().is_some_and(|status| status.code() == Some(WRONG_USAGE))
    }

    pub fn panics(&self) -> Vec<Panic> {
        Panic::find_all(&self.log())
    }

    /// All that it has written to stderr so far.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&self.stderr.text()).into_owned()
    }

    /// The end of stderr, which often says it all.
    pub fn last_words(&self) -> Vec<String> {
        let log = self.log();
        if let Some((step, _)) = Panic::find_all(&log).first().and_then(Panic::unwritten) {
            let noun = self.noun;
            return vec![format!(
                "(Then the {noun} came to step {step}, which is not written yet.)"
            )];
        }
        let says_something =
            |line: &&str| !line.trim().is_empty() && !line.starts_with("note: run with");
        let lines: Vec<&str> = log.lines().filter(says_something).collect();
        if lines.is_empty() {
            return Vec::new();
        }
        let ended = match self.has_ended() {
            true => format!(" ({})", self.status_words()),
            false => String::new(),
        };
        let heading = format!("The {}'s last words on stderr{ended}:", self.noun);
        let shown = lines.len().saturating_sub(LAST_WORDS.0);
        let cut =
            |line: &&str| format!("    {}", line.chars().take(LAST_WORDS.1).collect::<String>());
        [heading].into_iter().chain(lines[shown..].iter().map(cut)).collect()
    }
}
