//! The same comparisons with many more questions. They take some minutes on a quiet machine, so
//! they are run by hand:
//!
//! ```sh
//! LAB_DEADLINE_SCALE=8 cargo test --release -p solution11 --test acceptance -- --ignored
//! ```

#[path = "../../../labs/11-names/tests/suite/dns.rs"]
#[expect(dead_code, reason = "the suite uses the rest of it")]
mod dns;
#[path = "acceptance/memory.rs"]
mod memory;
#[path = "acceptance/ports.rs"]
mod ports;
#[path = "held_back/python.rs"]
mod python;
#[path = "held_back/random.rs"]
mod random;

use testkit::{Subject, subject};

/// The program, of which a test expects up to 1 GiB of output.
fn with_room(lab: Subject) -> Subject {
    lab.with_large_output(1 << 30)
}

#[test]
#[ignore = "takes long"]
fn dnspython_reads_100_000_messages_alike() {
    python::messages_agree(with_room(subject!("11")), 100_000);
}

#[test]
#[ignore = "takes long"]
fn a_million_wrong_messages_get_a_line_each() {
    random::each_wrong_message_gets_a_line(with_room(subject!("11")), 1_000_000);
}

#[test]
#[ignore = "takes long"]
fn a_hundred_messages_full_of_pointers_are_read() {
    random::chains_of_pointers_cost_little(with_room(subject!("11")), 100);
}

#[test]
#[ignore = "takes long"]
fn all_65535_ports_are_right_with_64_descriptors_too() {
    ports::all_ports_are_right(u16::MAX);
}

#[test]
#[ignore = "takes long"]
fn nmap_finds_the_same_65535_ports() {
    ports::nmap_agrees(u16::MAX);
}

#[test]
#[ignore = "takes long"]
fn a_scan_of_all_ports_takes_less_than_16_mebibytes() {
    memory::scan("127.0.0.1", "1-65535");
}

#[test]
#[ignore = "takes long"]
fn a_scan_of_65_534_machines_takes_less_than_16_mebibytes() {
    memory::scan("127.0.0.0/16", "9");
}

#[test]
#[ignore = "takes long"]
fn results_that_wait_take_less_than_16_mebibytes() {
    memory::scan_that_waits();
}

#[test]
#[ignore = "takes long"]
fn a_server_for_10_000_names_takes_less_than_16_mebibytes() {
    memory::server(10_000);
}
