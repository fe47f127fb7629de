//! A client may be silent, or read nothing, for as long as it likes. A test cannot wait that long, so
//! it reads the timeouts from the server's system calls with strace(1).

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use testkit::subject;

/// `FINAL_READ_TIMEOUT`.
const LAST_READ: Duration = Duration::from_millis(20);

#[test]
fn a_silent_client_has_no_time_limit() {
    let lab = subject!("02");
    // Not `Subject::traced`, because numbers are easier to read in hex.
    let works = Command::new("strace").args(["-o", "/dev/null", "true"]).status();
    if !works.is_ok_and(|status| status.success()) {
        return lab.skip("strace is missing, or must not trace");
    }
    let folder = lab.folder();
    let trace = folder.path().join("trace");
    let file = trace.to_string_lossy().into_owned();
    let calls = "trace=setsockopt,shutdown";
    let strace = ["strace", "-f", "--seccomp-bpf", "-xx", "-o", &file, "-e", calls];
    let mut server = lab.with_prefix(&strace).serve(["--workers", "1"]);
    let mut served = server.connect("served");
    served.send(b"hello\n").expect(b"accepted\n");
    // Its message has arrived at Ctrl-C, so the server waits for more of them, for a short time.
    let mut waiting = server.connect("waiting");
    waiting.send(b"hello\n");
    server.wait_until_idle();
    let [reads, writes] = ["SO_RCVTIMEO", "SO_SNDTIMEO"].map(|name| longest_timeout(&trace, name));
    server.check(
        reads.is_zero(),
        &format!("The server sets a read timeout of {reads:?} for a silent client."),
        "set-no-read-timeout",
        "Set no read timeout before Ctrl-C, in `converse` or in `UntilShutdown::read`. A client may be silent for as long as it likes, and `wake_all` wakes its thread.",
    );
    server.check(
        writes.is_zero(),
        &format!("The server sets a write timeout of {writes:?}."),
        "set-no-write-timeout",
        "In `converse`, set no write timeout. An answer waits for as long as its client does not read.",
    );
    if !server.interrupt() {
        return;
    }
    waiting.expect(b"accepted\n").expect_end();
    server.expect_stopped();
    let last = longest_timeout(&trace, "SO_RCVTIMEO");
    server.check(
        last <= LAST_READ,
        &format!("After Ctrl-C, a read waits for {last:?}."),
        "wait-for-the-final-read-timeout",
        "In `UntilShutdown::read`, set the read timeout to `FINAL_READ_TIMEOUT`, 20 ms, when shutdown is requested.",
    );
}

/// The longest timeout `name` of a connection on which the server has not sent FIN. A lingering close
/// sets timeouts behind its FIN.
fn longest_timeout(trace: &Path, name: &str) -> Duration {
    let trace = fs::read_to_string(trace).unwrap_or_default();
    let mut closing = HashSet::new();
    let mut longest = Duration::ZERO;
    for line in trace.lines() {
        let descriptor = line.split(['(', ',']).nth(1);
        if line.contains("SHUT_WR") {
            closing.insert(descriptor);
        } else if !closing.contains(&descriptor) {
            longest = longest.max(timeout_of(line, name).unwrap_or_default());
        }
    }
    longest
}

/// The timeout `name` that a line of the trace sets: two numbers of 64 bits, seconds and microseconds,
/// as `"\x0a\x00…"`.
fn timeout_of(line: &str, name: &str) -> Option<Duration> {
    let (_, value) = line.split_once(name)?;
    let hex: Vec<u8> = value
        .split("\\x")
        .skip(1)
        .map_while(|byte| u8::from_str_radix(byte.get(..2)?, 16).ok())
        .collect();
    let number = |bytes: &[u8]| bytes.try_into().map(u64::from_le_bytes).ok();
    let (seconds, micros) = (number(hex.get(..8)?)?, number(hex.get(8..16)?)?);
    Some(Duration::from_secs(seconds) + Duration::from_micros(micros))
}
