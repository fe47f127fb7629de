//! Promises that no peer can see, read from the server's system calls with strace(1).

use std::fs;
use std::process::Command;
use std::time::Duration;
use testkit::{Deadline, Server, Subject, TempDir, poll_until, subject};

/// The longest read timeout that this test waits for. A server that only looks at a flag now and
/// then needs no longer one.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(20);

/// A server under strace, and the lines that strace writes.
struct Traced {
    server: Server,
    folder: TempDir,
}

impl Traced {
    /// `None`, and the test skipped, where strace is missing or may not trace.
    fn serve(lab: Subject) -> Option<Traced> {
        let works = Command::new("strace").args(["-o", "/dev/null", "true"]).status();
        if !works.is_ok_and(|status| status.success()) {
            lab.skip("strace is missing, or may not trace");
            return None;
        }
        let folder = lab.folder();
        let trace = folder.path().join("trace");
        let trace = trace.to_str().expect("a temporary folder's path is text");
        let strace = ["strace", "-f", "-xx", "-o", trace, "-e", "trace=setsockopt"];
        let server = lab.with_prefix(&strace).serve([]);
        Some(Traced { server, folder })
    }

    fn lines(&self) -> String {
        fs::read_to_string(self.folder.path().join("trace")).unwrap_or_default()
    }
}

#[test]
fn answers_leave_at_once() {
    let Some(traced) = Traced::serve(subject!("02")) else { return };
    traced.server.connect("peer").send(b"hello\n").expect(b"accepted\n");
    let is_set = poll_until(Deadline::usual(), || {
        traced.lines().lines().any(|line| line.contains("TCP_NODELAY, [1]"))
    });
    traced.server.check(
        is_set,
        "The server answered a client without TCP_NODELAY.",
        "turn-off-nagle",
        "In `converse`, call `set_nodelay(true)`. Otherwise the kernel holds back an answer until the client has acknowledged the one before.",
    );
}

#[test]
fn a_silent_client_may_stay() {
    let Some(traced) = Traced::serve(subject!("02")) else { return };
    let mut peer = traced.server.connect("silent");
    peer.send(b"hello\n").expect(b"accepted\n");
    traced.server.wait_until_idle();
    let longest = traced.lines().lines().filter_map(read_timeout).max().unwrap_or_default();
    // A server without a read timeout waits for ever. With one, it must survive it.
    if !longest.is_zero() {
        peer.says(
            "keep-silent-clients",
            "In `UntilShutdown::read`, let a read without a timeout wait until Ctrl-C. A client may be silent for as long as it likes.",
        )
        .expect_nothing_for(longest.min(LONGEST_TIMEOUT) * 3 / 2);
    }
    traced.server.check(
        longest < LONGEST_TIMEOUT,
        &format!("The server gives a silent client {} s.", longest.as_secs()),
        "set-no-long-read-timeout",
        "Set no read timeout while a client is served. A silent client keeps its place.",
    );
    peer.send(b"hello\n").expect(b"accepted\n");
}

#[test]
fn a_client_that_gave_up_in_the_queue_is_no_shortage() {
    // Linux reports such a client only on the first read. Other systems do in accept(2), and so does
    // strace here, three times.
    let aborted = "accept4,accept:error=ECONNABORTED:when=1..3";
    let Some(lab) = subject!("02").with_fault(aborted) else { return };
    let server = lab.serve([]);
    let mut peer = server.connect("peer");
    peer.says(
        "accept-again-after-an-aborted-client",
        "In `on_accept_error`, return immediately for `ConnectionAborted`. Only that one client is gone.",
    )
    .send(b"hello\n")
    .expect(b"accepted\n");
    server.check(
        !server.stderr().contains("cannot accept"),
        "A client gave up while it waited in the queue, and the log reports a shortage.",
        "an-aborted-client-is-no-shortage",
        "In `on_accept_error`, return for `ConnectionAborted`, `ConnectionReset` and `Interrupted` before you log. They concern one client.",
    );
}

#[test]
fn a_place_is_free_when_closed_arrives() {
    // A send returns long after its bytes have arrived, so the next client is there before that.
    let slow = "sendto,write:delay_exit=300000";
    let Some(lab) = subject!("02").with_fault(slow) else { return };
    let server = lab.serve(["--max-clients", "1"]);
    let mut first = server.connect("first");
    first.send(b"close\n").expect(b"closed\n");
    server
        .connect("second")
        .says(
            "free-the-place-before-closed",
            "In `finish`, call `Client::leave` before `Closing::close`. A client that has read `closed` may connect again immediately.",
        )
        .send(b"hello\n")
        .expect(b"accepted\n");
}

#[test]
fn a_full_table_of_files_is_a_shortage_too() {
    // ENFILE: the whole system has no descriptor left, and not only this program.
    let full = "accept4,accept:error=ENFILE:when=1..3";
    let Some(lab) = subject!("02").with_fault(full) else { return };
    let mut server = lab.serve([]);
    let mut peer = server.connect("peer");
    server
        .says(
            "any-other-error-is-a-shortage",
            "In `on_accept_error`, log and pause for every error except the three that concern one client. ENFILE, ENOMEM and ENOBUFS may last like EMFILE.",
        )
        .expect_log("cannot accept");
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
