//! The most memory that a scan and a server take.

use super::dns::{A, id_of, query};
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;
use testkit::{BlackHole, Deadline, Process, Resources, Subject, poll_until, subject};

/// Less than this many bytes are resident at every moment.
const LIMIT: usize = 16 << 20;

/// Longer than any of these programs runs on a busy machine.
const LONGEST: Duration = Duration::from_secs(120);

/// Fails unless `peak` is below [`LIMIT`].
fn check(lab: &Subject, what: &str, peak: usize) {
    let kibibytes = peak / 1024;
    println!("{what}: {kibibytes} KiB");
    lab.check(
        0 < peak && peak < LIMIT,
        &format!("The most memory of {what} is {kibibytes} KiB."),
        "little-memory",
        "Keep no result that was printed, and no message that was answered.",
    );
}

/// The most memory of a process, when it has ended.
fn peak_of(process: &Process) -> usize {
    let mut peak = 0;
    poll_until(Deadline::after(LONGEST), || {
        let resources = Resources::of(process.pid());
        peak = resources.map_or(peak, |resources| peak.max(resources.peak_memory));
        process.has_ended()
    });
    peak
}

/// The most memory of a scan of these ports of `target`.
pub fn scan(target: &str, ports: &str) {
    let lab = subject!("11").with_large_output(64 << 20);
    let mut process = lab.run(["scan", target, "--ports", ports, "--verbose"]);
    let peak = peak_of(&process);
    process.expect_exit(0);
    check(&lab, &format!("a scan of {target}, ports {ports}"), peak);
}

/// The most memory of a scan whose first port does not answer, so that results wait for it.
pub fn scan_that_waits() {
    let lab = subject!("11");
    let Some(hole) = BlackHole::at(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))) else {
        return lab.skip("this machine has no address that never answers");
    };
    let port = hole.port().to_string();
    let process = lab.run(["scan", "127.0.0.0/16", "--timeout", "600", "--ports", &port]);
    poll_until(Deadline::after(LONGEST), || process.wait_until_idle());
    let Some(resources) = process.resources() else { return };
    check(&lab, "a scan with 16,383 results that wait", resources.peak_memory);
}

/// The most memory of a server that answers for `count` names.
pub fn server(count: usize) {
    let lab = subject!("11");
    let folder = lab.folder();
    let path = folder.path().join("zone");
    let soa = "a.test. 3600 SOA ns.a.test. admin.a.test. 1 2 3 4 300\n".to_owned();
    let names = (0..count).map(|number| format!("n{number}.a.test. 60 A 192.0.2.1\n"));
    fs::write(&path, soa + &names.collect::<String>()).expect("the test's folder can be written");
    let server = lab.serve(["--zone", &path.to_string_lossy()]);
    let mut peer = server.udp_peer("client");
    for number in 0..count {
        peer.send(&query(number as u16, &format!("n{number}.a.test"), A));
        let id = id_of(&peer.receive());
        peer.check(id == number as u16, "An answer has another id.", "same-id", "Answer in order.");
    }
    let Some(resources) = server.resources() else { return };
    check(&lab, &format!("a server for {count} names"), resources.peak_memory);
}
