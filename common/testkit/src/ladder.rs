//! Recording the ladder: what happens in a test, with the time at which it does.

use crate::trace::TraceRecording;
use report::{Action, Connection, Direction, Event, Ladder, Row, Trace};
use std::collections::HashMap;
use std::mem;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// The ladder of one test, so far.
#[derive(Debug)]
pub struct Recording {
    began: Instant,
    /// When something happened last.
    last: Instant,
    ladder: Ladder,
    /// How many peers had each name.
    names: HashMap<String, usize>,
    /// How many rows there were before the first scenario, once it has begun.
    opening: Option<usize>,
    /// Only if the runner asks for it.
    trace: Option<TraceRecording>,
}

impl Recording {
    pub fn new(program: String) -> Recording {
        let now = Instant::now();
        let ladder = Ladder { program, ..Ladder::default() };
        let trace = report::env::is_traced().then(TraceRecording::new);
        Recording { began: now, last: now, ladder, names: HashMap::new(), opening: None, trace }
    }

    /// A run of the program begins, `lab07 get`. Returns its name in the rows: `get`, or
    /// `get 2` for the second one.
    pub fn name_run(&mut self, title: &str) -> String {
        let Ladder { program, runs, .. } = &mut self.ladder;
        if runs.is_empty() {
            *program = title.to_owned();
        } else if !program.split(", ").any(|one| one == title) {
            *program += &format!(", {title}");
        }
        // `get` of `lab07 get`, but `nc` of `nc 127.0.0.1`.
        let (program, argument) = title.rsplit_once(' ').unwrap_or((title, ""));
        let is_command = argument.starts_with(|first: char| first.is_ascii_alphabetic());
        let name = self.name_peer(if is_command { argument } else { program });
        self.ladder.runs.push(name.clone());
        name
    }

    /// A name for a new peer: `name`, or for a second one `name 2`.
    pub fn name_peer(&mut self, name: &str) -> String {
        let count = self.names.entry(name.to_owned()).or_default();
        *count += 1;
        if *count == 1 { name.to_owned() } else { format!("{name} {count}") }
    }

    /// All rows of `peer` so far become one.
    pub fn fold_rows(&mut self, peer: &str, label: &str) {
        let rows = &mut self.ladder.rows;
        let is_theirs = |row: &Row| row.peer.as_deref() == Some(peer);
        let Some(first) = rows.iter().position(is_theirs) else { return };
        let (label, direction) = (label.to_owned(), Direction::ToProgram);
        let row = Row { label, direction, payload: None, pieces: None, ..rows[first].clone() };
        rows.retain(|row| !is_theirs(row));
        rows.insert(first, row);
    }

    /// Something that `peer` did or saw.
    pub fn note(&mut self, peer: &str, direction: Direction, label: impl Into<String>) {
        self.push(Some(peer), direction, label.into());
    }

    /// Something that happened to a run of the program itself.
    pub fn remark_of(&mut self, run: &str, label: impl Into<String>) {
        self.push(Some(run), Direction::Note, label.into());
    }

    /// Something that the test did.
    pub fn remark(&mut self, label: impl Into<String>) {
        self.push(None, Direction::Note, label.into());
    }

    /// Bytes that went over the wire. What the program sends in one go, however many reads it
    /// took us, is one row.
    pub fn bytes(&mut self, peer: &str, direction: Direction, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        let continues = |row: &Row| {
            row.peer.as_deref() == Some(peer)
                && row.direction == Direction::FromProgram
                && row.payload.is_some()
                && row.label.is_empty()
        };
        let is_next =
            direction == Direction::FromProgram && self.ladder.rows.last().is_some_and(continues);
        if is_next {
            self.last = Instant::now();
        } else {
            self.push(Some(peer), direction, String::new());
        }
        self.extend_last_row(bytes);
    }

    /// Bytes sent in many pieces, each for its own read. One row gives the number of pieces.
    pub fn pieces(&mut self, peer: &str, bytes: &[u8], pieces: usize) {
        self.push(Some(peer), Direction::ToProgram, String::new()).pieces = Some(pieces);
        self.extend_last_row(bytes);
    }

    /// A datagram: always a row of its own. `label` is how it is shown.
    pub fn datagram(&mut self, peer: &str, direction: Direction, bytes: &[u8], label: String) {
        self.push(Some(peer), direction, label);
        self.extend_last_row(bytes);
    }

    /// What went over the wire, for the trace.
    pub fn packet(&mut self, connection: &Connection, direction: Direction, event: Event) {
        let time_us = self.time_us();
        if let Some(trace) = &mut self.trace {
            trace.packet(time_us, connection, direction, event);
        }
    }

    /// What the test does to the program itself, for the trace.
    pub fn action(&mut self, action: Action) {
        let time_us = self.time_us();
        if let Some(trace) = &mut self.trace {
            trace.action(time_us, action);
        }
    }

    /// The test's folders when it starts a program with these variables, for the trace.
    pub fn surroundings(&mut self, folders: &[PathBuf], variables: &[(String, String)]) {
        if let Some(trace) = &mut self.trace {
            trace.surroundings(folders, variables);
        }
    }

