//! Step banners: the first line of a server, and results in a file.

use super::scans::{LONG, RULE, list, port_of};
use std::fs;
use std::io::Read;
use std::time::Instant;
use testkit::{
    ClosedPort, Peer, Process, ScriptedServer, Subject, subject, test_time, test_time_arg,
};

const UP_TO_A_NEWLINE: (&str, &str) = (
    "read-up-to-a-newline",
    "In `banner::read`, read until the newline, in as many reads as it takes. Remove it, and a `\\r` in front of it.",
);

const HARMLESS: (&str, &str) = (
    "replace-what-is-no-text",
    "In `harmless`, replace what is no UTF-8, and each character with `is_control`, by U+FFFD.",
);

const ONE_DEADLINE: (&str, &str) = (
    "one-deadline-for-a-banner",
    "In `banner::read`, compute the deadline once, and read through `common::deadline::Until`.",
);

const WHOLE_FILE: (&str, &str) = (
    "write-then-rename",
    "In `json::write`, write to a `NamedTempFile` in the same folder, and `persist` it. Then the file is always whole.",
);

/// A scan for banners at one open port, and its connection.
fn grab(lab: &Subject, args: &[&str]) -> (Process, Peer, u16) {
    let (process, mut server) = start(lab, args);
    let (peer, port) = (server.accept(), port_of(&server.address()));
    (process, peer, port)
}

/// A scan for banners at one open port, and its server.
fn start(lab: &Subject, args: &[&str]) -> (Process, ScriptedServer) {
    let server = lab.scripted_server("server");
    let ports = port_of(&server.address()).to_string();
    let words = ["scan", "127.0.0.1", "--banner", "--ports", &ports];
    (lab.run([&words[..], args].concat()), server)
}

/// Expects the end of a scan whose one port is open, with `words` behind it.
fn expect_open(process: &mut Process, port: u16, words: &str) {
    process
        .expect_line(&format!("Scanning 127.0.0.1 for open ports ({port}-{port})..."))
        .expect_line(RULE)
        .expect_line(&format!("Port {port:5} - OPEN  (unknown){words}"))
        .expect_line(RULE)
        .expect_line("Found 1 open ports")
        .expect_exit(0);
}

#[test]
fn a_banner_is_the_first_line() {
    let (mut process, mut peer, port) = grab(&subject!("11"), &["--banner-timeout", LONG]);
    peer.says(UP_TO_A_NEWLINE.0, UP_TO_A_NEWLINE.1);
    process.says(UP_TO_A_NEWLINE.0, UP_TO_A_NEWLINE.1);
    peer.send(b"220 ready\r\nsecond line\n");
    expect_open(&mut process, port, "  220 ready");
}

#[test]
fn a_banner_comes_in_any_pieces() {
    let (mut process, mut peer, port) = grab(&subject!("11"), &["--banner-timeout", LONG]);
    peer.says(UP_TO_A_NEWLINE.0, UP_TO_A_NEWLINE.1);
    process.says(UP_TO_A_NEWLINE.0, UP_TO_A_NEWLINE.1);
    peer.send_in_pieces(&[b"SS", b"H", b"-2.0 x", b"\n"]);
    expect_open(&mut process, port, "  SSH-2.0 x");
}

#[test]
fn a_server_that_waits_has_no_banner() {
    let time = test_time_arg(0.05);
    let (mut process, mut peer, port) = grab(&subject!("11"), &["--banner-timeout", &time]);
    peer.says(
        "send-nothing",
        "In `banner::read`, only read. Whatever you send may start something.",
    );
    process.says(ONE_DEADLINE.0, ONE_DEADLINE.1);
    peer.expect_end();
    expect_open(&mut process, port, "");
}

#[test]
fn a_line_without_an_end_is_a_banner_too() {
    let lab = subject!("11");
    let advice = (
        "keep-what-came",
        "In `banner::read`, return the bytes that came before the deadline or the end. A prompt has no newline.",
    );
    lab.undisturbed(|factor| {
        let start = Instant::now();
        let timeout = 0.05 * factor;
        let time = test_time_arg(timeout);
        let (mut process, mut peer, port) = grab(&lab, &["--banner-timeout", &time]);
        peer.send(b"login: ");
        // Too late, and the program is right that nothing came.
        if start.elapsed() >= test_time(timeout) {
            return None;
        }
        process.says(advice.0, advice.1);
        expect_open(&mut process, port, "  login: ");
        Some(())
    });
    let (mut process, mut peer, port) = grab(&lab, &["--banner-timeout", LONG]);
    process.says(advice.0, advice.1);
    peer.send(b"bye").half_close();
    expect_open(&mut process, port, "  bye");
}

#[test]
fn a_slow_banner_does_not_take_longer() {
    let lab = subject!("11");
    let is_cut_off = lab.undisturbed(|factor| {
        let timeout = 0.06 * factor;
        let time = test_time_arg(timeout);
        let (process, mut server) = start(&lab, &["--banner-timeout", &time]);
        let start = process.wait_until_started();
        server.accept().is_cut_off(start, &[b'x'; 17], test_time(timeout))
    });
    let Some(is_cut_off) = is_cut_off else { return };
    lab.check(
        is_cut_off,
        "A server sent its banner byte by byte, and the scan waited longer than --banner-timeout.",
        ONE_DEADLINE.0,
        ONE_DEADLINE.1,
    );
}

