//! The ladder, recorded and drawn row by row.

use std::io::{self, IsTerminal, Write};
use std::time::Instant;

use lab::error::{Error, Exit};
use lab::output::Format;
use report::{Direction, Ladder, LiveLadder, Payload, Row};
use serde::Serialize;
use terminal::{ColorChoice, Style, harmless};

/// How text looks that is printed in `format`.
pub fn style_for(format: Format) -> Style {
    match format {
        Format::Human => Style::of_stdout(ColorChoice::Auto),
        Format::Json => Style::PLAIN,
    }
}

/// A line that is no row.
#[derive(Debug, Serialize)]
struct Remark {
    /// The number of rows above it.
    rows_above: usize,
    /// Whether something is wrong: an expectation did not hold, or a command failed.
    is_failure: bool,
    text: String,
}

/// The session as JSON: the fields of the ladder, and these.
#[derive(Debug, Serialize)]
struct Page<'screen> {
    #[serde(flatten)]
    ladder: &'screen Ladder,
    remarks: &'screen [Remark],
    exit_status: i32,
}

/// What the user sees.
#[derive(Debug)]
pub struct Screen {
    /// All rows so far.
    pub ladder: Ladder,
    remarks: Vec<Remark>,
    /// Why stdout did not take some of it.
    unwritten: Option<io::Error>,
    style: Style,
    live: LiveLadder,
    began: Instant,
    /// When the event of the next row happened, if it was not now.
    earlier: Option<Instant>,
    /// If not, the ladder is printed as JSON in the end, and nothing before.
    is_live: bool,
    has_prompt: bool,
}

impl Screen {
    /// A screen for `program` (`lab01 serve`).
    pub fn new(program: &str, style: Style, format: Format) -> Screen {
        let is_live = format == Format::Human;
        let live = LiveLadder::new(program, style);
        let ladder = Ladder { program: program.to_owned(), ..Ladder::default() };
        let has_prompt = is_live && io::stdin().is_terminal() && io::stdout().is_terminal();
        let began = Instant::now();
        let heading = live.heading();
        let mut screen = Screen {
            ladder,
            remarks: Vec::new(),
            unwritten: None,
            style,
            live,
            began,
            earlier: None,
            is_live,
            has_prompt,
        };
        screen.print(&heading);
        screen
    }

    /// Whether a person types at a terminal.
    pub fn is_interactive(&self) -> bool {
        self.has_prompt
    }

    /// The next row is about an event that happened at `time`.
    pub fn happened_at(&mut self, time: Instant) {
        self.earlier = Some(time);
    }

    /// What `peer` or the program did, in words.
    pub fn event(&mut self, peer: &str, direction: Direction, label: &str) {
        self.row(Some(peer), direction, label, None, "");
    }

    /// Bytes, with a remark beside them.
    pub fn bytes(&mut self, peer: &str, direction: Direction, bytes: &[u8], beside: &str) {
        let mut payload = Payload::default();
        payload.extend(bytes);
        self.row(Some(peer), direction, "", Some(payload), beside);
    }

    /// Bytes that a peer sends in so many pieces that they are one row.
    pub fn pieces(&mut self, peer: &str, bytes: &[u8], count: usize) {
        self.bytes(peer, Direction::ToProgram, bytes, &format!("in {count} pieces"));
    }

    /// A line that the program printed.
    pub fn printed(&mut self, stream: &str, line: &str) {
        if !line.trim().is_empty() && !line.starts_with("note: run with `RUST_BACKTRACE") {
            self.note(&format!("{stream}: {line}"));
        }
    }

    /// Something that happened to the program itself.
    pub fn note(&mut self, label: &str) {
        self.row(None, Direction::Note, &harmless(label), None, "");
    }

    /// The conversation is over. The terminal has shown `^C` if Ctrl-C ended it. Returns `exit`, or
    /// the failure of stdout.
    pub fn end(&mut self, exit: Exit) -> Exit {
        if self.has_prompt && exit == Exit::Interrupted {
            println!();
        }
        if !self.is_live {
            self.write(&format!("{}\n", self.as_json(exit)));
        }
        let Some(error) = self.unwritten.take() else { return exit };
        let error = Error::failed("cannot print the conversation", error);
        eprintln!("{error}");
        error.exit()
    }

    fn as_json(&self, exit: Exit) -> String {
        let (ladder, remarks) = (&self.ladder, &self.remarks[..]);
        let page = Page { ladder, remarks, exit_status: exit as i32 };
        serde_json::to_string_pretty(&page).expect("its keys are texts")
    }

    /// A line that is no row.
    pub fn say(&mut self, line: &str) {
        self.remark(line, line, false);
    }

    /// The same for something that is as it should be.
    pub fn confirm(&mut self, line: &str) {
        self.remark(line, &self.style.good(line), false);
    }

    /// The same for something that is wrong.
    pub fn complain(&mut self, line: &str) {
        self.remark(line, &self.style.bold_bad(line), true);
    }

    fn remark(&mut self, line: &str, painted: &str, is_failure: bool) {
        self.print(&self.style.shown(painted));
        let (rows_above, text) = (self.ladder.rows.len(), line.trim().to_owned());
        self.remarks.push(Remark { rows_above, is_failure, text });
    }

    /// Asks for the next line.
    pub fn prompt(&self, prompt: &str) {
        if self.has_prompt {
            print!("{}", self.style.shown(prompt));
            // A terminal that is gone ends the input, too.
            let _ = io::stdout().flush();
        }
    }

    fn row(
        &mut self,
        peer: Option<&str>,
        direction: Direction,
        label: &str,
        payload: Option<Payload>,
        beside: &str,
    ) {
        let time = self.earlier.take().unwrap_or_else(Instant::now) - self.began;
        let time_us = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let peer = peer.map(str::to_owned);
        let label = label.to_owned();
        let row = Row { time_us, peer, direction, label, payload, pieces: None };
        let mut lines = self.live.row(&row);
        if let Some(last) = lines.last_mut().filter(|_| !beside.is_empty()) {
            *last += &format!("  {}", self.style.shown(beside));
        }
        self.print(&lines.join("\n"));
        self.ladder.rows.push(row);
    }

    /// Replaces the prompt, if there is one.
    fn print(&mut self, lines: &str) {
        if self.is_live {
            let over_prompt = if self.has_prompt { "\r\x1b[K" } else { "" };
            self.write(&format!("{over_prompt}{lines}\n"));
        }
    }

    /// Keeps the first error for the end.
    fn write(&mut self, text: &str) {
        if let Err(error) = self.style.write(text) {
            self.unwritten.get_or_insert(error);
        }
    }
}
