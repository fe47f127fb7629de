//! What the server asks of the kernel, as strace(1) sees it.

use crate::clients::{ask, letters};
use std::fs;
use testkit::subject;

/// Most bytes that are written to one client in one turn.
const TURN_BYTES: usize = 64 * 1024;

/// The number that a line of strace ends in: what the call returned.
fn returned(line: &str) -> Option<usize> {
    line.rsplit_once("= ")?.1.split_whitespace().next()?.parse().ok()
}

#[test]
fn a_turn_writes_its_share_only() {
    let Some((lab, folder)) = subject!("09").traced("ppoll,poll,sendto,write") else { return };
    let server = lab.serve([]);
    let mut peer = server.connect("peer");
    peer.send(b"bytes 6000000\n").expect(&letters(6_000_000));
    let trace = fs::read_to_string(folder.path().join("trace")).unwrap_or_default();
    let (mut most, mut in_turn) = (0, 0);
    for line in trace.lines() {
        match line.contains("poll(") {
            true => in_turn = 0,
            false => in_turn += returned(line).unwrap_or(0),
        }
        most = most.max(in_turn);
    }
    lab.check(
        most <= TURN_BYTES && most > 1000,
        &format!("In one turn, the server wrote {most} bytes to one client."),
        "limit-the-bytes-of-a-turn",
        "In `flush`, stop after `TURN_BYTES`. A fast client with a long answer would keep the loop for itself.",
    );
}

#[test]
fn an_answer_costs_three_calls() {
    let calls = "ppoll,poll,read,recvfrom,recv,sendto,write,clock_gettime,ioctl,fcntl";
    let Some((lab, folder)) = subject!("09").traced(calls) else { return };
    let server = lab.serve([]);
    let mut peer = server.connect("peer");
    ask(&mut peer, "echo 0", "0");
    server.wait_until_idle();
    let path = folder.path().join("trace");
    let count = || fs::read_to_string(&path).unwrap_or_default().lines().count();
    let before = count();
    for number in 1..=50 {
        ask(&mut peer, &format!("echo {number}"), &number.to_string());
    }
    server.wait_until_idle();
    let each = (count() - before) as f64 / 50.0;
    lab.check(
        each < 5.0,
        &format!("A request costs {each:.1} system calls."),
        "no-call-for-nothing",
        "A request needs a wait, a read and a write, and a read that finds nothing. Change the poller only when the interest changes.",
    );
}
