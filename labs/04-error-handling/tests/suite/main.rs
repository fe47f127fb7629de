//! The suite of lab 04. Each module is a step, and each test is a promise of the README.

use std::path::Path;
use testkit::{Deadline, Server, poll_until};

mod clients;
mod step1_classify;
mod step2_frames;
mod step3_encoding;
mod step4_deadlines;
mod step5_retry;
mod step6_heartbeat;
mod step7_goodbye;
mod step8_log;

/// An address to which no route leads. connect(2) refuses broadcast addresses, and this one is
/// loopback's, so no packet leaves the machine. Only Linux has one.
const NOWHERE: Option<&str> =
    if cfg!(target_os = "linux") { Some("127.255.255.255:9") } else { None };

/// The timeout of a program that a dribbling peer keeps waiting.
const IMPATIENT: f64 = 0.24;

/// How many bytes a dribbling peer has. A program with a deadline takes a third of them, and more when
/// the machine is busy.
const DRIBBLED: usize = 32;

/// A time for frames, answers and the lingering close that ends after the deadline of every test. A
/// server that closes in time has not waited for it.
const LONG_FRAME_TIMEOUT: [&str; 2] = ["--frame-timeout", "20"];

const NO_NOWHERE: &str = "this system has no address that is always unreachable";
const NO_BLACK_HOLE: &str = "a full backlog does not drop connections on this system";
const NO_PROC: &str = "this system has no /proc to look into";

/// `payload` as it goes over the wire: its length, big-endian, and itself.
fn frame(payload: impl AsRef<[u8]>) -> Vec<u8> {
    let payload = payload.as_ref();
    let len = u32::try_from(payload.len()).expect("tests send less than 4 GiB");
    [&len.to_be_bytes(), payload].concat()
}

/// A name that the resolver refuses without asking a server, because DNS has no labels of more than
/// 63 bytes (RFC 1035, section 2.3.4).
fn impossible_name() -> String {
    format!("{}.test:9", "x".repeat(64))
}

/// How many descriptors the server has open when it is idle. It is one for each client that it has
/// not left, and a few more. `None` on a system that does not show them.
fn descriptors(server: &Server) -> Option<usize> {
    server.wait_until_idle();
    server.resources().map(|now| now.descriptors)
}

/// Expects that the server closes the connections that it accepted since it had `before`
/// descriptors.
fn expect_left(server: &Server, before: usize, sentence: &str, id: &str, think: &str) {
    let now = || server.resources().map_or(0, |now| now.descriptors);
    server.check(poll_until(Deadline::usual(), || now() <= before), sentence, id, think);
}

/// The delays that `stderr` announces, in seconds.
fn delays(stderr: &str) -> Vec<f64> {
    let announced =
        stderr.lines().filter_map(|line| line.split_once("next try in ")?.1.split_once(' '));
    announced.filter_map(|(number, _)| number.parse().ok()).collect()
}

/// Delays for a sentence: `0.003, 0.006 s`.
fn seconds(delays: &[f64]) -> String {
    let shown: Vec<String> = delays.iter().map(f64::to_string).collect();
    if shown.is_empty() { "none".to_owned() } else { format!("{} s", shown.join(", ")) }
}

/// The lines of a log. A file that does not exist has none.
fn log_lines(path: &Path) -> Vec<String> {
    let log = std::fs::read(path).unwrap_or_default();
    String::from_utf8_lossy(&log).lines().map(str::to_owned).collect()
}
