//! Step crowd: many tries at the same time.

use super::scans::{
    LONG, expect_scan, list, open_at_one, port_of, scan, silent_everywhere, street,
};
use std::collections::BTreeSet;
use std::fs;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::time::Duration;
use testkit::{
    ClosedPort, Deadline, Process, Resources, poll_until, subject, test_time, test_time_arg,
};

const NEXT_JOB: (&str, &str) = (
    "a-free-worker-takes-the-next-job",
    "In `in_order`, start several workers. In `work_off`, each takes the next job as soon as it is free, whatever the other workers do.",
);

const IN_ORDER: (&str, &str) = (
    "deliver-in-order",
    "In `deliver`, keep a result that comes early, and pass it on when all before it are there.",
);

#[test]
fn ports_are_tried_at_the_same_time() {
    let lab = subject!("11");
    let Some(mut street) = street::<2>(&lab, 1) else { return };
    let ports = list(&street.ports);
    let _process = scan(&lab, &ports, ["--parallel", "2", "--timeout", LONG]);
    street.open.says(NEXT_JOB.0, NEXT_JOB.1);
    street.open.accept();
}

#[test]
fn a_silent_port_holds_up_no_other() {
    let lab = subject!("11");
    let Some(mut street) = street::<6>(&lab, 1) else { return };
    let ports = list(&street.ports);
    let _process = scan(&lab, &ports, ["--parallel", "2", "--timeout", LONG]);
    street.open.says(NEXT_JOB.0, NEXT_JOB.1);
    street.open.accept();
}

/// Longer than 17,000 tries take on a busy machine.
const LONGEST: Duration = Duration::from_secs(60);

/// More jobs than the 16,384 that may be begun before the first result is passed on.
#[test]
fn a_result_that_is_passed_on_makes_room_for_a_job() {
    let lab = subject!("11");
    if !cfg!(target_os = "linux") {
        return lab.skip("only Linux has all addresses of 127.0.0.0/8");
    }
    let closed: Vec<ClosedPort> = (0..17).map(|_| ClosedPort::new()).collect();
    let ports = list(&closed.iter().map(ClosedPort::port).collect::<Vec<_>>());
    let words = ["scan", "127.64.0.0/22", "--ports", &ports, "--parallel", "4", "--timeout", LONG];
    let mut process = lab.run(words);
    // Each port answers immediately, so a scan whose threads all sleep waits for itself.
    poll_until(Deadline::after(LONGEST), || process.has_ended() || process.wait_until_idle());
    process
        .says(
            "note-each-delivery",
            "In `in_order`, call `note_delivery` for each result that is passed on. `take` waits for it when a job is `MAX_AHEAD` jobs ahead.",
        )
        .expect_exit(0);
}

/// How many sockets of `process` wait for an answer; `None` where they cannot be listed. Another
/// program may try the same port, so all sockets of the machine would be too many. The kernel may
/// list a socket twice if the table changes meanwhile.
fn connecting(process: &Process) -> Option<usize> {
    let table = fs::read_to_string("/proc/net/tcp").ok()?;
    let files = fs::read_dir(format!("/proc/{}/fd", process.pid())).ok()?;
    let links = files.flatten().filter_map(|file| fs::read_link(file.path()).ok());
    let sockets: BTreeSet<PathBuf> = links.collect();
    // 02 in the fourth column is SYN_SENT, and the tenth one is the number of the socket.
    let waiting = table.lines().filter_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let number = words.get(9).filter(|_| words.get(3) == Some(&"02"))?;
        Some(PathBuf::from(format!("socket:[{number}]")))
    });
    Some(waiting.collect::<BTreeSet<PathBuf>>().intersection(&sockets).count())
}

#[test]
fn at_most_as_many_are_under_way_as_allowed() {
    let lab = subject!("11");
    let Some(hole) = silent_everywhere(&lab) else { return };
    let port = hole.port().to_string();
    let args = ["--ports", &port, "--parallel", "3", "--timeout", LONG];
    let process = lab.run([&["scan", "127.0.0.0/28"], &args[..]].concat());
    process.wait_until_started();
    poll_until(Deadline::usual(), || connecting(&process).is_none_or(|count| count >= 3));
    process.wait_until_idle();
    let Some(count) = connecting(&process) else {
        return lab.skip("the sockets of this machine cannot be listed");
    };
    process.check(
        count == 3,
        &format!("With --parallel 3, {count} tries are under way."),
        "as-many-workers-as-allowed",
        "In `in_order`, start as many workers as `parallel` says, and not more than there are jobs.",
    );
}

#[test]
fn results_are_printed_in_order() {
    let lab = subject!("11");
    let Some(mut street) = street::<4>(&lab, 1) else { return };
    let [silent, first, second, open] = street.ports[..] else { return };
    let ports = list(&street.ports);
    let closed = [(first, "CLOSED"), (second, "CLOSED")];
    let lines = [&closed[..], &[(silent, "FILTERED"), (open, "OPEN  (unknown)")]].concat();
    lab.undisturbed(|factor| {
        let time = test_time_arg(0.05 * factor);
        let mut process = scan(&lab, &ports, ["--parallel", "4", "--timeout", &time]);
        // A program that finds its results out of order may end before it connects.
        let _peer = street.open.says(IN_ORDER.0, IN_ORDER.1).accept();
        // On a busy machine, the first try may be over before the last one begins.
        let is_early = connecting(&process).is_none_or(|count| count == 1);
        process.says(IN_ORDER.0, IN_ORDER.1);
        expect_scan(&mut process, "127.0.0.1", &lines);
        process
            .says(
                "drop-the-last-sender",
                "In `in_order`, drop the sender that is left. `deliver` ends when no sender is left.",
            )
            .expect_exit(0);
        is_early.then_some(())
    });
}

