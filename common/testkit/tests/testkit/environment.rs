//! The variables that steer the kit.

use crate::support::{FOR_EVER, QUICK, apart, here, shell};
use report::{Failure, Kind, Outcome, Report};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;
use terminal::Style;
use testkit::{Deadline, Process, scale_deadline, test_time, test_time_arg};

const LISTENS: &str = "echo listening on 127.0.0.1:7001";

/// A story that fails at once.
fn fail() {
    shell!("echo oops >&2; exit 3").run([]).says("do-better", "do better").expect_exit(0);
}

fn write_script(path: &Path, script: &str) {
    fs::write(path, format!("#!/bin/sh\n{script}\n")).expect("the folder is ours");
    let executable = fs::Permissions::from_mode(0o755);
    fs::set_permissions(path, executable).expect("the file is ours");
}

#[test]
fn lab_subject_is_a_command_quoted_as_for_a_shell() {
    let command = format!("sh -c '{LISTENS}; echo \"$@\"; {FOR_EVER}' 'a name'");
    let told = apart!().with("LAB_SUBJECT", &command).tell(|| {
        let mut server = testkit::subject!("42").serve(["--upper"]);
        server.expect_line("serve --listen 127.0.0.1:0 --upper");
        server.check(false, "That was it.", "think", "think");
    });
    told.fails_with(&[
        "✗ environment › lab_subject_is_a_command_quoted_as_for_a_shell",
        "That was it.",
    ]);
}

/// A folder with the program `my server`.
fn folder_with_a_server() -> tempfile::TempDir {
    let folder = tempfile::TempDir::new().expect("a folder for temporary files");
    write_script(&folder.path().join("my server"), &format!("{LISTENS}; {FOR_EVER}"));
    folder
}

#[test]
#[cfg(target_os = "linux")]
fn lab_subject_is_relative_to_where_the_user_is_whatever_pwd_says() {
    let folder = folder_with_a_server();
    let place = folder.path().to_str().expect("a plain path");
    let apart = apart!().with("LAB_SUBJECT", "./my server").with("CARGO_MANIFEST_DIR", "/");
    // As cargo does: it stays where the user is, and starts the tests elsewhere.
    let told = apart.after(&format!("cd {place}; PWD=/; env -C / \"$@\"; exit")).tell(|| {
        testkit::subject!("42").serve([]);
    });
    told.succeeds_with(&[]);
}

#[test]
fn lab_subject_is_relative_to_the_current_folder_without_cargo() {
    let folder = folder_with_a_server();
    let place = folder.path().to_str().expect("a plain path");
    let apart = apart!().with("LAB_SUBJECT", "./my server");
    let without_cargo = format!("unset CARGO_MANIFEST_DIR; cd {place}; export PWD=/");
    let told = apart.after(&without_cargo).tell(|| {
        testkit::subject!("42").serve([]);
    });
    told.succeeds_with(&[]);
}

/// One passes, one does not; what both print is captured by libtest.
#[test]
fn a_run_that_judges_lab_subject_says_so_first_and_last() {
    let command = format!("sh -c '{LISTENS}; {FOR_EVER}'");
    let subject = format!("`{command}` and not the lab's program, because LAB_SUBJECT is set");
    let passed = apart!().with("LAB_SUBJECT", &command).tell_captured(|| {
        for _ in 0..2 {
            testkit::subject!("42").serve([]);
        }
    });
    passed.succeeds_with(&[]);
    let failed = apart!().with("LAB_SUBJECT", &command).tell_captured(|| {
        testkit::subject!("42").serve([]).check(false, "No.", "think", "think");
    });
    failed.fails_with(&["No."]);
    for told in [passed, failed] {
        let first = format!("This run judges {subject}.\n");
        let last =
            format!("This run judged {subject}.\nTo judge the lab's program, unset LAB_SUBJECT.\n");
        assert_eq!(told.text.matches(&first).count(), 1, "{}", told.text);
        assert!(told.text.ends_with(&last), "{}", told.text);
    }
    let with_runner = apart!().with("LAB_SUBJECT", &command).with("LAB_REPORT", "/dev/null");
    let told = with_runner.tell_captured(|| drop(testkit::subject!("42").serve([])));
    assert!(!told.text.contains("This run"), "{}", told.text);
}

