//! Scans of many machines.

use super::scans::{LONG, RULE};
use std::net::{Ipv4Addr, SocketAddr};
use std::thread;
use std::time::Duration;
use testkit::{BlackHole, Deadline, Process, poll_until, subject};

/// Most bytes of address space. A number for each of the 67 million jobs below needs 512 MiB.
const MEMORY: usize = 256 << 20;

#[test]
fn a_large_scan_takes_little_memory() {
    let lab = subject!("11");
    if !cfg!(target_os = "linux") {
        return lab.skip("memory can be limited on Linux only");
    }
    let lab = lab.limit_memory(MEMORY);
    let mut process = lab.run(["scan", "127.0.0.0/16", "--ports", "1-1024", "--parallel", "4"]);
    process
        .says(
            "a-number-stands-for-all-jobs",
            "In `Queue`, keep the next job and the number of all jobs. A list of all of them is too long.",
        )
        .expect_line("Scanning 127.0.0.1 for open ports (1-1024)...")
        .expect_line(RULE);
}

/// Longer than 20,480 tries take on a busy machine.
const LONGEST: Duration = Duration::from_secs(120);

/// Two machines of the network: job 15,360 may begin while job 0 is under way, and 20,480 may not.
const NEAR: Ipv4Addr = Ipv4Addr::new(127, 0, 60, 1);
const FAR: Ipv4Addr = Ipv4Addr::new(127, 0, 80, 1);

/// How often a scan must be idle, with pauses between. All its threads may sleep for a moment although
/// it goes on.
const LOOKS: usize = 5;

fn is_at_rest(process: &Process) -> bool {
    (0..LOOKS).all(|_| {
        thread::park_timeout(Duration::from_millis(5));
        process.wait_until_idle()
    })
}

#[test]
fn a_silent_port_holds_up_what_is_far_behind_it() {
    let lab = subject!("11");
    let Some(hole) = BlackHole::at(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))) else {
        return lab.skip("this machine has no address that never answers");
    };
    let server = |ip: Ipv4Addr| lab.scripted_server_on((ip, hole.port()).into(), "server");
    let (Some(mut near), Some(far)) = (server(NEAR), server(FAR)) else {
        return lab.skip("this machine has no address 127.0.60.1");
    };
    let port = hole.port().to_string();
    let words = ["scan", "127.0.0.0/16", "--parallel", "4", "--timeout", LONG, "--ports", &port];
    let process = lab.run(words);
    let advice = (
        "hold-the-jobs-far-ahead",
        "In `take`, wait by `lock_in_reach`. In `in_order`, call `note_delivery` after each result.",
    );
    poll_until(Deadline::after(LONGEST), || !near.has_no_client_waiting());
    near.says(advice.0, advice.1).accept();
    poll_until(Deadline::after(LONGEST), || is_at_rest(&process) || !far.has_no_client_waiting());
    process.check(
        far.has_no_client_waiting(),
        "The first port does not answer, and 20,480 results behind it are kept.",
        advice.0,
        advice.1,
    );
}
