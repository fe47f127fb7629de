//! A report as text.

use report::{Advice, Failure, Kind, Ladder, Outcome, Report, Role, StderrTail, TestId};
use terminal::{Style, WIDTH};

fn report(change: impl FnOnce(&mut Failure)) -> Report {
    let text = "The server sent \"x\" where \"y\" was due.";
    let mut failure = Failure::new(Kind::Expectation, "unexpected-bytes", text);
    change(&mut failure);
    Report::failed("01", TestId::parse("step2_echo::a_test"), failure)
}

#[test]
fn a_failure_says_what_where_and_what_next() {
    let page = report(|failure| {
        let mut ladder = Ladder { program: "lab01 serve".to_owned(), ..Ladder::default() };
        ladder.mark(None, "wanted \"y\"");
        failure.ladder = Some(ladder);
        let (id, text) = ("echo-each-read".to_owned(), "write back what was read".to_owned());
        failure.advice = Some(Advice { id, text });
        let lines = vec!["error: no".to_owned()];
        failure.stderr = vec![StderrTail { role: Role::Server, run: None, status: None, lines }];
    });
    let wanted = "✗ echo › a_test\n\n\
                  The server sent \"x\" where \"y\" was due.\n\n\
                  The server's last words on stderr:\n    error: no\n\n";
    let text = page.render(&Style::PLAIN);
    let rest = text.strip_prefix(wanted).unwrap_or_else(|| panic!("{text}"));
    assert!(rest.contains("lab01 serve\n      ✗ wanted \"y\"\n\n"), "{text}");
    let end = "\n\nThink about it: write back what was read\nStuck? cargo lab hint 01 echo";
    assert!(rest.ends_with(end), "{text}");
    assert!(!page.render_without_hint(&Style::PLAIN).contains("Stuck?"));
}

#[test]
fn paragraphs_fit_the_terminal() {
    let text = "a sentence that is longer than forty columns ".repeat(4);
    let page = report(|failure| failure.details = vec![text.trim().to_owned()]);
    let page = page.render(&Style { columns: 40, ..Style::PLAIN });
    assert!(page.lines().all(|line| line.chars().count() <= 40), "{page}");
}

#[test]
fn without_advice_the_hint_stands_alone() {
    let text = report(|_| ()).render(&Style::default());
    assert_eq!(
        text,
        "X echo > a_test\n\nThe server sent \"x\" where \"y\" was due.\n\n\
         Stuck? cargo lab hint 01 echo"
    );
}

#[test]
fn a_skipped_test_says_why() {
    let reason = "no /proc".to_owned();
    let id = TestId::parse("step2_echo::a_test");
    let report = Report::new("01", id, Outcome::Skipped { reason });
    assert_eq!(report.render(&Style::PLAIN), "skipped echo › a_test: no /proc");
}

#[test]
fn a_failure_of_the_machine_is_no_verdict_on_the_program() {
    let id = TestId::parse("suite::step2_echo::a_test");
    let reason = "This machine allows 64 open files.".to_owned();
    let report = Report::new("01", id, Outcome::Machine { reason });
    let page =
        "✗ echo › a_test\n\nThis machine allows 64 open files. This is no verdict on the program.";
    assert_eq!(report.render(&Style::PLAIN), page);
}

#[test]
fn after_a_panic_the_advice_says_that_it_is_about_the_test() {
    let page = report(|failure| {
        failure.kind = Kind::Panicked;
        let (id, text) = ("echo-each-read".to_owned(), "Write back what was read.".to_owned());
        failure.advice = Some(Advice { id, text });
    });
    let text = page.render(&Style::PLAIN);
    assert!(!text.contains("Think about it"), "{text}");
    let end =
        "Find the cause of the panic first. The test is about this: Write back what was read.";
    assert!(text.contains(end), "{text}");
}

#[test]
fn a_long_line_of_stderr_is_wrapped_and_not_cut() {
    let line =
        "error: the certificate of the server is of no use: ".repeat(4) + "its name is wrong";
    let page = report(|failure| {
        let lines = vec![line.clone()];
        failure.stderr = vec![StderrTail { role: Role::Server, run: None, status: None, lines }];
    });
    let text = page.render(&Style::PLAIN);
    assert!(text.contains("its name is wrong"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
}
