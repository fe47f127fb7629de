//! The same comparisons with many more questions. They take a minute on a quiet machine, so they
//! are run by hand:
//!
//! ```sh
//! LAB_DEADLINE_SCALE=8 cargo test --release -p solution08 --test acceptance -- --ignored
//! ```

#[path = "held_back/clients.rs"]
mod clients;
#[path = "../../../labs/08-addressing/tests/suite/packets.rs"]
#[expect(dead_code, reason = "the suite uses the rest of it")]
mod packets;
#[path = "held_back/python.rs"]
mod python;
#[path = "held_back/random.rs"]
mod random;

use testkit::{Subject, subject};

/// The program, of which a test expects up to 512 MiB of output.
fn with_room(lab: Subject) -> Subject {
    lab.with_large_output(512 << 20)
}

#[test]
#[ignore = "takes long"]
fn python_reads_110_000_addresses_alike() {
    python::addresses_agree(with_room(subject!("08")), 100_000);
}

#[test]
#[ignore = "takes long"]
fn python_finds_the_same_30_000_networks() {
    python::networks_agree(with_room(subject!("08")), 30_000);
}

#[test]
#[ignore = "takes long"]
fn a_thousand_packets_are_built_and_read_alike() {
    random::built_packets_are_read_alike(with_room(subject!("08")), 1_000);
}

#[test]
#[ignore = "takes long"]
fn a_million_packets_are_forwarded() {
    random::forwarded_packets_are_right(with_room(subject!("08")), 1_000_000);
}

#[test]
#[ignore = "takes long"]
fn a_million_wrong_packets_get_a_line_each() {
    random::each_wrong_packet_gets_a_line(with_room(subject!("08")), 1_000_000);
}

#[test]
#[ignore = "takes long"]
fn a_million_addresses_are_in_their_networks_or_not() {
    random::in_is_and_and_compare(with_room(subject!("08")), 31_000);
}

#[test]
#[ignore = "takes long"]
fn a_thousand_clients_leave_nothing_behind() {
    clients::both_families_are_given_back(&subject!("08"), 1_000);
}