/// Cargo sets `LD_LIBRARY_PATH` for the suite.
#[test]
#[cfg(target_os = "linux")]
fn a_program_has_the_library_path_of_the_user() {
    let told = apart!().after("LD_LIBRARY_PATH=$LD_LIBRARY_PATH:/opt/own").tell(|| {
        let path = std::env::var("LD_LIBRARY_PATH").expect("it is set");
        assert!(path.contains("/deps:"), "{path}");
        shell!("echo \"<$LD_LIBRARY_PATH>\"").run([]).expect_line("</opt/own>");
    });
    told.succeeds_with(&[]);
}

#[test]
fn lab_subject_that_is_not_there_is_told() {
    let told = apart!().with("LAB_SUBJECT", "./no-such-server --fast").tell(|| {
        testkit::subject!("42").serve([]);
    });
    told.fails_with(&["The program ./no-such-server cannot be started: no such file or directory"]);
}

#[test]
fn the_wrapper_goes_in_front() {
    let wrapper = "sh -c 'echo wrapped >&2; exec \"$@\"' wrapper";
    let told = apart!().with("LAB_SUBJECT_WRAPPER", wrapper).tell(|| {
        let script = format!("{LISTENS}; ulimit -n; {FOR_EVER}");
        let mut server = shell!(&script).limit_open_files(64).serve([]);
        server.expect_log("wrapped").expect_line("64");
    });
    told.succeeds_with(&[]);
}

#[test]
#[cfg(target_os = "linux")]
fn a_wrapper_may_change_the_user() {
    if !rustix::process::getuid().is_root() {
        return;
    }
    let wrapper = "setpriv --reuid=65534 --regid=65534 --clear-groups";
    let told = apart!().with("LAB_SUBJECT_WRAPPER", wrapper).tell(|| {
        use std::os::unix::fs::MetadataExt;
        let lab =
            shell!("cd \"$1\" && cat inner/secret && echo new > inner/file && rm inner/secret");
        let folder = lab.folder();
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).expect("the folder is ours");
        let secret = inner.join("secret");
        fs::write(&secret, "secret\n").expect("the folder is ours");
        fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).expect("it is ours");
        // Files of another folder are not the program's, not even by a link.
        let foreign = tempfile::NamedTempFile::new().expect("a temporary file");
        std::os::unix::fs::symlink(foreign.path(), inner.join("link")).expect("made");
        fs::hard_link(foreign.path(), inner.join("hard")).expect("made");

        lab.run([folder.path().to_str().expect("a plain path")])
            .expect_line("secret")
            .expect_exit(0);
        assert_eq!(fs::read_to_string(inner.join("file")).expect("written"), "new\n");
        assert_eq!(foreign.as_file().metadata().expect("open").uid(), 0);
        let mode = folder.path().metadata().expect("it is there").mode();
        assert_eq!(mode & 0o022, 0, "no other user may write");
    });
    told.succeeds_with(&[]);
}

#[test]
fn a_wrapper_that_hides_the_folders_is_told_what_to_open() {
    let told = apart!().with("LAB_SUBJECT_WRAPPER", "sh -c 'exit 1'").tell(|| {
        let lab = shell!("true");
        let _folder = lab.folder();
        lab.run([]).expect_exit(0);
    });
    told.fails_with(&[
        "The program behind LAB_SUBJECT_WRAPPER cannot write to /",
        "Let the wrapper",
    ]);
}

#[test]
#[cfg(target_os = "linux")]
fn what_is_asked_of_the_program_is_asked_of_it_and_not_of_its_wrapper() {
    // One that waits for the program, as a sandbox does, in two processes.
    let wrapper = "sh -c 'sh -c \"\\\"\\$@\\\"; true\" inner \"$@\"; true' wrapper";
    let told = apart!().with("LAB_SUBJECT_WRAPPER", wrapper).tell(|| {
        let script = format!(
            "trap 'echo stopped; exit 0' INT; {LISTENS}; echo $$; exec 7</dev/null 8</dev/null; read word"
        );
        let mut server = shell!(&script).serve([]);
        let pid = crate::support::printed_pid(&mut server);
        assert_eq!(server.pid(), pid);
        assert!(server.wait_until_idle());
        let used = server.resources().expect("Linux has /proc");
        assert!(used.descriptors >= 5, "{used:?}");
        server.interrupt();
        server.expect_stopped();
    });
    told.succeeds_with(&[]);
}

/// The failure in the report that was written to `file`.
fn reported(file: &Path) -> (Report, Failure) {
    let report = Report::read(file).expect("the report was written");
    let failure = report.failure().expect("it failed").clone();
    (report, failure)
}

