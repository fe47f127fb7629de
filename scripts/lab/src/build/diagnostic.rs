//! Diagnostics of rustc and clippy, in the JSON that both print
//! (<https://doc.rust-lang.org/rustc/json.html#diagnostics>).

use std::path::{Path, PathBuf};

use report::Place;
use serde::Deserialize;

/// A warning or an error of the compiler or of clippy.
#[derive(Debug, Deserialize)]
pub struct Diagnostic {
    /// `warning`, `error`, `error: internal compiler error`.
    pub level: String,
    /// The whole message, with colours when these were asked for.
    #[serde(default)]
    pub rendered: String,
    /// Which warning or error it is.
    pub code: Option<Code>,
    /// The first line of the message, without its level.
    #[serde(default)]
    message: String,
    /// The places in the code.
    #[serde(default)]
    spans: Vec<Span>,
    #[serde(default)]
    children: Vec<Note>,
}

/// The name of the lint or error, as in `unused_mut`, `clippy::unused_io_amount`, `E0308`.
#[derive(Debug, Deserialize)]
pub struct Code {
    /// The name itself.
    pub code: String,
}

/// A place in the code.
#[derive(Debug, Deserialize)]
struct Span {
    /// Relative to the workspace.
    file_name: PathBuf,
    #[serde(default)]
    line_start: u32,
    is_primary: bool,
}

/// A note below a message.
#[derive(Debug, Deserialize)]
struct Note {
    message: String,
}

/// How a note begins that names our own option. It tells a student nothing.
const OPTION: &str = "requested on the command line with";

impl Diagnostic {
    /// The whole message for a student, without the note that names an option of ours.
    pub fn for_student(&self) -> String {
        let options = self.children.iter().filter(|note| note.message.starts_with(OPTION));
        options.fold(self.rendered.clone(), |text, note| without_note(&text, &note.message))
    }

    /// Whether it is an error.
    pub fn is_error(&self) -> bool {
        self.level.starts_with("error")
    }

    /// Whether it is an error in the code. The compiler names a place for each of those. An error
    /// without a place is the machine's, such as a linker that was killed, or a full disk.
    pub fn is_error_in_code(&self) -> bool {
        self.is_error() && !self.spans.is_empty()
    }

    /// Whether a lint found it. Errors of the compiler have codes such as `E0308`, or none.
    pub fn is_lint(&self) -> bool {
        self.code.as_ref().is_some_and(|code| code.code.starts_with(|first: char| first != 'E'))
    }

    /// The file that it is about, relative to the workspace.
    pub fn file(&self) -> Option<&Path> {
        Some(&self.primary_span()?.file_name)
    }

    /// The file and the line that it is about.
    pub fn place(&self) -> Option<Place> {
        let span = self.primary_span()?;
        let file = span.file_name.to_string_lossy().into_owned();
        Some(Place { file, line: span.line_start })
    }

    fn primary_span(&self) -> Option<&Span> {
        self.spans.iter().find(|span| span.is_primary)
    }

    /// "aborting due to 2 previous errors", "1 warning emitted".
    pub fn is_count(&self) -> bool {
        let counts = ["aborting due to", "warning emitted", "warnings emitted"];
        self.code.is_none() && counts.iter().any(|count| self.rendered.contains(count))
    }

    /// The message without the code that it may show. The last note of a failed linker holds the
    /// linker's own output. The notes before it hold its arguments, which fill a screen.
    pub fn in_brief(&self) -> String {
        let note = self.children.last().map_or("", |note| note.message.trim());
        format!("{}\n{note}", self.message).trim().to_owned()
    }
}

/// `text` without the lines with `note`, and without the bar in front of the notes if no other is left.
fn without_note(text: &str, note: &str) -> String {
    let mut lines: Vec<&str> = text.lines().filter(|line| !line.contains(note)).collect();
    let is_bar = |line: &&str| line.trim_end_matches(RESET).trim_end().ends_with('|');
    while lines.pop_if(|line| line.is_empty() || is_bar(&&**line)).is_some() {}
    lines.join("\n") + "\n\n"
}

/// The end of a colour.
const RESET: &str = "\x1b[0m";
