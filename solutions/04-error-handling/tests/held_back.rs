//! Tests that only the instructor has: longer and slower than the suite, and with peers that
//! other people wrote.

#[path = "held_back/crowd.rs"]
mod crowd;
#[path = "held_back/ending.rs"]
mod ending;
#[path = "held_back/errors.rs"]
mod errors;
#[path = "held_back/network.rs"]
mod network;
#[path = "held_back/nonsense.rs"]
mod nonsense;
#[path = "held_back/peers.rs"]
mod peers;
#[path = "held_back/system_calls.rs"]
mod system_calls;

use testkit::{Resources, Server};

/// A server that cuts off no client while a large test runs, however busy this machine is.
const PATIENT: [&str; 4] = ["--frame-timeout", "60", "--idle-timeout", "60"];

/// `payload` as it goes over the wire: its length, big-endian, and itself.
fn frame(payload: impl AsRef<[u8]>) -> Vec<u8> {
    let payload = payload.as_ref();
    let len = u32::try_from(payload.len()).expect("tests send less than 4 GiB");
    [&len.to_be_bytes(), payload].concat()
}

/// Expects that the server has no more threads and descriptors than `before`.
fn expect_left(server: &Server, before: &Resources) {
    let think = "Drop the stream of a client, and end its thread, when its conversation is over.";
    server.expect_given_back(before, "Clients came and left", "close-with-the-client", think);
}
