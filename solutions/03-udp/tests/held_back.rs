//! Tests that only the instructor has: longer, slower and ruder than the suite, and with peers
//! that nobody here wrote.

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
