//! Scans of many machines.

use super::scans::RULE;
use testkit::subject;

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
