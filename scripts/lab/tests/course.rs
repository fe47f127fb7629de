//! Labs and their names, the student's progress, and the stub in git's history.

mod scratch;

use std::fs::File;
use std::time::{Duration, SystemTime};

use lab::course::at_hand::lab_at_hand;
use lab::course::labs::{self, Lab};
use lab::course::progress::{Progress, StepProgress, TestMark};
use lab::course::stub_history::stub;
use lab::error::Error;
use lab::files;
use scratch::{LAB, STUB, Scratch};

#[test]
fn a_lab_goes_by_number_name_or_folder() {
    let lab = Scratch::new().lab();
    for wanted in
        ["01", "1", "lab01", "lab1", "echo", "01-echo", "labs/01-echo/", r".\labs\01-echo\"]
    {
        assert!(lab.is_called(wanted), "{wanted}");
    }
    for wanted in ["", "lab", "10", "ech", "02-echo", "-1"] {
        assert!(!lab.is_called(wanted), "{wanted}");
    }
}

#[test]
fn a_copy_of_a_lab_is_no_lab() {
    let scratch = Scratch::new();
    for copy in ["echo_backup", "old-echo", "1-echo", "01_echo"] {
        scratch.write(&format!("labs/{copy}/lab.toml"), LAB);
    }
    let labs = labs::all(&scratch.workspace()).expect("the labs can be listed");
    assert_eq!(labs.iter().map(Lab::folder).collect::<Vec<_>>(), ["01-echo"]);
}

#[test]
fn a_step_goes_by_name_number_or_module() {
    let lab = Scratch::new().lab();
    for wanted in ["echo", "2", "step2_echo"] {
        assert_eq!(lab.step(wanted).expect("known").name, "echo");
    }
    let error = lab.step("step1_echo").expect_err("unknown");
    assert!(error.to_string().contains("listen, echo"), "{error}");
}

#[test]
fn a_test_belongs_to_the_step_of_its_module() {
    let lab = Scratch::new().lab();
    assert_eq!(lab.step_of("step2_echo::all_comes_back").map(|step| step.points), Some(20));
    assert_eq!(lab.step_of("step3_echo::all_comes_back"), None);
}

#[test]
fn tests_are_in_the_order_of_the_manifest() {
    let lab = Scratch::new().lab();
    let mut tests = [
        "step2_echo::text",
        "step1_listen::hard",
        "step2_echo::ends::bytes",
        "step1_listen::simple",
    ];
    tests.sort_by_key(|test| lab.place(test));
    let wanted = [
        "step1_listen::simple",
        "step1_listen::hard",
        "step2_echo::ends::bytes",
        "step2_echo::text",
    ];
    assert_eq!(tests, wanted);
}

#[test]
fn progress_that_was_written_is_read_back() {
    let scratch = Scratch::new();
    let mut progress = Progress::default();
    progress.step_mut(&scratch.lab(), "echo").hints = 2;
    progress.write(&scratch.workspace()).expect("written");
    assert_eq!(Progress::read(&scratch.workspace()), progress);
}

#[test]
fn a_lost_or_broken_file_means_no_progress() {
    let scratch = Scratch::new();
    assert_eq!(Progress::read(&scratch.workspace()), Progress::default());
    for broken in ["", "{\"labs\": {\"01-echo\": ", "[1, 2]", "\0\0\0"] {
        scratch.write(".lab/progress.json", broken);
        assert_eq!(Progress::read(&scratch.workspace()), Progress::default());
    }
}

#[test]
fn results_and_fields_of_a_later_version_are_ignored() {
    let scratch = Scratch::new();
    let results = r#"{"a": "passed", "b": "flaky", "c": {"passed": 3}, "gone": "failed"}"#;
    let step = format!(r#"{{"results": {results}, "stars": 5, "hints": 1}}"#);
    let file = format!(r#"{{"labs": {{"01-echo": {{"echo": {step}}}}}, "theme": "dark"}}"#);
    scratch.write(".lab/progress.json", &file);
    let read = Progress::read(&scratch.workspace()).step(&scratch.lab(), "echo");
    let known = [("a", TestMark::Passed), ("gone", TestMark::Failed)];
    assert_eq!(read.results, known.map(|(test, mark)| (test.to_owned(), mark)).into());
    assert_eq!(read.hints, 1);
}

#[test]
fn a_step_is_done_when_all_tests_that_could_run_passed() {
    use TestMark::{Failed, Passed, Skipped, Unwritten};
    let is_done = |marks: &[TestMark]| {
        let results = marks.iter().enumerate().map(|(index, mark)| (index.to_string(), *mark));
        StepProgress { results: results.collect(), ..StepProgress::default() }.is_done()
    };
    assert!(is_done(&[Passed, Passed]));
    assert!(is_done(&[Passed, Skipped]));
    assert!(!is_done(&[Passed, Failed]));
    assert!(!is_done(&[Passed, Unwritten]));
    assert!(!is_done(&[Skipped, Skipped]));
    assert!(!is_done(&[]));
}

#[test]
fn a_file_of_an_older_version_keeps_the_hints() {
    let scratch = Scratch::new();
    let step = r#"{"passed": 3, "skipped": 0, "tests": 3, "source": "0a1b", "hints": 2}"#;
    scratch
        .write(".lab/progress.json", &format!(r#"{{"labs": {{"01-echo": {{"echo": {step}}}}}}}"#));
    let read = Progress::read(&scratch.workspace()).step(&scratch.lab(), "echo");
    assert_eq!(read, StepProgress { hints: 2, ..StepProgress::default() });
}

/// The stub that is found after commits of these versions of `src/main.rs`.
fn found(versions: &[&str]) -> Result<String, Error> {
    let scratch = Scratch::new();
    scratch.commit(versions);
    let files = stub(&scratch.lab())?;
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].path, "src/main.rs");
    Ok(String::from_utf8_lossy(&files[0].content).into_owned())
}

const HALF: &str = "fn a() {}\nfn b() { todo!(\"lab01, step echo: b\") }\n";
const ANSWER: &str = "fn a() {}\nfn b() {}\n";

#[test]
fn the_stub_is_found_below_answers() {
    assert_eq!(found(&["// empty\n", STUB, HALF, ANSWER]).expect("found"), STUB);
}

#[test]
fn a_corrected_stub_is_preferred_to_the_older_one() {
    let corrected = format!("// corrected\n{STUB}");
    assert_eq!(found(&[STUB, &corrected, ANSWER]).expect("found"), corrected);
}

#[test]
fn an_older_stub_with_more_functions_is_not_taken() {
    let older = format!("{STUB}fn c() {{ todo!(\"lab01, step echo: c\") }}\n");
    assert_eq!(found(&[&older, STUB, HALF, ANSWER]).expect("found"), STUB);
}

#[test]
fn without_a_stub_the_error_says_so() {
    let error = found(&[HALF, ANSWER]).expect_err("none");
    assert!(error.to_string().contains("no commit has 2 lines with `todo!(\"lab01`"), "{error}");
}

#[test]
fn without_a_repository_the_error_says_so() {
    let error = stub(&Scratch::new().lab()).expect_err("none");
    assert!(error.to_string().contains("not a git repository"), "{error}");
}

/// A second lab, and the name of the lab at hand after `prepare`.
fn at_hand(prepare: impl Fn(&Scratch, &mut Progress)) -> Option<String> {
    let scratch = Scratch::new();
    scratch.write("labs/02-many/lab.toml", LAB);
    scratch.write("labs/02-many/src/main.rs", &STUB.replace("lab01", "lab02"));
    let mut progress = Progress::default();
    prepare(&scratch, &mut progress);
    let labs = labs::all(&scratch.workspace()).expect("both are valid");
    lab_at_hand(&labs, &progress).map(Lab::folder)
}

/// Writes that all steps of the lab are done, with the sources as they are now.
fn finish(scratch: &Scratch, progress: &mut Progress, lab: &str) {
    let lab = labs::find(&scratch.workspace(), lab).expect("known");
    for step in lab.steps() {
        let entry = progress.step_mut(&lab, &step.name);
        entry.results = [("a_test".to_owned(), TestMark::Passed)].into();
        entry.files = files::rust_fingerprints(&lab.src());
    }
}

#[test]
fn the_lab_at_hand_is_the_first_until_one_is_begun() {
    assert_eq!(at_hand(|_, _| ()).as_deref(), Some("01-echo"));
    let second = at_hand(|scratch, _| scratch.write("labs/02-many/src/main.rs", HALF));
    assert_eq!(second.as_deref(), Some("02-many"));
}

#[test]
fn of_labs_that_are_begun_the_one_edited_last_is_at_hand() {
    let last = at_hand(|scratch, _| {
        scratch.write("labs/02-many/src/main.rs", HALF);
        scratch.write("labs/01-echo/src/main.rs", HALF);
        let later = SystemTime::now() + Duration::from_secs(9);
        let file =
            File::options().write(true).open(scratch.path().join("labs/02-many/src/main.rs"));
        file.and_then(|file| file.set_modified(later)).expect("set");
    });
    assert_eq!(last.as_deref(), Some("02-many"));
}

#[test]
fn a_finished_lab_is_at_hand_only_after_an_edit() {
    let finished = at_hand(|scratch, progress| finish(scratch, progress, "01"));
    assert_eq!(finished.as_deref(), Some("02-many"));
    let edited = at_hand(|scratch, progress| {
        finish(scratch, progress, "01");
        scratch.write("labs/01-echo/src/main.rs", ANSWER);
    });
    assert_eq!(edited.as_deref(), Some("01-echo"));
    let open_in_an_editor = at_hand(|scratch, progress| {
        finish(scratch, progress, "01");
        for name in [".main.rs.swp", ".#main.rs", "main.rs~"] {
            scratch.write(&format!("labs/01-echo/src/{name}"), "the editor's own");
        }
    });
    assert_eq!(open_in_an_editor.as_deref(), Some("02-many"));
    let all = at_hand(|scratch, progress| {
        ["01", "02"].iter().for_each(|lab| finish(scratch, progress, lab));
    });
    assert_eq!(all, None);
}