#[test]
fn a_report_says_what_the_terminal_says() {
    let folder = tempfile::TempDir::new().expect("a folder for temporary files");
    let file = folder.path().join("report.json");
    let path = file.to_str().expect("a plain path");
    let told = apart!().with("LAB_REPORT", path).tell(fail);
    told.fails_with(&["The client ended with"]);
    let (report, failure) = reported(&file);
    assert_eq!((report.lab.as_str(), report.test.group()), ("42", "environment"));
    assert_eq!(report.test.name, "fail");
    assert_eq!(failure.kind, Kind::Expectation);
    assert_eq!(failure.message.id, "wrong-exit-status");
    let sentence = "The client ended with exit status 3 where exit status 0 was due";
    assert!(failure.message.text.starts_with(sentence), "{failure:?}");
    assert_eq!(failure.advice.map(|advice| advice.text).as_deref(), Some("do better"));
    assert!(told.text.contains(&report.render(&Style::PLAIN)), "{}", told.text);
    // It holds fields, and no rendered text.
    let json = fs::read_to_string(&file).expect("the report was written");
    assert!(!json.contains('✗') && !json.contains("Think about it"), "{json}");

    apart!()
        .with("LAB_REPORT", path)
        .tell(|| shell!("").skip("no moon tonight"))
        .succeeds_with(&[]);
    let report = Report::read(&file).expect("the report was written");
    assert_eq!(report.outcome, Outcome::Skipped { reason: "no moon tonight".to_owned() });
}

#[test]
fn in_a_folder_each_test_has_its_report() {
    let folder = tempfile::TempDir::new().expect("a folder for temporary files");
    let path = folder.path().to_str().expect("a plain path");
    apart!().with("LAB_REPORT", path).tell(fail).fails_with(&["The client ended with"]);
    let file = folder.path().join("environment.in_a_folder_each_test_has_its_report");
    let (report, _) = reported(&file);
    assert_eq!(report.test.name, "fail");
    assert!(!report.provisional, "{report:?}");
}

#[test]
fn a_report_that_cannot_be_written_hides_no_failure() {
    let told = apart!().with("LAB_REPORT", "/no/such/folder/report.json").tell(fail);
    told.fails_with(&["LAB_REPORT: cannot write /no/such/folder", "exit status 3 where"]);
}

#[test]
fn a_skip_is_seen_although_the_test_passes() {
    let told = apart!().tell_captured(|| shell!("").skip("no moon tonight"));
    told.succeeds_with(&[
        "skipped environment › a_skip_is_seen_although_the_test_passes: no moon tonight",
    ]);
}

#[test]
fn colour_is_for_terminals() {
    const RED: &str = "\x1b[1;31m";
    let plain = apart!().tell(fail);
    plain.fails_with(&["✗ environment › fail"]);
    assert!(!plain.text.contains('\x1b'), "{}", plain.text);
    apart!().with("LAB_COLOR", "always").with("NO_COLOR", "1").tell(fail).fails_with(&[RED, "✗ "]);

    let Some(terminal) = apart!().on_a_terminal() else {
        return shell!("").skip("script(1) is missing: no terminal to try");
    };
    terminal.tell(fail).fails_with(&[RED]);
    for (name, value) in [("NO_COLOR", "1"), ("LAB_COLOR", "never")] {
        let terminal = apart!().with(name, value).on_a_terminal().expect("it was there just now");
        let told = terminal.tell(fail);
        told.fails_with(&["✗ environment › fail"]);
        let ours = told.text.split("✗").nth(1).unwrap_or_default();
        assert!(!ours.contains("\x1b[1"), "{name}: {}", told.text);
    }
}

#[test]
fn what_cannot_show_more_than_ascii_gets_ascii() {
    let told = apart!().with("LC_ALL", "C").tell(fail);
    told.fails_with(&["X environment > fail", "sh", "X wanted exit status 0"]);
    assert!(told.text.is_ascii(), "{}", told.text);
    // The first of the three that is set decides.
    let utf8 = apart!().with("LC_ALL", "de_DE.utf8").with("LC_CTYPE", "C");
    utf8.tell(fail).fails_with(&["✗ environment › fail"]);
}