#[test]
fn a_result_is_printed_when_all_before_it_are_there() {
    let lab = subject!("11");
    let Some(hole) = silent_everywhere(&lab) else { return };
    let ports = list(&[1, hole.port()]);
    let mut process = scan(&lab, &ports, ["--parallel", "2", "--timeout", LONG]);
    process.says(
        "print-what-is-known",
        "In `deliver`, call `done` for a result as soon as all before it are there, not at the end.",
    );
    process.expect_line(&format!("Scanning 127.0.0.1 for open ports (1-{})...", hole.port()));
}

/// How many files a program may have open.
const FILES: usize = 24;

/// Whether `process` has all files open that it may have, before it ends. On a busy machine, its
/// threads may start so late that the first tries are over.
fn was_short(process: &Process) -> bool {
    let is_short = || Resources::of(process.pid()).is_some_and(|now| now.descriptors >= FILES);
    let mut was_short = false;
    poll_until(Deadline::usual(), || {
        was_short = is_short();
        was_short || process.has_ended()
    });
    // Where files cannot be counted, the first run counts.
    was_short || !cfg!(target_os = "linux")
}

#[test]
fn a_shortage_of_descriptors_is_no_closed_port() {
    if !cfg!(unix) {
        return subject!("11").skip("descriptors can be limited on Unix only");
    }
    let lab = subject!("11");
    let Some(hole) = silent_everywhere(&lab) else { return };
    let address = |last| Ipv4Addr::new(127, 0, 0, last);
    let others: Vec<Ipv4Addr> = (1..=30).filter(|last| *last != 9).map(address).collect();
    let Some((server, _closed)) = open_at_one(&lab, address(9), &others) else {
        return lab.skip("this machine has no address 127.0.0.9");
    };
    let open = port_of(&server.address());
    let ports = list(&[hole.port(), open]);
    let advice = (
        "a-shortage-is-no-result",
        "In `work_off`, give the job back when `is_shortage` holds, and end the worker if it is not the last one.",
    );
    let limited = lab.limit_open_files(FILES);
    let exit = limited.undisturbed(|factor| {
        let time = test_time_arg(0.05 * factor);
        let args = ["--ports", &ports, "--parallel", "60", "--timeout", &time, "--verbose"];
        let mut process = limited.run([&["scan", "127.0.0.0/27"], &args[..]].concat());
        let was_short = was_short(&process);
        let exit = process.says(advice.0, advice.1).expect_exit(0);
        was_short.then_some(exit)
    });
    let Some(exit) = exit else { return };
    let printed = String::from_utf8_lossy(&exit.stdout).into_owned();
    let count = |words: &str| printed.lines().filter(|line| line.ends_with(words)).count();
    let found = [count("FILTERED"), count("CLOSED"), count("OPEN  (unknown)")];
    limited.check(
        found == [30, 29, 1],
        &format!(
            "Of 30 silent, 29 closed and 1 open ports, {} were filtered, {} closed, and {} open.",
            found[0], found[1], found[2]
        ),
        advice.0,
        advice.1,
    );
}

#[test]
fn without_any_descriptor_the_scan_ends_with_an_error() {
    let Some(lab) = subject!("11").with_fault("socket:error=EMFILE") else { return };
    lab.run(["scan", "127.0.0.1/32", "--ports", "1-9", "--parallel", "3"])
        .says(
            "the-last-worker-sends-the-shortage",
            "In `work_off`, the only worker that is left sends a shortage as its result. No other worker can give a descriptor back.",
        )
        .expect_error(&["cannot scan 127.0.0.1/32", "open files"]);
}

#[test]
fn a_shortage_of_threads_leaves_fewer_workers() {
    // The first worker starts, and no other one.
    let Some(lab) = subject!("11").with_fault("clone,clone3:error=EAGAIN:when=2+") else { return };
    let closed: Vec<ClosedPort> = (0..3).map(|_| ClosedPort::new()).collect();
    let mut ports: Vec<u16> = closed.iter().map(ClosedPort::port).collect();
    ports.sort_unstable();
    let mut process = scan(&lab, &list(&ports), ["--parallel", "3"]);
    process.says(
        "go-on-with-fewer-workers",
        "In `in_order`, start workers by `thread::Builder`. If one cannot be started, go on with those that were, and call `remove_worker`.",
    );
    let lines: Vec<(u16, &str)> = ports.iter().map(|port| (*port, "CLOSED")).collect();
    expect_scan(&mut process, "127.0.0.1", &lines);
    process.expect_exit(0);
}

#[test]
fn an_error_ends_all_workers() {
    // The first line is printed, and the second one is not. It tells of a closed port.
    let Some(lab) = subject!("11").with_fault("write:error=ENOSPC:when=2") else { return };
    let Some(hole) = silent_everywhere(&lab) else { return };
    let ports = list(&[1, hole.port()]);
    lab.undisturbed(|factor| {
        let time = test_time_arg(0.05 * factor);
        let args = ["--ports", &ports, "--parallel", "8", "--timeout", &time];
        let mut process = lab.run([&["scan", "127.0.0.0/28"], &args[..]].concat());
        let start = process.wait_until_started();
        let timeout = test_time(0.05 * factor);
        let has_waited = process.run_time(start, timeout * 4).reaches(timeout);
        process
            .says(
                "end-without-a-receiver",
                "In `work_off`, end when `send` returns an error. Then no thread receives the results any more.",
            )
            .expect_error(&["cannot scan 127.0.0.0/28", "no space left on device"]);
        // If no worker waited for a silent port, all of them started too late to send anything.
        (has_waited == Some(true)).then_some(())
    });
}
