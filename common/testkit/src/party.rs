//! A party of a test, as the ladder and a failure name it: a peer, or one run of the program.

use crate::context::TestContext;
use crate::failure::{FailedExpectation, advice};
use crate::trace::Endpoints;
use report::{Advice, Direction, Event, Role};
use std::fmt::Display;
use std::sync::Arc;

/// What every peer has, whatever it speaks.
#[derive(Debug)]
pub struct Party {
    pub context: Arc<TestContext>,
    /// Its name in the ladder; `None` for the program.
    name: Option<String>,
    /// What the program is in this conversation, if the test says it.
    pub role: Option<Role>,
    /// What to check should its next expectation fail.
    advice: Option<Advice>,
    /// What to check instead should the program close the connection.
    pub advice_if_closed: Option<Advice>,
    /// What to check instead should the program not close the connection.
    pub advice_if_open: Option<Advice>,
    /// What to check instead should the program send more than was due.
    pub advice_if_more: Option<Advice>,
    /// What to check instead should the program send nothing.
    pub advice_if_silent: Option<Advice>,
}

impl Party {
    /// A peer that has rows of its own in the ladder.
    pub fn peer(context: &Arc<TestContext>, name: &str, role: Option<Role>) -> Party {
        let name = context.ladder().name_peer(name);
        Party { name: Some(name), ..Party::listener(context, "", role) }
    }

    /// A listener. Those that it accepts are peers with its name.
    pub fn listener(context: &Arc<TestContext>, name: &str, role: Option<Role>) -> Party {
        let name = Some(name.to_owned());
        let context = Arc::clone(context);
        Party {
            context,
            name,
            role,
            advice: None,
            advice_if_closed: None,
            advice_if_open: None,
            advice_if_more: None,
            advice_if_silent: None,
        }
    }

    pub fn program(context: &Arc<TestContext>, role: Role) -> Party {
        Party { name: None, ..Party::listener(context, "", Some(role)) }
    }

    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_else(|| self.noun())
    }

    /// What the program is called in sentences.
    pub fn noun(&self) -> &'static str {
        self.role.map_or("program", Role::noun)
    }

    pub fn says(&mut self, id: &str, text: &str) {
        self.advice = Some(advice(id, text));
        self.advice_if_closed = None;
        self.advice_if_open = None;
        self.advice_if_more = None;
        self.advice_if_silent = None;
    }

    pub fn says_if_closed(&mut self, id: &str, text: &str) {
        self.advice_if_closed = Some(advice(id, text));
    }

    pub fn says_if_open(&mut self, id: &str, text: &str) {
        self.advice_if_open = Some(advice(id, text));
    }

    pub fn says_if_more(&mut self, id: &str, text: &str) {
        self.advice_if_more = Some(advice(id, text));
    }

    pub fn says_if_silent(&mut self, id: &str, text: &str) {
        self.advice_if_silent = Some(advice(id, text));
    }

    /// Something that it did or saw, for the ladder.
    pub fn note(&self, direction: Direction, label: impl Into<String>) {
        self.context.ladder().note(self.name(), direction, label);
    }

    /// Bytes that it sent or received.
    pub fn note_bytes(&self, direction: Direction, bytes: &[u8]) {
        self.context.ladder().bytes(self.name(), direction, bytes);
    }

    /// What went over the wire, for the trace.
    pub fn trace(&self, endpoints: Endpoints, direction: Direction, event: impl FnOnce() -> Event) {
        self.context.trace(self.name(), endpoints, direction, event);
    }

    /// A datagram that it sent or received, shown as `label`.
    pub fn note_datagram(&self, direction: Direction, bytes: &[u8], label: String) {
        self.context.ladder().datagram(self.name(), direction, bytes, label);
    }

    /// Fails the test for what the program `did`: `closed the connection`.
    pub fn fail(&self, id: &'static str, did: impl Display, mark: &str) -> ! {
        self.context.fail(self.failed(id, did, mark))
    }

    pub fn failed(&self, id: &'static str, did: impl Display, mark: &str) -> FailedExpectation {
        self.failed_as(id, format!("The {} {did}.", self.noun()), mark)
    }

    /// The same as `fail`, with a sentence of its own.
    pub fn fail_as(&self, id: &'static str, text: String, mark: &str) -> ! {
        self.context.fail(self.failed_as(id, text, mark))
    }

    pub fn failed_as(&self, id: &'static str, text: String, mark: &str) -> FailedExpectation {
        let (peer, role, advice) = (self.name.clone(), self.role, self.advice.clone());
        FailedExpectation { peer, role, advice, ..FailedExpectation::new(id, text, mark) }
    }
}
