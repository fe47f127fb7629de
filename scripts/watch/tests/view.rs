//! What the screen shows, without a terminal.

#[path = "../../lab/tests/scratch/mod.rs"]
mod scratch;

use std::collections::BTreeMap;

use lab::commands::test::{Judgement, Lints, Run, Verdict};
use lab::course::progress::{Progress, StepProgress, TestMark};
use lab::judge::TestResult;
use lab::output::Output;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use report::{Advice, Direction, Failure, Kind, Ladder, Payload, Place, Report, Row, TestId};
use scratch::Scratch;
use terminal::Style;
use watch::event::{Action, Event, Key};
use watch::hints;
use watch::model::{Model, Overlay};
use watch::view;

fn model() -> Model {
    Model::new(&Scratch::new().lab())
}

/// The model after a run with these results. `before` is the progress before the run.
fn after(results: Vec<TestResult>, before: &Progress) -> Model {
    let mut model = model();
    model.update(Event::Ended(Ok(judgement(results, before))));
    model
}

fn judgement(results: Vec<TestResult>, before: &Progress) -> Judgement {
    let run = Run { files: sources("now"), results, lints: Lints::default() };
    Judgement::Verdict(Box::new(Verdict::new(&Scratch::new().lab(), None, run, before)))
}

fn sources(main: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("main.rs".to_owned(), main.to_owned())])
}

/// The progress after a run in which step listen had these results.
fn judged(results: &[(&str, TestMark)]) -> Progress {
    let results = results.iter().map(|(test, mark)| ((*test).to_owned(), *mark)).collect();
    let mut progress = Progress::default();
    *progress.step_mut(&Scratch::new().lab(), "listen") =
        StepProgress { results, files: sources("then"), ..StepProgress::default() };
    progress
}

fn failure(test: &str, sentence: &str) -> TestResult {
    let mut failure = Failure::new(Kind::Expectation, sentence, sentence);
    failure.place = Some(Place { file: "labs/01-echo/src/main.rs".to_owned(), line: 7 });
    let (id, text) = ("echo-each-read".to_owned(), "Write back each read.".to_owned());
    failure.advice = Some(Advice { id, text });
    failure.ladder = Some(ladder());
    TestResult::reported(test, Report::failed("01", TestId::parse(test), failure))
}

fn ladder() -> Ladder {
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

fn two_failures() -> Vec<TestResult> {
    vec![
        TestResult::passed("step1_listen::simple"),
        failure("step1_listen::hard", "The server sent too little."),
        failure("step2_echo::bytes", "The server sent nothing."),
    ]
}

/// What a terminal of this size shows.
fn screen(model: &mut Model, columns: u16, rows: u16, style: &Style) -> String {
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).expect("it has a size");
    terminal.draw(|frame| view::draw(frame, model, style)).expect("it draws");
    let buffer = terminal.backend().buffer();
    let rows = buffer.content().chunks(usize::from(columns));
    let line = |row: &[ratatui::buffer::Cell]| -> String {
        row.iter().map(ratatui::buffer::Cell::symbol).collect()
    };
    rows.map(|row| line(row).trim_end().to_owned() + "\n").collect()
}

fn press(model: &mut Model, code: KeyCode) -> Option<Action> {
    let key = Key::of(KeyEvent::new(code, KeyModifiers::NONE)).expect("it has a meaning");
    model.update(Event::Key(key))
}

#[test]
fn eighty_columns_show_the_steps_the_first_failure_in_full_and_the_others() {
    let text = screen(&mut after(two_failures(), &Progress::default()), 80, 24, &Style::PLAIN);
    let wanted = "\
Lab 01  Echo                                       1 of 3 tests · 7 of 35 points
✗ listen 1/2  ✗ echo 0/1
────────────────────────────────────────────────────────────────────────────────
Failure 1 of 2
✗ listen › hard

The server sent too little.

   peer                                 lab01 serve
    │ ── \"hello, world\\n\" ─────────────────────────▶ │    0.1 ms
    │ ◀──────────────────────────────────── \"hel\" ── │    0.1 ms
      ✗ wanted 10 more bytes

Think about it: Write back each read.






────────────────────────────────────────────────────────────────────────────────
› listen › hard: The server sent too little.
  echo › bytes: The server sent nothing.
h hint  n p failure  e edit  o output  r run  ? help  q quit
";
    assert_eq!(text, wanted, "{text}");
}

#[test]
fn forty_columns_show_the_state_the_failure_and_how_to_go_on() {
    let mut model = after(two_failures(), &Progress::default());
    let text = screen(&mut model, 40, 10, &Style::PLAIN);
    for words in ["Lab 01", "1 of 3 tests", "listen › hard", "sent too little", "(j)", "q quit"] {
        assert!(text.contains(words), "{words} in\n{text}");
    }
    press(&mut model, KeyCode::End);
    let text = screen(&mut model, 40, 10, &Style::PLAIN);
    assert!(text.contains("Write back each read."), "{text}");
}

