//! `lab.toml`, the manifest of a lab: its steps in their order, and what belongs to each.
//!
//! ```toml
//! title = "Echo: a connection is a stream of bytes"
//! minutes = 150
//!
//! [load]                                # for `cargo lab compare`
//! shape = "echo"                        # what its clients do
//! clients = 1                           # that talk at the same time
//! message_bytes = 4096                  # in each message
//! in_flight = 1                         # messages that a client sends before it waits for answers
//! seconds = 1                           # that are measured
//!
//! [[step]]
//! name = "listen"                       # judged by the suite's module step1_listen
//! idea = "A listening socket is a queue that the kernel fills."
//! points = 15
//! functions = 1                         # that the stub leaves to write
//! files = ["listen.rs"]                 # in src, in the order in which they are best written
//! tests = ["the_first_line_says_where"] # in the order in which they teach
//! hints = ["a direction", "the calls", "the code"]
//! test_hints = [                        # each comes first while its test is the first that fails
//!   { tests = ["the_first_line_says_where"], text = "Print the address that the kernel chose." },
//! ]
//! also_check = [                        # what these tests need from an earlier step
//!   { tests = ["a_taken_address_is_an_error"], function = "report", file = "errors.rs", seen = ["say-why"] },
//! ]
//! ```

use serde::{Deserialize, Serialize};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::Path;

/// The file's name.
pub const FILE_NAME: &str = "lab.toml";

/// Whether `path`, in a folder of sources, is one of them: a Rust file. A file of an editor, such as
/// `.#echo.rs`, `.echo.rs.swp` or `echo.rs~`, is none.
pub fn is_source(path: &Path) -> bool {
    let is_hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    path.extension() == Some(OsStr::new("rs")) && !is_hidden
}

/// The contents of `lab.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// A name and one true sentence about it.
    pub title: String,
    /// How long the lab takes a student.
    pub minutes: u32,
    /// The load under which programs are compared.
    pub load: Option<Load>,
    /// In the order in which they are done.
    #[serde(rename = "step")]
    pub steps: Vec<Step>,
}

/// What clients do to a program when it is compared with another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Load {
    /// What a client sends, and which answer it expects.
    pub shape: Shape,
    /// How many clients talk at the same time.
    pub clients: usize,
    /// The length of a message, or of the transferred file.
    pub message_bytes: usize,
    /// How many messages a client sends before it waits for their answers.
    pub in_flight: usize,
    /// How long one measurement takes.
    pub seconds: u32,
}

/// The protocol of a [`Load`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Bytes that come back (lab 01).
    Echo,
    /// Lines that are answered by `accepted` (lab 02).
    Lines,
    /// Datagrams that come back (lab 03).
    Datagrams,
    /// Frames with a length in front (lab 04).
    Frames,
    /// Lines over TLS that come back (lab 05).
    TlsLines,
    /// Members of a room who all talk (lab 06).
    Room,
    /// Downloads of one file (lab 07).
    Files,
    /// A greeting, and lines that are answered by one error (lab 08).
    Greeted,
    /// Lines `echo TEXT`, each answered by `TEXT` (lab 09).
    Repeated,
    /// A page, on a connection that stays open (lab 10).
    Http,
    /// DNS queries, each answered by one address (lab 11).
    Queries,
}

/// One step of a lab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// As commands and the names of files take it.
    pub name: String,
    /// What it teaches, in one sentence.
    pub idea: String,
    /// What all its tests together are worth.
    pub points: u32,
    /// How many functions the stub leaves to write in it.
    pub functions: usize,
    /// The files that a student edits in this step, relative to `src`.
    #[serde(default)]
    pub files: Vec<String>,
    /// Its tests without their module, the most basic cause first.
    #[serde(default)]
    pub tests: Vec<String>,
    /// From a direction to the code.
    pub hints: Vec<String>,
    /// Hints that fit single tests.
    #[serde(default)]
    pub test_hints: Vec<TestHint>,
    /// Functions of earlier steps. Their own tests may pass although these tests fail for them.
    #[serde(default)]
    pub also_check: Vec<EarlierFunction>,
}

/// A function of an earlier step, and the tests that depend on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EarlierFunction {
    /// Tests of the later step, without their module.
    pub tests: Vec<String>,
    /// Its name.
    pub function: String,
    /// Its file, relative to `src`.
    pub file: String,
    /// The ids of messages and of advice with which the tests fail for it. A failure with another
    /// one has another cause. Without any id, each failure of the tests may be its fault.
    #[serde(default)]
    pub seen: Vec<String>,
}

/// A hint for the failure of certain tests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestHint {
    /// Tests of the step, without their module.
    pub tests: Vec<String>,
    /// The hint.
    pub text: String,
}

impl Step {
    /// Where the hint that fits `test` stands in [`Step::test_hints`].
    pub fn hint_for(&self, test: &str) -> Option<usize> {
        self.test_hints.iter().position(|hint| hint.tests.iter().any(|name| name == test))
    }
}

impl Manifest {
    /// Reads the `lab.toml` in the folder of a lab.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or (`InvalidData`) it is no manifest.
    pub fn read(lab: &Path) -> io::Result<Manifest> {
        Manifest::parse(&fs::read_to_string(lab.join(FILE_NAME))?)
    }

    /// Reads the text of a `lab.toml`.
    ///
    /// # Errors
    ///
    /// `InvalidData`: it is no manifest.
    pub fn parse(text: &str) -> io::Result<Manifest> {
        toml::from_str(text).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    }

    /// How many functions the stub leaves to write. By this number, its version is found in git's
    /// history.
    pub fn functions(&self) -> usize {
        self.steps.iter().map(|step| step.functions).sum()
    }

    /// Where the step stands among the others, from 0.
    pub fn position(&self, step: &str) -> Option<usize> {
        self.steps.iter().position(|candidate| candidate.name == step)
    }

    /// The module of the suite that judges a step: `step1_listen` for the first one.
    pub fn module(&self, position: usize) -> Option<String> {
        let step = self.steps.get(position)?;
        Some(format!("step{}_{}", position + 1, step.name))
    }
}
