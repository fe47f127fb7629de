//! Answers: what a command has to say, as a page for people or as JSON for programs.

use serde::Serialize;

use crate::screen::Screen;
use crate::trouble::Status;

/// What a command has to say.
pub trait Answer: Serialize {
    /// The answer for people.
    fn page(&self, screen: &Screen) -> String;

    /// How the command ends when this is its answer.
    fn status(&self) -> Status {
        Status::Well
    }
}

/// Who reads the answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    #[default]
    Human,
    Json,
}

/// Where answers go.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    pub format: Format,
    pub screen: Screen,
}

impl Output {
    pub fn new(format: Format) -> Output {
        let screen = match format {
            Format::Human => Screen::of_stdout(),
            // JSON is Unicode, and colours in it would be part of the text.
            Format::Json => Screen { color: false, unicode: true },
        };
        Output { format, screen }
    }

    pub fn is_for_people(&self) -> bool {
        self.format == Format::Human
    }

    /// Prints `answer` in the format that was asked for, and returns its status.
    pub fn show(&self, answer: &impl Answer) -> Status {
        match self.format {
            Format::Human => self.screen.print(&answer.page(&self.screen)),
            Format::Json => self.screen.print(&json(answer)),
        }
        answer.status()
    }
}

fn json(answer: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(answer).expect("answers have text as keys");
    text + "\n"
}
