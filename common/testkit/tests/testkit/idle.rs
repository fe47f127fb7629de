//! Whether a program is idle. `/proc` shows that, so only on Linux.
#![cfg(target_os = "linux")]

use crate::support::{
    FOR_EVER, LISTENS, apart, assert_says, exists, failure, here, lives, printed_pid, shell,
};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use testkit::{Deadline, poll_until};

#[test]
fn one_that_sleeps_is_idle_and_one_that_spins_is_not() {
    assert!(shell!(&format!("{LISTENS}; {FOR_EVER}")).serve([]).wait_until_idle());
    let told = apart!().with("LAB_DEADLINE_SCALE", "0.05").tell(|| {
        let spins = format!("{LISTENS}; while :; do :; done");
        assert!(!shell!(&spins).serve([]).wait_until_idle());
    });
    told.succeeds_with(&[]);
}

#[test]
fn one_that_spins_is_not_waited_for_as_one_that_is_late() {
    assert!(shell!(&format!("{LISTENS}; {FOR_EVER}")).serve([]).wait_until_settled(Duration::ZERO));
    let server = shell!(&format!("{LISTENS}; while :; do :; done")).serve([]);
    let before = server.processor_time();
    // On a busy machine it may get too little of a processor in the time of one wait.
    assert!((0..10).any(|_| server.wait_until_settled(before)));
}

#[test]
fn one_that_waits_for_a_child_that_spins_is_not_idle() {
    let told = apart!().with("LAB_DEADLINE_SCALE", "0.05").tell(|| {
        let spins = format!("{LISTENS}; sh -c 'while :; do :; done'; true");
        assert!(!shell!(&spins).serve([]).wait_until_idle());
    });
    told.succeeds_with(&[]);
}

#[test]
fn a_child_that_has_died_unwaited_for_keeps_nobody_busy() {
    // The shell starts a child and becomes another program, which waits for none.
    let mut server = shell!(&format!("sleep 0.02 & {LISTENS}; echo $!; {FOR_EVER}")).serve([]);
    let child = printed_pid(&mut server);
    assert!(poll_until(Deadline::usual(), || !lives(child)) && exists(child));
    assert!(server.wait_until_idle());
}

#[test]
fn one_that_is_stopped_is_idle_and_goes_on() {
    let script = format!("{LISTENS}; while :; do :; done");
    let mut server = shell!(&script).serve([]);
    assert!(server.pause());
    assert!(server.wait_until_idle());
    assert!(server.resume());
}

/// Waits uninterruptibly, as for a disk, for a child that waits until a process opens a pipe's
/// other end (vfork(2)).
const WAITS_AS_FOR_A_DISK: &str = r#"
import os, sys
print("begun")
opens = [(os.POSIX_SPAWN_OPEN, 0, sys.argv[1], os.O_RDONLY, 0)]
os.posix_spawn("/bin/sh", ["sh", "-c", ":"], {}, file_actions=opens)
print("done")
"#;

#[test]
fn one_that_waits_for_a_disk_is_slow_and_not_silent() {
    // A second of patience.
    let told = apart!().with("LAB_DEADLINE_SCALE", "0.5").tell(|| {
        let lab = shell!("mkfifo \"$1\"; echo made; sleep 1.5; : > \"$1\"");
        let Some(python) = lab.python(WAITS_AS_FOR_A_DISK) else { return };
        let folder = lab.folder();
        let pipe = folder.path().join("pipe").to_string_lossy().into_owned();
        let mut opener = lab.run([pipe.as_str()]);
        opener.expect_line("made");
        python.run([pipe.as_str()]).expect_line("begun").expect_line("done").expect_exit(0);
        opener.expect_exit(0);
    });
    told.succeeds_with(&[]);
}

#[test]
fn one_that_has_ended_is_not_idle() {
    let mut client = shell!("exit 0").run([]);
    client.expect_exit(0);
    assert!(!client.wait_until_idle());
}

#[test]
fn one_that_thinks_is_not_idle_before_it_has_thought() {
    let lab =
        shell!("read go; n=0; while [ $n -lt 3000 ]; do n=$((n+1)); done; echo >\"$1\"; read on");
    let folder = lab.folder();
    let thought = folder.path().join("thought");
    let mut client = lab.run([thought.to_str().expect("a plain path")]);
    assert!(client.wait_until_idle());
    assert!(!thought.exists());
    // Typed input counts immediately, although the program may not have read it yet.
    assert!(client.write_stdin(b"go\n").wait_until_idle());
    assert!(thought.exists());
}

/// The input goes through one thread of the kit, and the output through another.
#[test]
fn one_that_is_idle_has_read_what_was_typed_and_has_been_read_itself() {
    let mut client = shell!("while read -r word; do echo \"$word\" >&2; done").run([]);
    for index in 0..100 {
        client.write_stdin(format!("{index}\n").as_bytes());
        assert!(client.wait_until_idle());
        assert!(client.stderr().ends_with(&format!("{index}\n")), "{index}");
    }
}

#[test]
fn two_that_talk_to_each_other_are_idle_when_both_are() {
    let lab = shell!("read -r what; eval \"$what\"; exec sleep 1000");
    let folder = lab.folder();
    let [pipe, end] = ["pipe", "end"].map(|name| folder.path().join(name).display().to_string());
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("every Unix has it").success());
    let (mut first, mut second) = (lab.run([]), lab.run([]));
    let count = "n=0; while [ $n -lt 3000 ]; do n=$((n+1)); done";
    first.write_stdin(format!("read -r word <{pipe}; {count}; echo >{end}\n").as_bytes());
    second.write_stdin(format!("{count}; echo go >{pipe}\n").as_bytes());
    // Silence at a third party waits for both of them.
    let mut host = lab.scripted_server("host");
    let _somebody = TcpStream::connect(host.address()).expect("it listens");
    host.accept().expect_silence();
    assert!(Path::new(&end).exists());
}

#[test]
#[cfg(target_os = "linux")]
fn what_a_visit_leaves_behind_is_told() {
    let mut server =
        shell!(&format!("{LISTENS}; read word; exec 7</dev/null; {FOR_EVER}")).serve([]);
    assert!(server.wait_until_idle());
    let before = server.resources().expect("Linux has /proc");
    server.expect_given_back(&before, "Nobody came", "happens-itself", "nothing happens by itself");
    server.write_stdin(b"visit\n");
    let text = failure(|| {
        // Until it has one more, there is nothing to complain of.
        server.wait_until_idle();
        server.expect_given_back(&before, "One came", "who-holds-it", "who holds it?");
    });
    let (had, has) = (before.descriptors, before.descriptors + 1);
    let descriptors =
        format!("One came. Threads: 1 before, 1 after; descriptors: {had} before, {has} after.");
    assert_says(&text, &[&descriptors, "who holds it?"]);
}
