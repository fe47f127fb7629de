//! One run of the program under test.

use crate::child::{Launch, Running, Started, StdinWriter};
use crate::context::TestContext;
use crate::failure::{FailedExpectation, advice};
use crate::linux::{self, Resources, RunDelays};
use crate::machine;
use crate::party::Party;
use crate::time::{Deadline, poll_until};
use common::net::reason;
use process_tree::rlimit::forbid_new_files;
use report::bytes::show;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Most CPU time of a program that only looks at something now and then.
const LITTLE: Duration = Duration::from_millis(50);

/// How many times two seconds a program has to spend that time.
const SLEEP_LOOKS: usize = 3;

/// A program that was started. It is killed, with its children, when this is dropped.
#[derive(Debug)]
pub struct Process {
    pub(super) party: Party,
    pub(super) running: Arc<Running>,
    pub(super) stdin: Option<StdinWriter>,
    /// How much of stdout was expected already.
    pub(super) consumed: usize,
    /// How long it may take to end, because it may give its clients time.
    pub(super) grace: Duration,
    /// How long its threads have waited for a CPU since it started, as far as that was observed.
    pub(super) delays: Mutex<RunDelays>,
}

impl Process {
    pub(super) fn start(context: &Arc<TestContext>, launch: Launch) -> Process {
        let program = launch.command.get_program().to_string_lossy().into_owned();
        let role = launch.role;
        let Started { running, stdin } = launch.start().unwrap_or_else(|error| {
            if let Some(reason) = machine::shortage_behind(&error) {
                context.fail_by_machine(&reason);
            }
            let text = format!("The program {program} cannot be started: {}.", reason(&error));
            context.fail(FailedExpectation::new("cannot-start", text, "cannot be started"))
        });
        context.watch(Arc::clone(&running));
        Process {
            party: Party::program(context, role),
            running,
            stdin: Some(stdin),
            consumed: 0,
            grace: Duration::ZERO,
            delays: Mutex::default(),
        }
    }

    /// Something that happened to it, for the ladder.
    pub(super) fn remark(&self, label: impl Into<String>) {
        self.party.context.ladder().remark_of(self.running.name(), label);
    }

    /// What to check should the next expectations fail.
    pub fn says(&mut self, id: &str, text: &str) -> &mut Self {
        self.party.says(id, text);
        self
    }

    /// Its process id: the program's, also where it stands behind a wrapper.
    pub fn pid(&self) -> u32 {
        self.running.program()
    }

    /// What it uses now; `None` where that cannot be seen (it can on Linux).
    pub fn resources(&self) -> Option<Resources> {
        let resources = Resources::of(self.pid());
        // A process that is ending loses its files before it can be waited for.
        let is_gone = || poll_until(Deadline::usual(), || self.running.has_ended());
        if cfg!(target_os = "linux") && resources.is_none() && is_gone() {
            self.party.fail("not-running", "is not running any more", "wanted it to run");
        }
        resources
    }

    /// Expects that it soon has no more threads and descriptors than `before` its clients came.
    /// What `happened` then is a sentence without its full stop: `5 clients came and left`.
    pub fn expect_given_back(&self, before: &Resources, happened: &str, id: &str, think: &str) {
        let mut now = *before;
        let given_back = poll_until(Deadline::usual(), || {
            now = self.resources().unwrap_or(*before);
            now.are_back_at(before)
        });
        if given_back {
            return;
        }
        let text = format!(
            "{happened}. Threads: {} before, {} after; descriptors: {} before, {} after.",
            before.threads, now.threads, before.descriptors, now.descriptors
        );
        let failed = FailedExpectation::new("not-given-back", text, "expected no more than before");
        self.party.context.fail(FailedExpectation { advice: Some(advice(id, think)), ..failed });
    }

    /// What it printed on stdout and no test has expected, as a person reads it.
    pub(super) fn unexpected_output(&self) -> Option<String> {
        let stdout = &self.running.stdout;
        (stdout.total() > self.consumed).then(|| stdout.shown_from(self.consumed))
    }

    /// From now on it can open no file and accept no client. `false`, and nothing done, where a
    /// running program cannot be limited (on Linux it can).
    pub fn forbid_new_descriptors(&mut self) -> bool {
        let is_limited = forbid_new_files(self.pid());
        if is_limited {
            self.remark("no further descriptor (RLIMIT_NOFILE)");
        }
        is_limited
    }

    /// Waits until it has handled all its input and all its threads sleep.
    pub fn wait_until_idle(&self) -> bool {
        self.running.wait_until_idle()
    }

    /// Whether it sleeps, except for moments. It may sleep for so short a time that two looks do not
    /// fit in it on a busy machine. Then its CPU time decides. A program that never sleeps may have
    /// to wait for that time, so there is more than one try.
    pub fn sleeps(&self) -> bool {
        let cpu = || self.resources().map_or(Duration::ZERO, |now| now.cpu);
        let before = cpu();
        for _ in 0..SLEEP_LOOKS {
            if self.wait_until_idle() {
                return true;
            }
            if cpu().saturating_sub(before) >= LITTLE {
                return false;
            }
        }
        true
    }

    /// The same as [`Process::wait_until_idle`] for all programs of this test, but not for one that has
    /// computed since the [`Process::processor_time`] was `before`. `false`: this machine is too busy to
    /// say.
    pub fn wait_until_settled(&self, before: Duration) -> bool {
        linux::wait_until_settled(&self.party.context.watched(), before, Deadline::usual())
    }

    /// The time on a CPU of all programs of this test.
    pub fn processor_time(&self) -> Duration {
        linux::processor_time(&self.party.context.watched())
    }

    /// Whether it has ended.
    pub fn has_ended(&self) -> bool {
        self.running.has_ended()
    }

    /// Writes `text` to its stdin; does not wait until it is read.
    pub fn write_stdin(&mut self, text: &[u8]) -> &mut Self {
        self.remark(format!("stdin: {}", show(text)));
        if let Some(stdin) = &mut self.stdin {
            stdin.write(text);
        }
        self
    }

    /// Closes its stdin: Ctrl-D.
    pub fn close_stdin(&mut self) -> &mut Self {
        self.remark("stdin: end");
        self.stdin = None;
        self
    }

    /// Says that this test cannot be run here, and why.
    pub fn skip(&self, reason: &str) {
        self.party.context.skip(reason);
    }

    /// Fails unless `holds`: for what a test has found out by itself.
    pub fn check(&self, holds: bool, sentence: &str, id: &str, think: &str) {
        self.party.context.check(holds, sentence, id, think);
    }

    /// Asks whether a process of this test is slow. It may be this one, or one that it waits for.
    pub(super) fn is_slow(&self) -> impl Fn() -> bool {
        || self.party.context.is_slow()
    }
}
