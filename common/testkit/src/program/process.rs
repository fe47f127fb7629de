//! One run of the program under test.

use crate::child::{Launch, Running, Started, StdinWriter};
use crate::context::TestContext;
use crate::failure::{FailedExpectation, advice};
use crate::linux::Resources;
use crate::messages::MessageId;
use crate::time::{Deadline, poll_until};
use common::net::reason;
use report::bytes::show;
use report::{Advice, Role};
use std::sync::Arc;
use std::time::Duration;

/// A program that was started. It is killed, with its children, when this is dropped.
#[derive(Debug)]
pub struct Process {
    pub(super) context: Arc<TestContext>,
    pub(super) running: Arc<Running>,
    pub(super) stdin: Option<StdinWriter>,
    /// How much of stdout was expected already.
    pub(super) consumed: usize,
    /// How long it may take to end: it may give its clients time.
    pub(super) grace: Duration,
    pub(super) advice: Option<Advice>,
}

impl Process {
    pub(super) fn start(context: &Arc<TestContext>, launch: Launch) -> Process {
        let program = launch.command.get_program().to_string_lossy().into_owned();
        let Started { running, stdin } = launch.start().unwrap_or_else(|error| {
            let text = format!("The program {program} cannot be started: {}.", reason(&error));
            context.fail(FailedExpectation::new(MessageId::CannotStart, text, "cannot be started"))
        });
        context.watch(Arc::clone(&running));
        Process {
            context: Arc::clone(context),
            running,
            stdin: Some(stdin),
            consumed: 0,
            grace: Duration::ZERO,
            advice: None,
        }
    }

    /// What to check should the next expectations fail.
    pub fn says(&mut self, id: &str, text: &str) -> &mut Self {
        self.advice = Some(advice(id, text));
        self
    }

    /// Its process id: the program's, also where it stands behind a wrapper.
    pub fn pid(&self) -> u32 {
        self.running.program()
    }

    /// What it uses now; `None` where that cannot be seen (it can on Linux).
    pub fn resources(&self) -> Option<Resources> {
        let resources = Resources::of(self.pid());
        if resources.is_none() && self.running.has_ended() {
            let text = format!("The {} is not running any more.", self.role());
            self.fail(MessageId::NotRunning, text, "wanted it to run");
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
        let failed = FailedExpectation::new(MessageId::NotGivenBack, text, "here");
        self.context.fail(FailedExpectation { advice: Some(advice(id, think)), ..failed });
    }

    /// Waits until it has done all that it can do with what it was given: all its threads sleep.
    pub fn wait_until_idle(&self) -> bool {
        self.running.wait_until_idle()
    }

    /// Whether it has ended.
    pub fn has_ended(&self) -> bool {
        self.running.has_ended()
    }

    /// Writes `text` to its stdin; does not wait until it is read.
    pub fn write_stdin(&mut self, text: &[u8]) -> &mut Self {
        self.context.remark(format!("stdin: {}", show(text)));
        if let Some(stdin) = &mut self.stdin {
            stdin.write(text);
        }
        self
    }

    /// Closes its stdin: Ctrl-D.
    pub fn close_stdin(&mut self) -> &mut Self {
        self.context.remark("stdin: end");
        self.stdin = None;
        self
    }

    /// Says that this test cannot be run here, and why.
    pub fn skip(&self, reason: &str) {
        self.context.skip(reason);
    }

    /// Fails unless `holds`: for what a test has found out by itself.
    pub fn check(&self, holds: bool, sentence: &str, id: &str, think: &str) {
        self.context.check(holds, sentence, id, think);
    }

    pub(super) fn role(&self) -> Role {
        self.running.role()
    }

    /// Asks whether a process of this test waits for a disk: this one, or one that it waits for.
    pub(super) fn at_a_disk(&self) -> impl Fn() -> bool {
        || self.context.waits_for_a_disk()
    }

    pub(super) fn fail(&self, id: MessageId, text: String, mark: &str) -> ! {
        self.context.fail(self.failed(id, text, mark))
    }

    /// An expectation of this program that did not hold.
    pub(super) fn failed(
        &self,
        id: MessageId,
        text: String,
        mark: &str,
    ) -> FailedExpectation<'static> {
        FailedExpectation {
            role: Some(self.role()),
            advice: self.advice.clone(),
            ..FailedExpectation::new(id, text, mark)
        }
    }
}
