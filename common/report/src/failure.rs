//! A failure: what went wrong, where, and what to check.

use crate::ladder::Ladder;
use serde::{Deserialize, Serialize};

/// Why a test failed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// Its kind.
    pub kind: Kind,
    /// What went wrong, in one sentence.
    pub message: Message,
    /// More of it: what the test missed when the program panicked, for instance.
    pub details: Vec<String>,
    /// The last lines that the programs of the test wrote to stderr.
    pub stderr: Vec<StderrTail>,
    /// What the program under test was, if the failure is one program's.
    pub role: Option<Role>,
    /// Where in the student's code it panicked, or came to a `todo!`.
    pub place: Option<Place>,
    /// The unwritten function, for [`Kind::Unwritten`].
    pub unwritten: Option<Unwritten>,
    /// What the test expected, as text for people.
    pub expected: Option<String>,
    /// What it received instead.
    pub received: Option<String>,
    /// The conversation. `None` where it explains nothing.
    pub ladder: Option<Ladder>,
    /// What to check in the code.
    pub advice: Option<Advice>,
    /// How long nothing had happened when the test gave up, in milliseconds.
    pub waited_ms: Option<u64>,
}

/// Why a test failed, as far as a program needs to distinguish.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The program came to a `todo!`.
    Unwritten,
    /// The program panicked elsewhere.
    Panicked,
    /// The program exited although it should not have.
    Exited,
    /// The program did not do what the test expected.
    #[default]
    Expectation,
}

/// A sentence of the test kit. The text may change; the id stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// `unexpected-bytes`
    pub id: String,
    /// The sentence.
    pub text: String,
}

/// What to check in the code. The text may change; the id stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advice {
    /// `echo-each-read`
    pub id: String,
    /// One or two sentences.
    pub text: String,
}

/// What the program under test is in this test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// It listens.
    Server,
    /// It connects, and then exits.
    Client,
    /// It has no peer: it answers questions on stdout, and then exits.
    Tool,
}

/// A place in the student's code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// As rustc writes it, relative to the workspace: `labs/01-echo/src/listen.rs`.
    pub file: String,
    /// From 1.
    pub line: u32,
}

/// A function that is not written yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unwritten {
    /// The name of its step: `listen`.
    pub step: String,
    /// The function, as its `todo!` names it.
    pub function: String,
}

/// The end of what a program has written to stderr.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StderrTail {
    /// What the program is in this test.
    pub role: Role,
    /// The name of the run in the ladder, if the test started the program more than once:
    /// `scan 2`.
    pub run: Option<String>,
    /// How it ended, if it has: `exit status 3`.
    pub status: Option<String>,
    /// The last lines, each cut to a length that fits.
    pub lines: Vec<String>,
}

impl Failure {
    /// A failure that has nothing but a kind and a message.
    pub fn new(kind: Kind, id: &str, text: &str) -> Failure {
        let message = Message { id: id.to_owned(), text: text.to_owned() };
        Failure { kind, message, ..Failure::default() }
    }

    /// Whether both failures seem to have the same cause. One function that is not written, or one
    /// panic, may fail all tests. Two failures with the same message and the same advice send the
    /// student to the same place.
    pub fn has_same_cause(&self, other: &Failure) -> bool {
        if self.is_from_program() || other.is_from_program() {
            return self.reads_like(other);
        }
        let advice = |failure: &Failure| failure.advice.as_ref().map(|advice| advice.id.clone());
        let is_same_advice = advice(self).is_some() && advice(self) == advice(other);
        is_same_advice && self.message.id == other.message.id
    }

    /// Whether both have the same message, about the same place.
    pub fn reads_like(&self, other: &Failure) -> bool {
        self.kind == other.kind
            && self.message.text == other.message.text
            && self.place == other.place
    }

    /// Whether the program itself reported the cause, by a panic.
    pub fn is_from_program(&self) -> bool {
        matches!(self.kind, Kind::Unwritten | Kind::Panicked)
    }
}

impl Unwritten {
    /// The failure of a test that needs this function, whose `todo!` is at `place`.
    pub fn failure(self, place: Place) -> Failure {
        let failure = Failure::new(Kind::Unwritten, "unwritten", &self.sentence(&place));
        Failure { place: Some(place), unwritten: Some(self), ..failure }
    }

    /// The same as a sentence.
    pub fn sentence(&self, place: &Place) -> String {
        let Unwritten { step, function } = self;
        format!("step {step} is not written yet: {function}, in {place}")
    }
}

impl StderrTail {
    /// `The client's last words on stderr, run scan 2 (exit status 3)`.
    pub fn heading(&self) -> String {
        let run = self.run.as_ref().map(|run| format!(", run {run}")).unwrap_or_default();
        let status = self.status.as_ref().map(|status| format!(" ({status})")).unwrap_or_default();
        format!("The {}'s last words on stderr{run}{status}", self.role)
    }
}

impl Role {
    /// `server`, `client`, `program`.
    pub fn noun(self) -> &'static str {
        match self {
            Role::Server => "server",
            Role::Client => "client",
            Role::Tool => "program",
        }
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.noun())
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}", self.file, self.line)
    }
}
