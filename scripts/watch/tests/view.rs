//! What the screen shows, without a terminal.

mod models;

use lab::course::progress::{Progress, TestMark};
use lab::judge::TestResult;
use models::{after, failure, judged, press, screen, two_failures};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::KeyCode;
use terminal::Style;
use watch::event::Event;
use watch::view;

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
fn a_long_conversation_is_folded_so_that_its_mistake_and_the_advice_are_seen() {
    let mut long = models::ladder();
    let first = long.rows[0].clone();
    for number in 0..30 {
        let label = format!("message {number}");
        long.rows.insert(0, report::Row { label, ..first.clone() });
    }
    long.mark(Some("peer"), "wanted 10 more bytes");
    for (rows, folds) in [(24, true), (40, true), (60, false)] {
        let results = vec![models::failure_with(long.clone()), failure("step2_echo::bytes", "No.")];
        let mut model = after(results, &Progress::default());
        let text = screen(&mut model, 80, rows, &Style::PLAIN);
        for words in ["message 29", "✗ wanted 10 more bytes", "Write back each read."] {
            assert!(text.contains(words), "{words} in\n{text}");
        }
        assert_eq!(text.contains("more …"), folds, "{text}");
    }
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
fn what_became_worse_is_on_top() {
    let before = judged(&[
        ("step1_listen::simple", TestMark::Passed),
        ("step1_listen::hard", TestMark::Passed),
    ]);
    let text = screen(&mut after(two_failures(), &before), 80, 24, &Style::PLAIN);
    let regression = text.find("1 test passed before and fails now.");
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
fn a_notice_is_shown_in_full_above_the_keys() {
    let mut model = after(two_failures(), &Progress::default());
    let path = format!(".lab/trace/{}.html", "a".repeat(60));
    model.update(Event::Notice(format!("The trace is in {path}")));
    let text = screen(&mut model, 80, 24, &Style::PLAIN);
    assert!(text.replace('\n', "").contains(&path) && text.contains("h hint"), "{text}");
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
fn an_indented_text_is_cut_between_words() {
    let mut model = after(two_failures(), &Progress::default());
    model.update(Event::Ended(Err(format!("          {}", "word ".repeat(30)))));
    press(&mut model, KeyCode::Char('o'));
    for columns in 40..80 {
        let text = screen(&mut model, columns, 40, &Style::PLAIN);
        let is_cut = |line: &str| line.starts_with("     ") && !line.ends_with("word");
        assert!(!text.lines().any(is_cut), "{columns} columns:\n{text}");
        assert_eq!(text.matches(" word").count(), 30, "{columns} columns:\n{text}");
    }
}
