//! Tests that only the instructor has. They are longer and slower than the suite, and have peers
//! from other authors.

#[path = "../../../labs/03-udp/tests/suite/requests.rs"]
mod requests;

#[path = "held_back/addresses.rs"]
mod addresses;
#[path = "held_back/faults.rs"]
mod faults;
#[path = "held_back/floods.rs"]
mod floods;
#[path = "held_back/gone.rs"]
mod gone;
#[path = "held_back/peers.rs"]
mod peers;
#[path = "held_back/random.rs"]
mod random;
#[path = "held_back/system_calls.rs"]
mod system_calls;