    /// The secrets of a TLS session, for the trace.
    pub fn tls_secrets(&mut self, lines: &str) {
        if let Some(trace) = &mut self.trace {
            trace.add_tls_secrets(lines);
        }
    }

    /// The trace so far, if the runner asks for it.
    pub fn trace(&self) -> Option<Trace> {
        self.trace.as_ref().map(|trace| trace.trace().clone())
    }

    /// Another scenario begins, with the same peers and the program that runs already. Its rows
    /// follow those that were there before the first scenario.
    pub fn start_scenario(&mut self, title: &str) {
        let opening = *self.opening.get_or_insert(self.ladder.rows.len());
        self.ladder.rows.truncate(opening);
        self.trace = self.trace.as_ref().map(TraceRecording::next_scenario);
        self.remark(title);
    }

    /// Forgets all rows: another scenario begins.
    pub fn clear(&mut self) {
        *self = Recording::new(mem::take(&mut self.ladder.program));
    }

    /// The same for a scenario with the program that runs already.
    pub fn clear_rows(&mut self) {
        let trace = self.trace.as_ref().map(TraceRecording::next_story);
        self.clear();
        self.trace = trace;
    }

    /// How long nothing has happened.
    pub fn idle_time(&self) -> Duration {
        self.last.elapsed()
    }

    /// Whether a sentence must say which peer it is about.
    pub fn has_several_peers(&self) -> bool {
        self.ladder.peers().len() > 1
    }

    /// The ladder, with a mark at the last row of `peer`, or at its end.
    pub fn marked(&self, peer: Option<&str>, text: &str) -> Ladder {
        let mut ladder = self.ladder.clone();
        if !text.is_empty() {
            ladder.mark(peer, text);
        }
        ladder
    }

    fn push(&mut self, peer: Option<&str>, direction: Direction, label: String) -> &mut Row {
        self.last = Instant::now();
        let time_us = self.time_us();
        let peer = peer.map(str::to_owned);
        self.ladder.rows.push(Row { time_us, peer, direction, label, payload: None, pieces: None });
        self.ladder.rows.last_mut().expect("it was pushed just now")
    }

    /// Adds the next bytes of the message of the last row.
    fn extend_last_row(&mut self, bytes: &[u8]) {
        let Some(row) = self.ladder.rows.last_mut() else { return };
        let payload = row.payload.get_or_insert_default();
        payload.extend(bytes);
        if let Some(trace) = &mut self.trace {
            trace.keep(payload, bytes);
        }
    }

    fn time_us(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_program_sends_in_one_go_is_one_row() {
        let mut recording = Recording::new("lab01 serve".to_owned());
        recording.bytes("peer", Direction::ToProgram, b"a");
        recording.bytes("peer", Direction::ToProgram, b"b");
        recording.bytes("peer", Direction::FromProgram, b"c");
        recording.bytes("peer", Direction::FromProgram, b"d");
        recording.bytes("other", Direction::FromProgram, b"e");
        let rows = recording.marked(None, "").rows;
        let lengths = rows.iter().map(|row| row.payload.as_ref().map_or(0, |bytes| bytes.len));
        assert_eq!(lengths.collect::<Vec<_>>(), [1, 1, 2, 1]);
    }

    #[test]
    fn each_run_of_a_program_has_its_own_name() {
        let mut recording = Recording::new("lab07".to_owned());
        let titles = ["lab07 serve", "lab07 get", "lab07 get", "nc 127.0.0.1"];
        assert_eq!(titles.map(|title| recording.name_run(title)), ["serve", "get", "get 2", "nc"]);
        recording.remark_of("get 2", "stdout: end");
        let ladder = recording.marked(None, "");
        assert_eq!(ladder.program, "lab07 serve, lab07 get, nc 127.0.0.1");
        assert_eq!(ladder.runs, ["serve", "get", "get 2", "nc"]);
        assert_eq!(ladder.rows[0].peer.as_deref(), Some("get 2"));
    }

    #[test]
    fn peers_of_one_name_are_numbered() {
        let mut recording = Recording::new("lab01 serve".to_owned());
        let names = ["client", "host", "client", "client"].map(|name| recording.name_peer(name));
        assert_eq!(names, ["client", "host", "client 2", "client 3"]);
        recording.clear();
        assert_eq!(recording.name_peer("client"), "client");
    }

    #[test]
    fn a_ritual_is_one_row_where_it_began() {
        let mut recording = Recording::new("lab06 serve".to_owned());
        recording.note("alice", Direction::ToProgram, "connect");
        recording.note("bob", Direction::ToProgram, "connect");
        recording.bytes("alice", Direction::ToProgram, b"alice\n");
        recording.fold_rows("alice", "joins");
        recording.note("alice", Direction::ToProgram, "FIN");
        let rows = recording.marked(None, "").rows;
        let labels: Vec<&str> = rows.iter().map(|row| &row.label[..]).collect();
        assert_eq!(labels, ["joins", "connect", "FIN"]);
    }
}
