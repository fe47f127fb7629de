//! What the contract promises about system calls, which no peer can see.

use std::fs;
use testkit::{Deadline, Server, Subject, TempDir, poll_until, subject};

/// strace writes this when the program has ended.
const ENDED: &str = "+++ exited with 0 +++";

#[test]
fn a_server_sets_no_timeout() {
    let Some((lab, folder)) = subject!("01").traced("setsockopt") else { return };
    let mut server = lab.serve([]);
    server.connect("peer").send(b"hello").expect(b"hello").half_close().expect_end();
    stop(&mut server);
    expect_no_timeout(&lab, &folder);
}

#[test]
fn a_client_sets_no_timeout() {
    let Some((lab, folder)) = subject!("01").traced("setsockopt") else { return };
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["send", "--connect", &host.address(), "hello"]);
    host.accept().expect(b"hello").send(b"hello");
    client.expect_line("Received: hello").expect_exit(0);
    expect_no_timeout(&lab, &folder);
}

#[test]
fn a_greeting_and_a_log_line_are_one_write_each() {
    let Some((lab, folder)) = subject!("01").traced("write,writev,sendto,sendmsg") else { return };
    let log = folder.path().join("log").to_string_lossy().into_owned();
    let mut server = lab.serve(["--greeting", "Hello, client!", "--log", &log]);
    let mut peer = server.connect("peer");
    let address = peer.local_addr();
    peer.expect(b"Hello, client!\n").send(b"hello\n").expect(b"hello\n").half_close().expect_end();
    stop(&mut server);

    let trace = content(&folder);
    // As strace shows them, with each newline and each backslash escaped.
    for line in [r#""Hello, client!\n""#, &format!(r#"Z {address} 6 hello\\n\n""#)] {
        lab.check(
            trace.lines().any(|call| call.contains(line)),
            &format!("No single call wrote {line}. The calls were:\n{trace}"),
            "one-write-for-a-line",
            "In greet and log_read, build the line with `format!` and write it with one `write_all`. `writeln!` makes a write of each part.",
        );
    }
}

#[test]
fn an_error_of_accept_may_concern_one_client() {
    // Linux accepts a client that has left the queue. Other systems report it so.
    let fault = "accept,accept4:error=ECONNABORTED:when=1";
    let Some(lab) = subject!("01").with_fault(fault) else { return };
    let server = lab
        .says(
            "accept-again-after-an-abort",
            "In serve, accept again after `ConnectionAborted` or `ConnectionReset`. The client left the queue, and the listener is still there.",
        )
        .serve([]);
    server.connect("peer").send(b"hello").expect(b"hello");
}

/// The kernel restarts a read that a signal interrupts, but not with each handler (signal(7)). std
/// itself repeats accept(2).
#[test]
fn a_read_that_a_signal_interrupts_is_repeated() {
    const ID: &str = "read-again-after-interrupted";
    const TEXT: &str = "In echo and exchange, read again after an error of kind `Interrupted` (EINTR). A signal came, and the connection is still there.";
    let Some(lab) = subject!("01").with_fault("recvfrom:error=EINTR:when=1") else { return };
    let server = lab.serve([]);
    let mut peer = server.connect("peer");
    peer.says(ID, TEXT).send(b"hello").expect(b"hello");

    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["send", "--connect", &host.address(), "hello"]);
    host.accept().says(ID, TEXT).expect(b"hello").send(b"hello");
    client.says(ID, TEXT).expect_line("Received: hello").expect_exit(0);
}

/// Ctrl-C wakes `accept` with a connection of the server's own, which gets no greeting.
#[test]
fn nothing_is_served_after_ctrl_c() {
    let Some((lab, folder)) = subject!("01").traced("write,writev,sendto,sendmsg") else { return };
    let mut server = lab.serve(["--greeting", "Hello, client!"]);
    server.wait_until_idle();
    stop(&mut server);
    let trace = content(&folder);
    lab.check(
        !trace.contains("Hello, client!"),
        &format!("The server greeted a connection after Ctrl-C. Its calls were:\n{trace}"),
        "ask-before-handle",
        "In serve, ask `shutdown.is_requested()` after `accept` and before `handle`. Ctrl-C wakes `accept` with a connection that is no client.",
    );
}

fn stop(server: &mut Server) {
    server.interrupt();
    server.expect_stopped_at_once();
}

fn expect_no_timeout(lab: &Subject, folder: &TempDir) {
    let trace = content(folder);
    lab.check(
        // SO_RCVTIMEO and SO_SNDTIMEO, under their names of old and new kernels.
        !trace.contains("TIMEO"),
        &format!("The program set a timeout:\n{trace}"),
        "no-timeout-for-a-silent-peer",
        "In echo and exchange, set no timeout on the stream. A peer may be silent for any time.",
    );
}

/// The trace of a program that has ended.
fn content(folder: &TempDir) -> String {
    let read = || fs::read_to_string(folder.path().join("trace")).unwrap_or_default();
    poll_until(Deadline::usual(), || read().contains(ENDED));
    read()
}
