//! What keys and events change on the screen, without a terminal.

mod models;

use lab::course::progress::{Progress, TestMark};
use lab::judge::TestResult;
use lab::output::Output;
use models::scratch::{self, Scratch};
use models::{after, failure, judged, judgement, model, press, screen, two_failures};
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use terminal::Style;
use watch::event::{Action, Event, Key};
use watch::hints;
use watch::model::{Model, Overlay};

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
fn a_hint_without_a_failure_says_that_none_is_needed() {
    let scratch = Scratch::new();
    let mut progress = Progress::default();
    let mut results = Vec::new();
    for (step, test) in [("listen", "step1_listen::simple"), ("echo", "step2_echo::bytes")] {
        let marks = [(test.to_owned(), TestMark::Passed)].into();
        progress.step_mut(&scratch.lab(), step).record(marks, models::sources("now"));
        results.push(TestResult::passed(test));
    }
    progress.write(&scratch.workspace()).expect("written");
    let model = after(results, &Progress::default());
    let error = hints::one_more(&model, &scratch.workspace(), &scratch.lab()).expect_err("done");
    let wanted =
        "no test fails, so no hint fits: `cargo lab hint 01 STEP` prints the hints of a step";
    assert_eq!(error.cause(), wanted);
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
fn a_notice_goes_with_the_next_key_or_run() {
    let mut model = after(two_failures(), &Progress::default());
    for event in [Event::Key(Key::Down), Event::Started { is_first_build: false }] {
        model.update(Event::Notice("No test has failed.".to_owned()));
        assert!(screen(&mut model, 80, 24, &Style::PLAIN).contains("No test has failed."));
        model.update(event);
        assert!(!screen(&mut model, 80, 24, &Style::PLAIN).contains("No test has failed."));
    }
    // A run sends its own notice before its result.
    model.update(Event::Notice("Your progress is not kept.".to_owned()));
    model.update(Event::Ended(Ok(judgement(two_failures(), &Progress::default()))));
    assert!(screen(&mut model, 80, 24, &Style::PLAIN).contains("Your progress is not kept."));
}

#[test]
fn a_small_screen_scrolls_to_the_next_failure() {
    let before = judged(&[
        ("step1_listen::simple", TestMark::Passed),
        ("step1_listen::hard", TestMark::Passed),
    ]);
    let mut model = after(two_failures(), &before);
    assert!(screen(&mut model, 40, 10, &Style::PLAIN).contains("passed before"));
    press(&mut model, KeyCode::Char('n'));
    let text = screen(&mut model, 40, 10, &Style::PLAIN);
    assert_eq!(text.lines().nth(1), Some("Failure 2 of 2"), "{text}");
    assert!(text.contains("The server sent nothing."), "{text}");
}

#[test]
fn the_help_gives_the_verdict_back_where_it_was() {
    let mut model = after(two_failures(), &Progress::default());
    screen(&mut model, 40, 10, &Style::PLAIN);
    press(&mut model, KeyCode::Down);
    press(&mut model, KeyCode::Down);
    let text = screen(&mut model, 40, 10, &Style::PLAIN);
    press(&mut model, KeyCode::Char('?'));
    press(&mut model, KeyCode::PageDown);
    assert_ne!(screen(&mut model, 40, 10, &Style::PLAIN), text);
    press(&mut model, KeyCode::Char('?'));
    assert_eq!(screen(&mut model, 40, 10, &Style::PLAIN), text);
}
