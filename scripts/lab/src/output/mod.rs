//! What a command prints: a page for people, or JSON for programs.

use std::io;
use std::sync::OnceLock;

use serde::Serialize;
use terminal::{ColorChoice, Style};

use crate::error::{Error, Exit};

/// The result of a command.
pub trait Output: Serialize {
    /// The result for people.
    fn page(&self, style: &Style) -> String;

    /// How the command ends with this result.
    fn exit(&self) -> Exit {
        Exit::Success
    }
}

/// Which readers the output is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
#[expect(missing_docs, reason = "clap would print them with the help of each command")]
pub enum Format {
    #[default]
    Human,
    Json,
}

/// Prints results in the format that the user chose.
#[derive(Clone, Copy, Debug)]
pub struct Printer {
    format: Format,
    /// How pages look.
    pub style: Style,
}

impl Printer {
    /// A printer to stdout.
    pub fn new(format: Format) -> Printer {
        let style = match format {
            Format::Human => Style::of_stdout(ColorChoice::Auto),
            // JSON is Unicode, and colour codes would be part of its strings.
            Format::Json => Style::PLAIN,
        };
        Printer { format, style }
    }

    /// Whether people read the output.
    pub fn is_for_people(&self) -> bool {
        self.format == Format::Human
    }

    /// Prints `output`, and returns how the command ends. A result that cannot be printed is the
    /// machine's failure.
    pub fn show(&self, output: &impl Output) -> Exit {
        let text = match self.format {
            Format::Human => output.page(&self.style),
            Format::Json => json(output),
        };
        let written = self.style.write(&text);
        written.map_or_else(|error| not_printed(&error), |()| output.exit())
    }
}

/// Takes a notice.
type Receiver = Box<dyn Fn(&str) + Send + Sync>;

/// What takes the notices of this process, if that is not stderr.
static NOTICES: OnceLock<Receiver> = OnceLock::new();

/// Gives `text` to the user beside a result. It goes to stderr, or to the program that has the screen.
pub fn notice(text: &str) {
    match NOTICES.get() {
        Some(receive) => receive(text),
        None => eprintln!("{text}"),
    }
}

/// Sends all notices of this process to `receive`, because text on stderr would be written over the
/// screen. Only the first call has an effect.
pub fn send_notices_to(receive: impl Fn(&str) + Send + Sync + 'static) {
    let _ = NOTICES.set(Box::new(receive));
}

fn not_printed(error: &io::Error) -> Exit {
    let error = Error::failed("cannot print the result", error);
    eprintln!("{error}");
    error.exit()
}

/// `a`, `a and b`, `a, b and c`.
pub fn list_in_words(items: &[&str]) -> String {
    match items {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn json(output: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(output).expect("outputs have text as keys");
    text + "\n"
}
