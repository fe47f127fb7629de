//! The ladder, recorded and drawn row by row.

use std::io::{self, IsTerminal, Write};
use std::time::Instant;

use report::{Direction, Ladder, LiveLadder, Payload, Row};
use terminal::{Style, harmless};

/// What the user sees.
#[derive(Debug)]
pub struct Screen {
    /// All rows so far.
    pub ladder: Ladder,
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
    pub fn new(program: &str, style: Style, is_live: bool) -> Screen {
        let live = LiveLadder::new(program, style);
        let ladder = Ladder { program: program.to_owned(), ..Ladder::default() };
        let has_prompt = is_live && io::stdin().is_terminal() && io::stdout().is_terminal();
        let began = Instant::now();
        let screen = Screen { ladder, style, live, began, earlier: None, is_live, has_prompt };
        screen.print(&screen.live.heading());
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

    /// Something that happened to the program itself.
    pub fn note(&mut self, label: &str) {
        self.row(None, Direction::Note, &harmless(label), None, "");
    }

    /// A line that is no row.
    pub fn say(&self, line: &str) {
        self.print(&self.style.shown(line));
    }

    /// The same for something that is wrong.
    pub fn complain(&self, line: &str) {
        self.say(&self.style.bold_bad(line));
    }

    /// Asks for the next line.
    pub fn prompt(&self) {
        if self.has_prompt {
            print!("> ");
            // A terminal that is gone ends the input, too.
            let _ = io::stdout().flush();
        }
    }

    /// Ends the line of the prompt, so that what comes next has a line of its own.
    pub fn end_prompt(&self) {
        if self.has_prompt {
            println!();
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
    fn print(&self, lines: &str) {
        if self.is_live {
            let over_prompt = if self.has_prompt { "\r\x1b[K" } else { "" };
            self.style.print(&format!("{over_prompt}{lines}\n"));
        }
    }
}
