//! Models after runs of a scratch lab, and what a terminal shows of them.

#![allow(dead_code, reason = "no test program uses all of it")]

#[path = "../../../lab/tests/scratch/mod.rs"]
pub mod scratch;

use std::collections::BTreeMap;

use lab::commands::test::{Judgement, Lints, Run, Verdict};
use lab::course::progress::{Progress, StepProgress, TestMark};
use lab::judge::TestResult;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use report::{Advice, Direction, Failure, Kind, Ladder, Payload, Place, Report, Row, TestId};
use scratch::Scratch;
use terminal::Style;
use watch::event::{Action, Event, Key};
use watch::model::Model;
use watch::view;

pub fn model() -> Model {
    Model::new(&Scratch::new().lab())
}

/// The model after a run with these results. `before` is the progress before the run.
pub fn after(results: Vec<TestResult>, before: &Progress) -> Model {
    let mut model = model();
    model.update(Event::Ended(Ok(judgement(results, before))));
    model
}

pub fn judgement(results: Vec<TestResult>, before: &Progress) -> Judgement {
    let run = Run { files: sources("now"), results, lints: Lints::default() };
    Judgement::Verdict(Box::new(Verdict::new(&Scratch::new().lab(), None, run, before)))
}

pub fn sources(main: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("main.rs".to_owned(), main.to_owned())])
}

/// The progress after a run in which step listen had these results.
pub fn judged(results: &[(&str, TestMark)]) -> Progress {
    let results = results.iter().map(|(test, mark)| ((*test).to_owned(), *mark)).collect();
    let mut progress = Progress::default();
    *progress.step_mut(&Scratch::new().lab(), "listen") =
        StepProgress { results, files: sources("then"), ..StepProgress::default() };
    progress
}

pub fn failure(test: &str, sentence: &str) -> TestResult {
    let mut failure = Failure::new(Kind::Expectation, sentence, sentence);
    failure.place = Some(Place { file: "labs/01-echo/src/main.rs".to_owned(), line: 7 });
    let (id, text) = ("echo-each-read".to_owned(), "Write back each read.".to_owned());
    failure.advice = Some(Advice { id, text });
    failure.ladder = Some(ladder());
    TestResult::reported(test, Report::failed("01", TestId::parse(test), failure))
}

/// A failure with this conversation.
pub fn failure_with(ladder: Ladder) -> TestResult {
    let mut result = failure("step1_listen::hard", "The server sent too little.");
    let report = result.report.as_mut().expect("a failure has one");
    if let report::Outcome::Failed(failure) = &mut report.outcome {
        failure.ladder = Some(ladder);
    }
    result
}

pub fn ladder() -> Ladder {
    let row = |direction, bytes: &[u8]| {
        let mut payload = Payload::default();
        payload.extend(bytes);
        let peer = Some("peer".to_owned());
        let (label, payload) = (String::new(), Some(payload));
        Row { time_us: 100, peer, direction, label, payload, pieces: None }
    };
    let rows =
        vec![row(Direction::ToProgram, b"hello, world\n"), row(Direction::FromProgram, b"hel")];
    let program = "lab01 serve".to_owned();
    let mut ladder = Ladder { program, rows, ..Ladder::default() };
    ladder.mark(Some("peer"), "wanted 10 more bytes");
    ladder
}

pub fn two_failures() -> Vec<TestResult> {
    vec![
        TestResult::passed("step1_listen::simple"),
        failure("step1_listen::hard", "The server sent too little."),
        failure("step2_echo::bytes", "The server sent nothing."),
    ]
}

/// What a terminal of this size shows.
pub fn screen(model: &mut Model, columns: u16, rows: u16, style: &Style) -> String {
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).expect("it has a size");
    terminal.draw(|frame| view::draw(frame, model, style)).expect("it draws");
    let buffer = terminal.backend().buffer();
    let rows = buffer.content().chunks(usize::from(columns));
    let line = |row: &[ratatui::buffer::Cell]| -> String {
        row.iter().map(ratatui::buffer::Cell::symbol).collect()
    };
    rows.map(|row| line(row).trim_end().to_owned() + "\n").collect()
}

pub fn press(model: &mut Model, code: KeyCode) -> Option<Action> {
    let key = Key::of(KeyEvent::new(code, KeyModifiers::NONE)).expect("it has a meaning");
    model.update(Event::Key(key))
}
