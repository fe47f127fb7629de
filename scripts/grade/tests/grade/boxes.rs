//! The limits of a box, and what it shows.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Output};
use std::thread;
use std::time::Duration;

use grade::sandbox::{
    Bubblewrap, COPIES, Ended, Limits, TESTS, User, confine, copy_settings, run_bounded,
};
use landlock::{AccessFs, Ruleset, RulesetAttr, RulesetStatus};

use crate::class::sandbox_user;

/// What `script` prints in a box with the limits of a program. `None` without a sandbox.
fn printed(limits: &str, script: &str) -> Option<String> {
    let output = output_of(limits, Limits::PROGRAM, script)?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The output of `script` in a box with limits of a test and those of the box.
fn output_of(limits: &str, of_box: Limits, script: &str) -> Option<Output> {
    let user = sandbox_user()?;
    let room = Bubblewrap::new().empty("/tmp", 16_000_000).empty(TESTS, 16_000_000);
    let limit_and_run = format!("{limits} exec \"$@\"");
    let first = ["sh", "-c", &limit_and_run, "sh"].map(Into::into).to_vec();
    let words = [first, room.confined(user, of_box)].concat();
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).args(["bash", "-c", script]);
    match run_bounded(&mut command, Duration::from_secs(60), 100_000).expect("it starts") {
        Ended::ByItself(output) => Some(output),
        Ended::Late | Ended::Waiting => panic!("it does not end"),
    }
}

#[test]
fn a_program_gets_the_limits_and_a_lower_limit_of_a_test_stays() {
    let limits = "ulimit -v; ulimit -f; ulimit -t; ulimit -c; ulimit -u";
    let Some(usual) = printed("", limits) else { return };
    assert_eq!(usual, "3906250\n195312\n30\n0\n1200\n");
    let lower = printed("ulimit -v 1000000; ulimit -f 100;", limits).expect("it ends");
    assert!(lower.starts_with("1000000\n50\n30\n"), "{lower}");
}

#[test]
fn a_box_has_only_so_many_processes_and_no_other_file_or_network() {
    // dash ends when it cannot fork; bash would try again.
    let forks = "dash -c 'i=0; while [ $i -lt 1500 ]; do sleep 60 & i=$((i + 1)); echo $i; done'";
    let Some(counts) = printed("", forks) else { return };
    let count = counts.lines().last().and_then(|line| line.parse::<u32>().ok());
    let count = count.expect("it counts its processes");
    assert!(count < 1_200, "{count} processes");
    let seen = "ls / /home /root /box 2>/dev/null; cat /etc/passwd 2>/dev/null; ls /proc | grep -c '^[0-9]'; \
                tail -n +2 /proc/net/route | cut -f1; sed 's/.* //' /proc/net/ipv6_route";
    let seen = printed("", seen).expect("it ends");
    let words: Vec<&str> = seen.split_whitespace().collect();
    let expected = |word: &&&str| {
        [
            "/:", "bin", "sbin", "lib", "lib32", "lib64", "dev", "etc", "proc", "tmp", "usr", "lo",
            "box", "/box:", "launcher",
        ]
        .contains(word)
            || word.parse::<u32>().is_ok_and(|processes| processes < 10)
    };
    let unexpected: Vec<&&str> = words.iter().filter(|word| !expected(word)).collect();
    assert!(unexpected.is_empty(), "{unexpected:?} in {seen}");
}

#[test]
fn a_box_writes_only_to_folders_with_a_size() {
    let write = "for folder in / /dev /etc /box /tmp /tmp/tests /dev/shm; do \
                 (: > $folder/x) 2>/dev/null && echo $folder; done; \
                 head -c 20000000 /dev/zero 2>/dev/null > /dev/shm/x; stat -c %s /dev/shm/x";
    let Some(written) = printed("", write) else { return };
    let (folders, bytes) = written.trim().rsplit_once('\n').expect("lines");
    assert_eq!(folders, "/tmp\n/tmp/tests\n/dev/shm");
    let bytes: u32 = bytes.parse().expect("a number");
    assert!(bytes < 17_000_000, "{bytes} bytes of shared memory");
}