#[test]
fn a_tiny_screen_is_no_error() {
    let mut model = after(two_failures(), &Progress::default());
    for (columns, rows) in [(1, 1), (3, 2), (10, 3), (200, 1), (1, 60)] {
        screen(&mut model, columns, rows, &Style::PLAIN);
    }
}

#[test]
fn keys_go_to_the_next_failure_and_back() {
    let mut model = after(two_failures(), &Progress::default());
    press(&mut model, KeyCode::Char('n'));
    assert!(screen(&mut model, 80, 24, &Style::PLAIN).contains("✗ echo › bytes"));
    press(&mut model, KeyCode::Char('n'));
    assert!(screen(&mut model, 80, 24, &Style::PLAIN).contains("Failure 2 of 2"));
    press(&mut model, KeyCode::Char('p'));
    assert!(screen(&mut model, 80, 24, &Style::PLAIN).contains("Failure 1 of 2"));
}

#[test]
fn what_became_worse_is_on_top() {
    let before = judged(&[
        ("step1_listen::simple", TestMark::Passed),
        ("step1_listen::hard", TestMark::Passed),
    ]);
    let text = screen(&mut after(two_failures(), &before), 80, 24, &Style::PLAIN);
    let regression = text.find("1 test passed in your last run and fails now.");
    let regression = regression.unwrap_or_else(|| panic!("{text}"));
    assert!(regression < text.find("sent too little").expect("the failure"), "{text}");
    assert!(text.contains("you changed main.rs.\n  listen › hard\n"), "{text}");
}

#[test]
fn a_step_that_is_done_gets_a_line_of_praise_and_the_idea_of_the_next_one() {
    let results = vec![
        TestResult::passed("step1_listen::simple"),
        TestResult::passed("step1_listen::hard"),
        failure("step2_echo::bytes", "The server sent nothing."),
    ];
    let text = screen(&mut after(results, &Progress::default()), 80, 24, &Style::PLAIN);
    assert!(text.contains("Well done: step listen passes all its tests."), "{text}");
    assert!(text.contains("Next is step echo: bytes, not messages"), "{text}");
}

#[test]
fn a_plain_terminal_gets_ascii_without_colours() {
    let mut model = after(two_failures(), &Progress::default());
    let style = Style { unicode: false, ..Style::PLAIN };
    let text = screen(&mut model, 80, 24, &style);
    assert!(text.is_ascii(), "{text}");
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).expect("it has a size");
    terminal.draw(|frame| view::draw(frame, &mut model, &style)).expect("it draws");
    let mut cells = terminal.backend().buffer().content().iter();
    assert!(cells.all(|cell| cell.fg == ratatui::style::Color::Reset));
}

#[test]
fn a_colour_of_a_page_is_a_colour_on_the_screen() {
    let mut model = after(two_failures(), &Progress::default());
    let style = Style { color: true, ..Style::PLAIN };
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).expect("it has a size");
    terminal.draw(|frame| view::draw(frame, &mut model, &style)).expect("it draws");
    let cells = terminal.backend().buffer().content();
    let red = cells.iter().filter(|cell| cell.fg == ratatui::style::Color::Red);
    assert!(red.map(ratatui::buffer::Cell::symbol).collect::<String>().contains("listen"));
}

#[test]
fn the_last_verdict_stays_during_a_run_and_beside_an_error() {
    let mut model = after(two_failures(), &Progress::default());
    model.update(Event::Started { is_first_build: false });
    let text = screen(&mut model, 80, 24, &Style::PLAIN);
    assert!(text.contains("running") && text.contains("sent too little"), "{text}");
    model.update(Event::Ended(Err("error: no space left".to_owned())));
    let text = screen(&mut model, 80, 24, &Style::PLAIN);
    assert!(text.contains("listen 1/2") && text.contains("no space left"), "{text}");
}

#[test]
fn a_new_result_replaces_what_covers_it() {
    let mut model = after(two_failures(), &Progress::default());
    press(&mut model, KeyCode::Char('?'));
    assert!(screen(&mut model, 80, 24, &Style::PLAIN).contains("the next failure"));
    model.update(Event::Ended(Ok(judgement(two_failures(), &Progress::default()))));
    assert!(screen(&mut model, 80, 24, &Style::PLAIN).contains("sent too little"));
}

#[test]
fn an_editor_opens_the_place_of_the_shown_failure() {
    let mut model = after(two_failures(), &Progress::default());
    assert_eq!(press(&mut model, KeyCode::Char('e')), Some(Action::OpenEditor));
    assert_eq!(model.place().expect("the report has one").line, 7);
}

