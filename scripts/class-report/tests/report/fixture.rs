//! Ledgers of made-up classes, by the real steps and tests of a lab.

use std::fs;
use std::path::Path;

use lab::course::labs::{self, Lab};
use lab::course::mistake::Mistake;
use lab::workspace::Workspace;
use ledger::{
    Entry, File, Ledger, LeftOut, Outcome, SCHEMA, Step, Student, Submission, Test, VERSION,
    Verdict, Writer,
};
use report::{Advice, Direction, Failure, Kind, Ladder, Mark, Payload, Report, Row, TestId};

/// Markup, a formula, a colour and a turned text, in one.
pub const HOSTILE: &str = "=HYPERLINK(\"http://x\")</title></pre></script><script>alert(1)</script><img src=x onerror=alert(1)>'\"&\u{1b}[31m\u{202e}\t@x\r\n-1]]>--><!--\u{0}\u{7}";

pub fn workspace() -> Workspace {
    Workspace::find().expect("the tests run in it")
}

pub fn lab(number: &str) -> Lab {
    labs::find(&workspace(), number).expect("the lab exists")
}

/// A student who passes all tests of `number`.
pub fn model(number: &str, id: &str) -> Entry {
    let lab = lab(number);
    let steps: Vec<Step> = lab
        .steps()
        .iter()
        .enumerate()
        .map(|(index, step)| {
            let module = lab.manifest.module(index).expect("the step has one");
            let tests = step.tests.iter().map(|name| passed(&module, name)).collect();
            Step {
                name: step.name.clone(),
                points: step.points,
                points_possible: step.points,
                tests,
            }
        })
        .collect();
    let all: u32 = steps.iter().map(|step| step.points).sum();
    Entry {
        schema: SCHEMA.into(),
        version: VERSION,
        key: format!("key-of-{id}"),
        lab: number.into(),
        student: Student { id: id.into(), name: None, email: None },
        submission: Submission {
            source: format!("{id}.zip"),
            commit: None,
            number: None,
            submitted: None,
            marked_late: false,
            taken: vec![File { path: "src/echo.rs".into(), bytes: 1, sha256: "0".into() }],
            left_out: Vec::new(),
        },
        verdict: Verdict::Passed,
        reason: None,
        compiler: None,
        points: all,
        points_possible: all,
        steps,
        held_back: vec![
            passed("held_back", "a_secret_test"),
            passed("held_back", "another_secret"),
        ],
        toolchain: "1.95.0".into(),
        judge: None,
        started: "2026-12-01T08:00:00Z".parse().expect("a time"),
        wall_ms: 1234,
        cpu_ms: 800,
    }
}

pub fn passed(module: &str, name: &str) -> Test {
    Test {
        module: module.into(),
        name: name.into(),
        outcome: Outcome::Passed,
        runs: 1,
        report: None,
    }
}

/// A failure with these ids, and a conversation of two rows.
pub fn failure(message: &str, advice: &str) -> Failure {
    let mut failure =
        Failure::new(Kind::Expectation, message, &format!("The server is wrong ({message})."));
    failure.advice =
        Some(Advice { id: advice.into(), text: format!("Look at `echo` ({advice}).") });
    failure.expected = Some("\"y\"".into());
    failure.received = Some("\"x\"".into());
    let mark = Some(Mark { row: Some(1), text: "wanted \"y\"".into() });
    let rows = vec![row(Direction::ToProgram, b"y"), row(Direction::FromProgram, b"x")];
    failure.ladder =
        Some(Ladder { program: "lab01 serve".into(), rows, mark, ..Ladder::default() });
    failure
}

pub fn row(direction: Direction, bytes: &[u8]) -> Row {
    let mut payload = Payload::default();
    payload.extend(bytes);
    Row {
        time_us: 1500,
        peer: Some("peer".into()),
        direction,
        label: String::new(),
        payload: Some(payload),
        pieces: None,
    }
}

/// Makes the tests whose names begin with `prefix` (`step2_echo::`) fail, and lowers the points.
pub fn fail(entry: &mut Entry, prefix: &str, failure: &Failure) {
    let number = entry.lab.clone();
    for step in &mut entry.steps {
        for test in &mut step.tests {
            let path = format!("{}::{}", test.module, test.name);
            if path.starts_with(prefix) {
                test.outcome = Outcome::Failed;
                test.report = Some(Report::failed(&number, TestId::parse(&path), failure.clone()));
            }
        }
        let passed = step.tests.iter().filter(|test| test.outcome == Outcome::Passed).count();
        step.points = step.points_possible * u32::try_from(passed).expect("few")
            / u32::try_from(step.tests.len().max(1)).expect("few");
    }
    entry.points = entry.steps.iter().map(|step| step.points).sum();
    entry.verdict = Verdict::Failed;
}

/// Makes the first held-back test fail.
pub fn fail_held_back(entry: &mut Entry, failure: &Failure) {
    let test = &mut entry.held_back[0];
    test.outcome = Outcome::Failed;
    let id = TestId::parse(&format!("held_back::{}", test.name));
    test.report = Some(Report::failed(&entry.lab, id, failure.clone()));
}

/// A submission that was not judged.
pub fn unjudged(number: &str, id: &str, verdict: Verdict) -> Entry {
    let mut entry = model(number, id);
    (entry.points, entry.points_possible, entry.verdict) = (0, 0, verdict);
    (entry.steps, entry.held_back) = (Vec::new(), Vec::new());
    entry.reason = Some("This is the reason.".into());
    entry
}

/// A student who chose every text to do harm.
pub fn hostile(number: &str) -> Entry {
    let mut wrong = failure("closed-early", "read-in-a-loop");
    wrong.message.text = HOSTILE.into();
    wrong.details = vec![HOSTILE.into()];
    wrong.received = Some(HOSTILE.into());
    let ladder = wrong.ladder.as_mut().expect("it has one");
    ladder.rows[0].label = HOSTILE.into();
    ladder.rows[0].peer = Some(HOSTILE.into());
    ladder.rows.push(row(Direction::FromProgram, HOSTILE.as_bytes()));
    let mut entry = model(number, HOSTILE);
    fail(&mut entry, "step", &wrong);
    fail_held_back(&mut entry, &wrong);
    entry.student.name = Some(HOSTILE.into());
    entry.student.email = Some(HOSTILE.into());
    entry.submission.source = HOSTILE.into();
    entry.submission.commit = Some(HOSTILE.into());
    entry.submission.left_out = vec![LeftOut { path: HOSTILE.into(), reason: HOSTILE.into() }];
    entry.reason = Some(HOSTILE.into());
    entry.compiler = Some(HOSTILE.into());
    entry
}

/// A wrong answer, as `solutions/01-echo/mistakes` keeps one. Copies for students have no such folder.
pub fn backlog_of_one() -> Mistake {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a-backlog-of-one.patch");
    let text = "# believed: the backlog is `1`\n\
        # caught-by: step1_listen::a_burst_of_clients_waits_in_the_backlog\n\
        # message: check-failed\n# advice: pass-the-backlog-to-listen\n\
        --- a/src/listen.rs\n+++ b/src/listen.rs\n";
    fs::write(&path, text).expect("a patch");
    Mistake::read(&path).expect("a mistake")
}

pub fn of(entries: Vec<Entry>) -> Ledger {
    Ledger { entries, cut: 0 }
}

/// Writes a ledger into `file`.
pub fn write(file: &Path, entries: &[Entry]) {
    let mut writer = Writer::append_to(file).expect("a file");
    for entry in entries {
        writer.append(entry).expect("a line");
    }
}
