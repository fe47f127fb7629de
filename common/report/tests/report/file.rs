//! A report on its way through its file.

use report::{Failure, Kind, Outcome, Report, TestId, Unwritten, VERSION};
use std::fs;
use std::io;
use std::path::Path;

fn failed() -> Report {
    let failure = Failure::new(Kind::Expectation, "unexpected-bytes", "The server sent x.");
    let test = TestId::parse("step2_echo::bytes_come_back");
    Report::failed("01", test, failure)
}

#[test]
fn where_a_function_is_missing_its_step_has_the_hints() {
    let mut report = failed();
    assert_eq!(report.step_with_hints(), Some("echo"));
    let Outcome::Failed(failure) = &mut report.outcome else { panic!("it failed") };
    let (step, function) = ("listen".to_owned(), "bind".to_owned());
    failure.unwritten = Some(Unwritten { step, function });
    assert_eq!(report.step_with_hints(), Some("listen"));
    report.test = TestId::parse("held_back::x");
    assert_eq!(report.step_with_hints(), None);
}

#[test]
fn a_report_survives_the_way_through_its_file() {
    let file = std::env::temp_dir().join(format!("wirelab-report-{}", std::process::id()));
    failed().write(&file).expect("written");
    assert_eq!(Report::read(&file).expect("read"), failed());
    Report { version: VERSION + 1, ..failed() }.write(&file).expect("written");
    let error = Report::read(&file).expect_err("another version");
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    fs::remove_file(&file).expect("removed");
}

#[test]
fn in_a_folder_each_test_has_its_own_file() {
    let folder = std::env::temp_dir();
    assert_eq!(Report::file(&folder, "step2_echo::a"), folder.join("step2_echo.a"));
    let file = Path::new("no-such-folder");
    assert_eq!(Report::file(file, "step2_echo::a"), file);
}
