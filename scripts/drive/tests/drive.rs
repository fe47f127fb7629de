//! The program `drive` as its users see it: fed with commands through a pipe.
//!
//! It drives the echo server in Python, in a workspace of its own. Without Python, the tests are
//! skipped.

mod python;
mod scratch;

use std::io::Write;

use scratch::{Scratch, rows, stderr, stdout};

#[test]
fn commands_are_done_and_the_ladder_is_drawn() {
    let Some(scratch) = Scratch::new() else { return };
    let output =
        scratch.drive("connect\nsend \"hello\\n\"\nexpect \"hello\\n\"\nfin\nexpect fin\n");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let rows = rows(&output);
    for row in ["peerconnect▶", "peer\"hello\\n\"▶", "peer◀\"hello\\n\"", "peerFIN▶", "peer◀FIN"]
    {
        assert!(rows.contains(row), "{row} in\n{}", stdout(&output));
    }
    assert!(scratch.server_has_ended());
}

#[test]
fn a_paused_program_answers_after_it_goes_on() {
    let Some(scratch) = Scratch::new().filter(|_| cfg!(unix)) else { return };
    let output = scratch.drive("connect\npause\nsend \"a\"\nresume\nexpect \"a\"\n");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let (rows, answer) = (rows(&output), "peer◀\"a\"");
    assert!(rows.find("resumed(SIGCONT)") < rows.find(answer), "{}", stdout(&output));
}

#[test]
fn a_peer_that_does_not_read_receives_later() {
    let Some(scratch) = Scratch::new() else { return };
    let output = scratch.drive("connect\nstop\nsend \"a\"\nwait 0.1\ngo\nexpect \"a\"\n");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let (rows, answer) = (rows(&output), "peer◀\"a\"");
    assert!(rows.find("(readson)") < rows.find(answer), "{}", stdout(&output));
}

#[test]
fn an_expectation_of_a_peer_that_does_not_read_has_the_reason() {
    let Some(scratch) = Scratch::new() else { return };
    let mut command = scratch.command(&["01"]);
    // The expectation fails after its whole deadline.
    let mut child = command.env("LAB_DEADLINE_SCALE", "1").spawn().expect("it starts");
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all(b"connect\nstop\nexpect \"a\"\n").expect("it reads");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    assert!(stdout(&output).contains("(it reads again after `go`)"), "{output:?}");
}

#[test]
fn long_answers_that_look_the_same_differ_in_the_middle() {
    let Some(scratch) = Scratch::new() else { return };
    let (sent, expected) = ("a".repeat(2001), format!("{0}b{0}", "a".repeat(1000)));
    let output = scratch.drive(&format!("connect\nsend \"{sent}\"\nexpect \"{expected}\"\n"));
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(stdout(&output).contains("(2,001 bytes), but other bytes in the middle"), "{output:?}");
}

#[test]
fn a_reset_peer_is_gone_and_the_next_one_has_its_own_name() {
    let Some(scratch) = Scratch::new() else { return };
    let output = scratch.drive("connect\nrst\nconnect\nsend \"a\"\nexpect \"a\"\npeer: fin\n");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(rows(&output).contains("peer_2◀\"a\""), "{}", stdout(&output));
    assert!(stderr(&output).contains("error: line 6: peer has no connection"), "{output:?}");
}

#[test]
fn only_what_happened_has_a_row() {
    let Some(mut scratch) = Scratch::new() else { return };
    let output = scratch.drive("connect\nrst\nsend \"lost\"\n");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(stderr(&output).contains("line 3: peer cannot send"), "{output:?}");
    assert!(!stdout(&output).contains("lost"), "{}", stdout(&output));
    // Port 1 has no listener.
    scratch.subject =
        "python3 -uc 'import time; print(\"listening on 127.0.0.1:1\"); time.sleep(99)'".to_owned();
    let output = scratch.drive("connect\n");
    assert!(stderr(&output).contains("line 1: peer cannot connect"), "{output:?}");
    assert!(!rows(&output).contains("connect"), "{}", stdout(&output));
}

#[test]
fn a_wrong_line_in_a_file_ends_the_session_and_is_named() {
    let Some(scratch) = Scratch::new() else { return };
    let output = scratch.drive("# a comment\nconnect\nshout \"a\"\nquit\n");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(stderr(&output).contains("error: line 3: there is no command `shout`"), "{output:?}");
    assert!(scratch.server_has_ended());
}

#[test]
fn a_line_that_is_no_utf_8_is_a_wrong_line() {
    let Some(scratch) = Scratch::new() else { return };
    let output = scratch.drive_with(&["01"], b"connect\ngr\xfcsse\nexpect \"a\"\n");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(stderr(&output).contains("error: line 2: there is no command `gr"), "{output:?}");
}

#[test]
fn another_program_than_the_labs_is_named() {
    let Some(scratch) = Scratch::new() else { return };
    let output = scratch.drive("");
    let line = format!(
        "This run starts `{}` and not labs/01-echo/src, because LAB_SUBJECT is set.\n",
        scratch.subject
    );
    assert_eq!(stderr(&output), line);
}