/// Either lock alone prevents it: --disable-userns of bwrap, and Landlock.
#[test]
fn a_confined_command_mounts_nothing_and_makes_no_user_namespace() {
    let mount = "unshare -rm mount -t tmpfs -o size=1G none /tmp && echo mounted";
    let Some(printed) = printed("", mount) else { return };
    assert_eq!(printed, "");
}

/// Each mount costs each start of a program, so its box has one for all settings, and one for the names.
/// A test of lab 01 replaces these before it starts the box.
#[test]
fn a_box_in_a_box_shows_copies_of_the_settings_and_the_names_of_a_test() {
    let Some(user) = sandbox_user() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let copies = folder.path().join("etc");
    copy_settings(&copies).expect("copied");
    let outer = Bubblewrap::new().empty("/tmp", 1_000_000).read_only(copies, COPIES);
    let names = "mount --bind /etc/services /etc/hosts && exec \"$@\"";
    let names = ["unshare", "-rm", "sh", "-c", names, "sh"].map(OsString::from).to_vec();
    let inner = Bubblewrap::sharing_network().empty("/tmp", 1_000_000);
    let inner = inner.limited(User::Own, Limits::PROGRAM);
    let words = [outer.words(user), names, inner].concat();
    let mut command = Command::new(&words[0]);
    let links = "find /etc/alternatives -type l | sort";
    let script = format!("grep -c ' /etc' /proc/self/mountinfo; {links}; cat /etc/hosts");
    let inside = command.args(&words[1..]).args(["sh", "-c", &script]).output().expect("it starts");
    let here = format!("echo 2; {links}; cat /etc/services");
    let here = Command::new("sh").args(["-c", &here]).output().expect("it starts");
    let text = |output: Output| String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(text(inside), text(here));
}

/// Tests of labs 04 and 08 start the program behind its wrapper in a network of its own, and with a
/// file over `/etc/hosts`.
#[test]
fn a_program_that_tests_start_can_have_its_own_network_and_names() {
    let Some(user) = sandbox_user() else { return };
    let outer = Bubblewrap::new().empty("/tmp", 1_000_000).read_only("/etc", COPIES);
    let inner = Bubblewrap::sharing_network().empty("/tmp", 1_000_000);
    let words = [outer.words(user), inner.limited(User::Own, Limits::PROGRAM)].concat();
    let mut command = Command::new(&words[0]);
    let script = "unshare -rnm mount --bind /etc/services /etc/hosts && echo made";
    let output = command.args(&words[1..]).args(["sh", "-c", script]).output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "made\n", "{said}");
}

/// The first lock is open: this launcher runs without a box.
#[test]
fn landlock_alone_lets_a_program_write_to_its_folders_only() {
    if !landlock_is_here() {
        return eprintln!("skipped: this kernel has no Landlock");
    }
    let [open, closed] = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
    let words = confine::words(Limits::PROGRAM, &[open.path(), Path::new("/dev")]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_grade"));
    command.args(&words[1..]).args(["bash", "-c", "echo a > \"$1/x\"; echo a > \"$2/x\"", "bash"]);
    let output = command.args([open.path(), closed.path()]).output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("Permission denied"), "{said}");
    assert!(open.path().join("x").exists() && !closed.path().join("x").exists(), "{said}");
}

/// It locks one thread only, which then ends.
fn landlock_is_here() -> bool {
    let lock = || {
        let ruleset = Ruleset::default().handle_access(AccessFs::MakeSock)?.create()?;
        ruleset.restrict_self().map(|status| status.ruleset)
    };
    let status = thread::spawn(lock).join().expect("it does not panic");
    status.is_ok_and(|status: RulesetStatus| status == RulesetStatus::FullyEnforced)
}

#[test]
fn a_program_that_used_its_processor_time_gets_the_signal_that_says_so() {
    let limits = Limits { cpu: 1, ..Limits::BUILD };
    let Some(output) = output_of("", limits, "while :; do :; done") else { return };
    assert_eq!(output.status.code(), Some(128 + 24), "SIGXCPU");
}
