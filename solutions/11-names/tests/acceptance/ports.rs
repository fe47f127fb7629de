//! Scans in a network of their own, where all ports are known.

use std::process::Command;
use std::time::Duration;
use testkit::{Deadline, Process, Subject, poll_until, subject};

/// Listens at these ports, and says so.
const LISTENERS: &str = r#"
import socket, sys

listeners = [socket.create_server(("127.0.0.1", int(port))) for port in sys.argv[1:]]
print("ready")
sys.stdin.read()
"#;

/// The ports at which servers listen, in a network in which nothing else does.
const OPEN: [u16; 7] = [1, 22, 4_096, 8_080, 40_000, 41_001, 65_535];

/// The open ports up to `last`.
fn open_up_to(last: u16) -> Vec<String> {
    OPEN.iter().filter(|port| **port <= last).map(u16::to_string).collect()
}

/// A network with open ports, and the command with which other programs join it.
fn network(lab: &Subject) -> Option<(Process, Vec<String>)> {
    let ports = open_up_to(u16::MAX);
    let mut holder =
        lab.python(LISTENERS)?.with_network("true")?.run(ports.iter().map(String::as_str));
    holder.expect_line("ready");
    let pid = holder.pid().to_string();
    let join = ["nsenter", "-t", &pid, "-U", "-n", "--preserve-credentials"];
    Some((holder, join.map(str::to_owned).to_vec()))
}

/// Longer than a full scan takes on a busy machine.
const LONGEST: Duration = Duration::from_secs(120);

/// The process, when it has ended.
fn ended(process: Process) -> Process {
    poll_until(Deadline::after(LONGEST), || process.has_ended());
    process
}

/// The ports up to `last` that a scan finds, with these arguments.
fn scanned(lab: Subject, join: &[String], last: u16, args: &[&str]) -> Vec<String> {
    let join: Vec<&str> = join.iter().map(String::as_str).collect();
    let ports = format!("1-{last}");
    let words = ["scan", "127.0.0.1", "--ports", &ports];
    let process = lab.with_prefix(&join).run([&words[..], args].concat());
    let exit = ended(process).expect_exit(0);
    let open = |line: &str| Some(line.strip_prefix("Port ")?.split_whitespace().next()?.to_owned());
    String::from_utf8_lossy(&exit.stdout).lines().filter_map(open).collect()
}

/// Fails unless a scan finds the open ports up to `last`, with 64 descriptors too.
pub fn all_ports_are_right(last: u16) {
    let lab = subject!("11");
    let Some((_holder, join)) = network(&lab) else { return };
    let expected = open_up_to(last);
    let check = |found: Vec<String>, limit: &str| {
        lab.check(
            found == expected,
            &format!("The open ports are {expected:?}, and {limit} {found:?} were found."),
            "all-ports",
            "In `in_order`, do each job once. In `state`, compare both ends.",
        );
    };
    check(scanned(subject!("11"), &join, last, &[]), "without a limit");
    let limited = subject!("11").limit_open_files(64);
    check(scanned(limited, &join, last, &["--parallel", "500"]), "with 64 descriptors");
}

/// Fails unless nmap finds the same ports up to `last`.
pub fn nmap_agrees(last: u16) {
    let lab = subject!("11");
    if Command::new("nmap").arg("--version").output().is_err() {
        return lab.skip("this machine has no nmap");
    }
    let Some((_holder, join)) = network(&lab) else { return };
    let join_words: Vec<&str> = join.iter().map(String::as_str).collect();
    let ports = format!("1-{last}");
    let words = ["nmap", "-sT", "-n", "-p", &ports, "-oG", "-", "127.0.0.1"];
    let exit = ended(lab.another(words).with_prefix(&join_words).run([])).expect_exit(0);
    let printed = String::from_utf8_lossy(&exit.stdout).into_owned();
    let ports = printed.lines().find_map(|line| line.split("Ports: ").nth(1)).unwrap_or("");
    let open: Vec<&str> = ports
        .split(", ")
        .filter(|part| part.contains("/open/"))
        .filter_map(|part| part.split('/').next())
        .collect();
    let found = scanned(subject!("11"), &join, last, &[]);
    lab.check(
        found == open && found == open_up_to(last),
        &format!("nmap found {open:?}, and the scan {found:?}."),
        "agree-with-nmap",
        "In `state`, sort the outcomes of connect as nmap does.",
    );
}
