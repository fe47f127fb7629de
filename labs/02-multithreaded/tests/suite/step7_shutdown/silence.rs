//! A client may be silent for as long as it likes. A test cannot wait that long, so it reads the
//! timeouts from the server's system calls with strace(1).

use std::fs;
use std::process::Command;
use std::time::Duration;
use testkit::subject;

/// The longest read timeout that the test waits for. A server that only looks at a flag now and then
/// needs no longer one.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(5);

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
    let strace = ["strace", "-f", "--seccomp-bpf", "-xx", "-o", &file, "-e", "trace=setsockopt"];
    let server = lab.with_prefix(&strace).serve([]);
    let mut peer = server.connect("silent");
    peer.send(b"hello\n").expect(b"accepted\n");
    server.wait_until_idle();
    let lines = fs::read_to_string(&trace).unwrap_or_default();
    let longest = lines.lines().filter_map(read_timeout).max().unwrap_or_default();
    // A server without a read timeout waits for ever. With one, its client must survive it.
    if !longest.is_zero() {
        peer.says(
            "set-no-read-timeout",
            "Set no read timeout before Ctrl-C, in `converse` or in `UntilShutdown::read`. A client may be silent for as long as it likes.",
        )
        .expect_nothing_for(longest.min(LONGEST_TIMEOUT) * 3 / 2);
    }
    server.check(
        longest < LONGEST_TIMEOUT,
        &format!("The server sets a read timeout of {} s for a silent client.", longest.as_secs()),
        "set-no-long-read-timeout",
        "Set no read timeout while a client is served. A silent client keeps its place.",
    );
    peer.send(b"hello\n").expect(b"accepted\n");
}

/// The timeout that a line of the trace sets: two numbers of 64 bits, seconds and microseconds, as
/// `"\x0a\x00…"`.
fn read_timeout(line: &str) -> Option<Duration> {
    let (_, value) = line.split_once("SO_RCVTIMEO")?;
    let hex: Vec<u8> = value
        .split("\\x")
        .skip(1)
        .map_while(|byte| u8::from_str_radix(byte.get(..2)?, 16).ok())
        .collect();
    let number = |bytes: &[u8]| bytes.try_into().map(u64::from_le_bytes).ok();
    let (seconds, micros) = (number(hex.get(..8)?)?, number(hex.get(8..16)?)?);
    Some(Duration::from_secs(seconds) + Duration::from_micros(micros))
}
