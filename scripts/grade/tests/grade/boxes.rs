//! The limits of a box, and what it shows.

use std::process::{Command, Output};
use std::time::Duration;

use grade::sandbox::{Bubblewrap, Ended, Limits, TESTS, run_bounded};

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
    let words = [room.words(user), first, of_box.words()].concat();
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).args(["bash", "-c", script]);
    match run_bounded(&mut command, Duration::from_secs(60), 100_000).expect("it starts") {
        Ended::ByItself(output) => Some(output),
        Ended::Late => panic!("it does not end"),
    }
}

#[test]
fn a_program_gets_the_limits_and_a_lower_limit_of_a_test_stays() {
    let limits = "ulimit -v; ulimit -f; ulimit -t; ulimit -c; ulimit -u";
    let Some(usual) = printed("", limits) else { return };
    assert_eq!(usual, "2929687\n195312\n30\n0\n1200\n");
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
                cat /proc/net/dev | tail -n +3 | cut -d: -f1";
    let seen = printed("", seen).expect("it ends");
    let words: Vec<&str> = seen.split_whitespace().collect();
    let expected = |word: &&&str| {
        ["/:", "bin", "sbin", "lib", "lib32", "lib64", "dev", "etc", "proc", "tmp", "usr", "lo"]
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

#[test]
fn a_program_that_used_its_processor_time_gets_the_signal_that_says_so() {
    let limits = Limits { cpu: 1, ..Limits::BUILD };
    let Some(output) = output_of("", limits, "while :; do :; done") else { return };
    assert_eq!(output.status.code(), Some(128 + 24), "SIGXCPU");
}