#[test]
fn what_steers_the_kit_is_hidden_from_the_program() {
    let told = apart!().with("LAB_REPORT", "/dev/null").with("LAB_ANYTHING", "1").tell(|| {
        let lab = shell!("env | grep '^LAB' | sort; echo $RUST_BACKTRACE $NO_COLOR");
        lab.run([]).expect_output(b"0 1\n").expect_exit(0);
        let lab = shell!("env | grep '^LAB' | sort").with_variable("LAB_TOKEN", "secret");
        lab.run([]).expect_output(b"LAB_TOKEN=secret\n").expect_exit(0);
    });
    told.succeeds_with(&[]);
}

#[test]
fn limits_reach_the_program() {
    let printed = |mut client: Process| {
        let exit = client.expect_exit(0);
        String::from_utf8_lossy(&exit.stdout).trim().to_owned()
    };
    assert_eq!(printed(shell!("ulimit -n").limit_open_files(32).run([])), "32");
    if cfg!(target_os = "linux") {
        let limited = shell!("ulimit -v; ulimit -n");
        let limited = limited.limit_memory(512 << 20).limit_open_files(40);
        assert_eq!(printed(limited.run([])), "524288\n40");
    }
}

#[test]
fn deadlines_are_scaled() {
    fn print_deadline() {
        println!("{:.1} s", Deadline::usual().left().unwrap_or(Duration::ZERO).as_secs_f64());
    }
    for (scale, deadline) in [("", "2.0 s"), ("2.5", "5.0 s"), ("0.1", "0.2 s")] {
        let told = apart!().with_exactly("LAB_DEADLINE_SCALE", scale).tell(print_deadline);
        told.succeeds_with(&[deadline]);
    }
    for nonsense in ["fast", "0", "-1", "1e300", "NaN"] {
        let told = apart!().with_exactly("LAB_DEADLINE_SCALE", nonsense).tell(print_deadline);
        told.succeeds_with(&["2.0 s", "LAB_DEADLINE_SCALE", nonsense, "is no number from 0.01"]);
    }
    let told = apart!().with(QUICK.0, QUICK.1).tell(|| {
        shell!(FOR_EVER).run([]).expect_exit(0);
    });
    told.fails_with(&["The client is still running"]);
    assert!(told.took >= scale_deadline(Duration::from_millis(200)), "{:?}", told.took);
}

#[test]
fn scaled_a_test_takes_less_time_but_waits_as_long() {
    let hurry = apart!().with("LAB_TIME_SCALE", "0.1");
    let told = hurry.with_exactly("LAB_DEADLINE_SCALE", "2").tell(|| {
        println!("{} s, {:?}", test_time_arg(1.5), test_time(0.5));
        println!("{:.1} s", Deadline::usual().left().unwrap_or(Duration::ZERO).as_secs_f64());
    });
    told.succeeds_with(&["0.3", " s, 100ms\n", "4.0 s"]);
}

#[test]
fn a_report_says_whether_its_verdict_is_provisional() {
    let folder = tempfile::TempDir::new().expect("a folder for temporary files");
    let report = folder.path().join("report.json");
    let path = report.to_str().expect("a plain path");
    let is_provisional = || reported(&report).0.provisional;

    apart!().with("LAB_REPORT", path).with("LAB_TIME_SCALE", "0.1").tell(fail).fails_with(&[]);
    assert!(!is_provisional(), "it asked for no time");

    let chooses_a_time = || {
        test_time(1.0);
        fail();
    };
    apart!().with("LAB_REPORT", path).tell(chooses_a_time).fails_with(&[]);
    assert!(!is_provisional(), "there is no hurry");
    let hurry = apart!().with("LAB_REPORT", path).with("LAB_TIME_SCALE", "0.1");
    hurry.tell(chooses_a_time).fails_with(&[]);
    assert!(is_provisional(), "it chose a time");

    let sends_ctrl_c = || {
        let mut server = shell!(&format!("{LISTENS}; {FOR_EVER}")).serve([]);
        server.interrupt();
        server.expect_exit(0);
    };
    let hurry = apart!().with("LAB_REPORT", path).with("LAB_TIME_SCALE", "0.1");
    hurry.tell(sends_ctrl_c).fails_with(&[]);
    assert!(is_provisional(), "from Ctrl-C on a program has two seconds");

    let is_disturbed = || {
        test_time(1.0);
        shell!(FOR_EVER).undisturbed(|_| None::<()>);
    };
    let hurry = apart!().with("LAB_REPORT", path).with("LAB_TIME_SCALE", "0.1");
    hurry.tell(is_disturbed).succeeds_with(&["too busy"]);
    assert!(Report::read(&report).expect("it was written").provisional, "alone it may be judged");
}