#[test]
fn programs_read_the_ladder_as_json() {
    let Some(scratch) = Scratch::new() else { return };
    let commands = "connect\nsend \"a\"\nexpect \"b\"\n";
    let output = scratch.drive_with(&["01", "--format", "json"], commands);
    let ladder: report::Ladder = serde_json::from_slice(&output.stdout).expect("a ladder");
    assert_eq!(ladder.program, "lab01 serve");
    assert!(ladder.rows.len() >= 4, "{ladder:?}");
    let page: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let remark = &page["remarks"][0];
    assert_eq!(remark["text"], "✗ peer expected \"b\" and received \"a\"");
    assert_eq!((&remark["is_failure"], &page["exit_status"]), (&true.into(), &1.into()));
}

#[test]
fn a_program_that_does_not_exist_is_named() {
    let Some(mut scratch) = Scratch::new() else { return };
    scratch.subject = "no_such_program".to_owned();
    let output = scratch.drive("connect\n");
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    assert!(stderr(&output).contains("cannot start no_such_program: "), "{output:?}");
}

/// A full disk.
#[cfg(target_os = "linux")]
#[test]
fn a_ladder_that_cannot_be_printed_is_an_error() {
    let Some(scratch) = Scratch::new() else { return };
    for words in [&["01"][..], &["01", "--format", "json"]] {
        let full = std::fs::File::create("/dev/full").expect("every Linux has it");
        let mut child = scratch.command(words).stdout(full).spawn().expect("it starts");
        drop(child.stdin.take());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(3), "{output:?}");
        assert!(stderr(&output).contains("cannot print the conversation: "), "{output:?}");
    }
}

#[test]
fn a_program_that_does_not_listen_is_an_error() {
    let Some(mut scratch) = Scratch::new() else { return };
    scratch.subject = "python3 -c 'import sys; sys.exit(\"no\")'".to_owned();
    let output = scratch.drive("connect\n");
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    assert!(stderr(&output).contains("the program ended before it listened"), "{output:?}");
    assert!(rows(&output).contains("stderr:no"), "{}", stdout(&output));
}

#[test]
fn a_program_that_floods_its_output_ends_with_the_session() {
    let Some(mut scratch) = Scratch::new() else { return };
    let flood = "print(\"listening on 127.0.0.1:1\", *[\"x\" * 99] * 9999, sep=\"\\n\")";
    scratch.subject = format!("python3 -uc '{flood}'");
    let output = scratch.drive("wait 0.1\nquit\n");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

/// A program that never stops printing must not make an expectation wait for ever.
#[test]
fn a_flood_of_output_moves_no_deadline() {
    let Some(mut scratch) = Scratch::new() else { return };
    let flood = "import socket; s = socket.create_server((\"127.0.0.1\", 0)); \
        print(\"listening on 127.0.0.1:%d\" % s.getsockname()[1], flush=True)\n\
        while True: print(\"x\" * 999)";
    scratch.subject = format!("python3 -c '{flood}'");
    let mut drive = scratch.command(&["01"]);
    let mut child = drive.env("LAB_DEADLINE_SCALE", "0.2").spawn().expect("it starts");
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all(b"connect\nexpect \"a\"\n").expect("it listens");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
}

/// Bytes for two peers by turns: each ends the row of the other one.
const TURNS: &str = "import socket; s = socket.create_server((\"127.0.0.1\", 0)); \
    print(\"listening on 127.0.0.1:%d\" % s.getsockname()[1], flush=True); \
    clients = [s.accept()[0] for _ in range(2)]; clients[0].recv(1); \
    [c.sendall(b\".\") for _ in range(4000) for c in clients]; [c.close() for c in clients]";

#[test]
fn many_rows_of_two_peers_by_turns_are_shown() {
    let Some(mut scratch) = Scratch::new() else { return };
    scratch.subject = format!("python3 -uc '{TURNS}'");
    let commands = "connect one\nconnect two\none: send \"x\"\nexpect fin\n";
    let all = "\".".to_owned() + &".".repeat(3999);
    let output =
        scratch.drive(&commands.replace("expect fin", &format!("expect {all}\"\nexpect fin")));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

/// Without a line of the user, Ctrl-C ends the session, and the program with it.
#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_session_and_the_program() {
    use std::io::{BufRead, BufReader};
    let Some(scratch) = Scratch::new() else { return };
    let mut child = scratch.start(&["01"]);
    // `wait` would close it, and the end of the input ends the session, too.
    let _stdin = child.stdin.take();
    let mut reader = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut page = String::new();
    while !page.contains("listening on") {
        assert_ne!(reader.read_line(&mut page).expect("UTF-8"), 0, "{page}");
    }
    assert!(process_tree::signal::interrupt(child.id()));
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    assert!(scratch.server_has_ended());
}
