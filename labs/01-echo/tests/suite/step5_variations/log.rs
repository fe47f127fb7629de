//! The log of step variations. A read may return any part of the bytes that have arrived, so the
//! number of its lines is the server's choice.

use common::log::utc;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::time::SystemTime;
use testkit::{Server, show, show_all, subject};

const ESCAPE_WHAT_CLIENTS_SEND: &str = "In log_read, escape the bytes with `escape_ascii`. Otherwise a client can send a newline, and forge a line of the log.";

#[test]
fn the_log_has_a_line_for_each_read() {
    let lab = subject!("01");
    let folder = lab.folder();
    let path = folder.path().join("echo.log");
    fs::write(&path, "an earlier run\n").expect("the folder is ours");
    let server = lab.serve(["--log", &path.to_string_lossy()]);
    let begun = utc(SystemTime::now());
    let mut peer = server.connect("peer");
    let mut before = read(&path);
    for text in [b"hello\n".as_slice(), b"\xc3\xa9\xff", b"\\n", &[b'x'; 300]] {
        peer.send(text).expect(text);
        let log = read(&path);
        let new = log.strip_prefix(&before).unwrap_or_default();
        let lines: Vec<&str> = new.lines().collect();
        check_line_ends(&server, text, new, peer.local_addr());
        let parts = parts_read(text, &lines);
        server.check(
            parts.is_some(),
            &format!(
                "The client sent {}. The log should have a line for each read of these bytes. Its new lines are: {}.",
                show(text),
                show_all(&lines)
            ),
            "a-line-for-each-read",
            "In echo, call `on_read` once after each read, before the bytes go back. In log_read, write one line for it.",
        );
        for (line, part) in lines.iter().zip(parts.unwrap_or_default()) {
            check_line(&server, line, part, peer.local_addr(), &begun);
        }
        before = log;
    }
    peer.half_close().expect_end();
    server.check(
        read(&path) == before,
        "The client sent FIN, and the log got a line for this. A read of 0 bytes has no line.",
        "no-line-for-the-end",
        "In echo, call `on_read` only if `read` has returned bytes. A read of 0 bytes is the end of the stream.",
    );
}

#[test]
fn a_client_cannot_forge_log_lines() {
    let lab = subject!("01");
    let folder = lab.folder();
    let path = folder.path().join("echo.log");
    let server = lab.serve(["--log", &path.to_string_lossy()]);
    let forged = b"x\n2026-01-01T00:00:00Z 127.0.0.1:1 4 root\n\x1b[2J";
    let mut peer = server.connect("forger");
    peer.send(forged).expect(forged);

    let log = read(&path);
    let address = peer.local_addr().to_string();
    let names_client = |line: &str| line.split(' ').nth(1) == Some(&address);
    server.check(
        !log.is_empty() && log.lines().all(names_client) && !log.contains('\x1b'),
        &format!("One client left this in the log: {log:?}"),
        "escape-what-clients-send",
        ESCAPE_WHAT_CLIENTS_SEND,
    );
}

#[test]
fn a_log_that_cannot_be_written_ends_the_conversation() {
    let lab = subject!("01");
    if !Path::new("/dev/full").exists() {
        return lab.skip("this system has no /dev/full");
    }
    let mut server = lab.serve(["--log", "/dev/full"]);
    for name in ["first", "second"] {
        server
            .connect(name)
            .says(
                "return-the-error-of-the-log",
                "In log_read, return the error of `log`, and in echo that of `on_read`, with `?`. Bytes that cannot be logged must not go back.",
            )
            .send(b"hello")
            .half_close()
            .expect_end();
    }
    server
        .says(
            "log-the-error-itself",
            "In serve, log the error of `handle` itself, not its `kind()`. An operator needs the system's reason.",
        )
        .expect_log("no space left on device");
}

/// Checks that the `new` part of the log consists of whole lines about reads of `peer`'s `text`.
fn check_line_ends(server: &Server, text: &[u8], new: &str, peer: SocketAddr) {
    server.check(
        new.is_empty() || new.ends_with('\n'),
        &format!("The last line of the log does not end in a newline: `{new}`"),
        "a-newline-ends-the-line",
        "In log_read, write a newline at the end of each line. The next read begins a new line.",
    );
    let names_client = |line: &str| line.contains(&peer.to_string());
    let (whole, torn): (Vec<&str>, Vec<&str>) = new.lines().partition(|line| names_client(line));
    server.check(
        whole.is_empty() || torn.is_empty(),
        &format!(
            "The client sent {}. The log has {} new lines for this. These do not begin with `TIME PEER`: {}.",
            show(text),
            whole.len() + torn.len(),
            show_all(&torn)
        ),
        "escape-what-clients-send",
        ESCAPE_WHAT_CLIENTS_SEND,
    );
}

/// The part of `text` that each of `lines` is about, by their lengths. A single line is about all
/// of `text`, whatever its length is. `None` if the lines cannot be those of the reads.
fn parts_read<'t>(mut text: &'t [u8], lines: &[&str]) -> Option<Vec<&'t [u8]>> {
    if lines.len() == 1 {
        return Some(vec![text]);
    }
    let parts = lines.iter().map(|line| {
        let length = length(line).filter(|length| *length > 0)?;
        text.split_off(..length)
    });
    let parts: Option<Vec<_>> = parts.collect();
    parts.filter(|_| text.is_empty())
}

/// The number in `TIME PEER LENGTH TEXT`.
fn length(line: &str) -> Option<usize> {
    line.split(' ').nth(2)?.parse().ok()
}

/// Checks a line about the bytes `part`, which were read from `peer` after `begun`.
fn check_line(server: &Server, line: &str, part: &[u8], peer: SocketAddr, begun: &str) {
    let text = part.escape_ascii().to_string();
    let is_longer = length(line).is_some_and(|length| length > part.len());
    server.check(
        !is_longer || line.ends_with(&format!(" {text}")),
        &format!("The client sent {} bytes, and the log has `{line}`.", part.len()),
        "show-only-the-bytes-read",
        "In echo, pass only `&mut buffer[..count]` to `on_read`. The rest of the buffer was not read now.",
    );
    let (time, rest) = line.split_once(' ').unwrap_or_default();
    let now = utc(SystemTime::now());
    server.check(
        time.len() == now.len() && (begun..=now.as_str()).contains(&time),
        &format!("The log has the time `{time}`. In UTC it is {now}."),
        "time-of-the-read-in-utc",
        "In log_read, write `common::log::utc(time)`. It gives the time of the read in UTC, to the second.",
    );
    server.check(
        rest == format!("{peer} {} {text}", part.len()),
        &format!("The log has `{line}`, expected is `TIME {peer} {} {text}`.", part.len()),
        "length-in-bytes-text-escaped",
        "In log_read, write `TIME PEER LENGTH TEXT`. LENGTH counts bytes. TEXT is `bytes.escape_ascii()` of all bytes, and shows a newline as `\\` and `n`.",
    );
}

/// The log as text, whatever bytes it holds. Empty if the server has removed it.
fn read(path: &Path) -> String {
    let bytes = fs::read(path).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}
