//! The log of step variations. A read may return any part of the bytes that have arrived, so the
//! number of its lines is the server's choice.

use common::log::utc;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::time::SystemTime;
use testkit::{Server, show_all, subject};

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
    for text in [b"hello\n".as_slice(), b"\xc3\xa9\xff", b"\\n"] {
        peer.send(text).expect(text);
        let log = read(&path);
        let new = log.strip_prefix(&before).unwrap_or_default();
        let lines: Vec<&str> = new.lines().collect();
        let parts = parts_read(text, &lines).filter(|_| new.ends_with('\n'));
        let all_lines: Vec<&str> = log.lines().collect();
        server.check(
            parts.is_some(),
            &format!(
                "The client sent {} more bytes. The log should have a line for each read of them. Its lines are {}.",
                text.len(),
                show_all(&all_lines)
            ),
            "a-line-for-each-read",
            "In log_read, write one line that ends in a newline. In echo, call `on_read` once for each read.",
        );
        for (line, part) in lines.iter().zip(parts.unwrap_or_default()) {
            check_line(&server, line, part, peer.local_addr(), &begun);
        }
        before = log;
    }
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
        "In log_read, escape the bytes with `escape_ascii`. Otherwise a client can send a newline, and forge a line of the log.",
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
        "In log_read, write `TIME PEER LENGTH TEXT`. LENGTH counts bytes, and TEXT is `bytes.escape_ascii()`.",
    );
}

/// The log as text, whatever bytes it holds. Empty if the server has removed it.
fn read(path: &Path) -> String {
    let bytes = fs::read(path).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}