#[test]
fn a_banner_has_at_most_256_bytes() {
    let (mut process, mut peer, port) = grab(&subject!("11"), &["--banner-timeout", LONG]);
    process.says(
        "limit-a-banner",
        "In `banner::read`, stop at `MAX_BANNER` bytes. A server may send for ever without a newline.",
    );
    peer.send(&[b'x'; 300]);
    expect_open(&mut process, port, &format!("  {}", "x".repeat(256)));
}

#[test]
fn a_banner_does_nothing_to_a_terminal() {
    let (mut process, mut peer, port) = grab(&subject!("11"), &["--banner-timeout", LONG]);
    process.says(HARMLESS.0, HARMLESS.1);
    peer.send(b"\x1b[2J\xff \x07ok\xc2\x9b\n");
    expect_open(&mut process, port, "  \u{fffd}[2J\u{fffd} \u{fffd}ok\u{fffd}");
}

#[test]
fn results_are_written_as_json() {
    let lab = subject!("11");
    let folder = lab.folder();
    let path = folder.path().join("scan.json");
    fs::write(&path, "old").expect("the test's folder can be written");
    let mut old = fs::File::open(&path).expect("it was written");
    let mut server = lab.scripted_server("server");
    let (open, closed) = (port_of(&server.address()), ClosedPort::new());
    let ports = list(&[open, closed.port()]);
    let file = path.to_string_lossy().into_owned();
    let words = ["scan", "127.0.0.1", "--ports", &ports, "--json", &file];
    let mut process =
        lab.run([&words[..], &["--banner", "--parallel", "1", "--banner-timeout", LONG]].concat());
    process.says(WHOLE_FILE.0, WHOLE_FILE.1);
    server.accept().send(b"a \"b\"\x1b\n");
    process.expect_exit(0);
    let found = fs::read_to_string(&path).unwrap_or_default();
    let line = format!(
        "{{\"hosts\":[{{\"host\":\"127.0.0.1\",\"address\":\"127.0.0.1\",\"ports\":[{{\"port\":{open},\
         \"state\":\"open\",\"service\":\"unknown\",\"banner\":\"a \\\"b\\\"\u{fffd}\"}}],\
         \"closed\":1,\"filtered\":0}}]}}\n"
    );
    process.check(
        found == line,
        &format!("The file has `{found}` where `{line}` was expected."),
        WHOLE_FILE.0,
        WHOLE_FILE.1,
    );
    let mut text = String::new();
    let read = old.read_to_string(&mut text);
    process.check(
        read.is_ok() && text == "old",
        "The old file was written over, so a reader may have seen a half of it.",
        WHOLE_FILE.0,
        WHOLE_FILE.1,
    );
    let count = fs::read_dir(folder.path()).map_or(0, Iterator::count);
    process.check(
        count == 1,
        &format!("{count} files are in the folder of the file."),
        WHOLE_FILE.0,
        WHOLE_FILE.1,
    );
}

/// A file cannot be renamed into another file system, and many have one for temporary files.
#[test]
fn a_file_is_made_in_the_folder_of_its_path() {
    let lab = subject!("11");
    let folder = lab.folder();
    let missing = folder.path().join("missing").to_string_lossy().into_owned();
    let temporary = ["TMPDIR", "TMP", "TEMP"];
    let lab = temporary.iter().fold(lab, |lab, name| lab.with_variable(name, &missing));
    let file = folder.path().join("scan.json").to_string_lossy().into_owned();
    let closed = ClosedPort::new();
    let port = closed.port().to_string();
    lab.run(["scan", "127.0.0.1", "--ports", &port, "--parallel", "1", "--json", &file])
        .says(
            "in-the-folder-of-the-path",
            "In `json::write`, make the file by `NamedTempFile::new_in` in the folder of `path`. The folder for temporary files may be in another file system.",
        )
        .expect_exit(0);
}

#[test]
fn a_file_that_fails_leaves_no_other_file() {
    let lab = subject!("11");
    let folder = lab.folder();
    // A folder that is not empty cannot be replaced by a file.
    let path = folder.path().join("taken");
    fs::create_dir_all(path.join("inside")).expect("the test's folder can be written");
    let closed = ClosedPort::new();
    let port = closed.port().to_string();
    let file = path.to_string_lossy().into_owned();
    let words = ["scan", "127.0.0.1", "--ports", &port, "--parallel", "1", "--json", &file];
    lab.run(words)
        .says(
            "return-the-error-of-the-file",
            "In `json::write`, return every error of the file system.",
        )
        .expect_error(&["cannot write"]);
    let entries = fs::read_dir(folder.path()).expect("the test's folder can be read");
    let names: Vec<_> = entries.flatten().map(|entry| entry.file_name()).collect();
    lab.check(
        names == ["taken"],
        &format!("The file could not be replaced, and the folder has these entries: {names:?}."),
        "remove-the-file-that-failed",
        "In `json::write`, remove the temporary file when it cannot be renamed. `NamedTempFile` does so.",
    );
}

#[test]
fn a_file_that_cannot_be_written_is_an_error() {
    let lab = subject!("11");
    let folder = lab.folder();
    let missing = folder.path().join("missing/scan.json").to_string_lossy().into_owned();
    let closed = ClosedPort::new();
    let port = closed.port().to_string();
    lab.run(["scan", "127.0.0.1", "--ports", &port, "--parallel", "1", "--json", &missing])
        .says(
            "return-the-error-of-the-file",
            "In `json::write`, return every error of the file system.",
        )
        .expect_error(&["cannot write", "no such file or directory"]);
}