#[test]
fn a_save_and_a_signal_ask_for_what_they_must() {
    let mut model = model();
    assert_eq!(model.update(Event::Saved), Some(Action::Judge));
    assert_eq!(model.update(Event::Stop), Some(Action::Quit));
    assert_eq!(model.update(Event::Panicked), Some(Action::Fail));
    let control_c = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
    assert_eq!(Key::of(control_c), Some(Key::Quit));
}

#[test]
fn a_notice_is_shown_in_full_above_the_keys() {
    let mut model = after(two_failures(), &Progress::default());
    let path = format!(".lab/trace/{}.html", "a".repeat(60));
    model.update(Event::Notice(format!("The trace is in {path}")));
    let text = screen(&mut model, 80, 24, &Style::PLAIN);
    assert!(text.replace('\n', "").contains(&path) && text.contains("h hint"), "{text}");
}

/// The page of the next hint for what `model` shows.
fn hint(model: &Model, scratch: &Scratch) -> String {
    let hints =
        hints::one_more(model, &scratch.workspace(), &scratch.lab()).expect("it has a step");
    hints.page(&Style::PLAIN)
}

#[test]
fn a_hint_is_for_the_failure_on_the_screen() {
    let scratch = Scratch::new();
    let mut results = two_failures();
    results.insert(1, failure("step1_listen::easy", "The server sent nothing."));
    let mut model = after(results, &Progress::default());
    let page = hint(&model, &scratch);
    assert!(page.contains("hint 1 of 3  a nudge"), "{page}");
    press(&mut model, KeyCode::Char('n'));
    let page = hint(&model, &scratch);
    assert!(page.contains("hint 2 of 4  For the test hard:"), "{page}");
    press(&mut model, KeyCode::Char('n'));
    let page = hint(&model, &scratch);
    assert!(page.contains("step echo") && page.contains("hint 1 of 3  look"), "{page}");
}

#[test]
fn a_command_is_not_cut_and_no_line_is_wrapped_twice() {
    let mut model = after(two_failures(), &Progress::default());
    press(&mut model, KeyCode::Char('o'));
    for columns in 40..80 {
        let text = screen(&mut model, columns, 60, &Style::PLAIN);
        for command in ["cargo lab test 01 listen", "cargo lab hint 01 listen"] {
            assert!(text.contains(command), "{command} in {columns} columns:\n{text}");
        }
    }
}

#[test]
fn code_in_a_hint_is_scrolled_sideways_and_not_wrapped() {
    let scratch = Scratch::new();
    let code = format!("    a_call({});", "1, ".repeat(40));
    let lab = scratch::LAB.replace("    read()?;", &code);
    scratch.write("labs/01-echo/lab.toml", &lab);
    let failing = vec![failure("step2_echo::bytes", "The server sent nothing.")];
    let mut model = after(failing, &Progress::default());
    for _ in 0..3 {
        let hints = hints::one_more(&model, &scratch.workspace(), &scratch.lab());
        model.show(Some(Overlay::Hints(hints.expect("it has a step"))));
    }
    let text = screen(&mut model, 80, 24, &Style::PLAIN);
    assert!(text.contains("a_call(") && text.contains("long lines (Right)"), "{text}");
    assert!(!text.contains(");"), "{text}");
    for _ in 0..30 {
        press(&mut model, KeyCode::Right);
    }
    let text = screen(&mut model, 80, 24, &Style::PLAIN);
    assert!(text.contains(");") && !text.contains("long lines"), "{text}");
    press(&mut model, KeyCode::Esc);
    assert!(screen(&mut model, 80, 24, &Style::PLAIN).contains("Lab 01  Echo"));
}

#[test]
fn the_whole_page_during_the_first_build_says_that_it_is_running() {
    let mut model = model();
    model.update(Event::Started { is_first_build: true });
    press(&mut model, KeyCode::Char('o'));
    let text = screen(&mut model, 80, 24, &Style::PLAIN);
    assert!(text.contains("Only the first build takes long."), "{text}");
}

#[test]
fn a_notice_goes_with_the_next_key_or_verdict() {
    let mut model = after(two_failures(), &Progress::default());
    let events =
        [Event::Key(Key::Down), Event::Ended(Ok(judgement(two_failures(), &Progress::default())))];
    for event in events {
        model.update(Event::Notice("No test has failed.".to_owned()));
        assert!(screen(&mut model, 80, 24, &Style::PLAIN).contains("No test has failed."));
        model.update(event);
        assert!(!screen(&mut model, 80, 24, &Style::PLAIN).contains("No test has failed."));
    }
}
