//! Tests that only the instructor has. They are longer than the suite, and have peers from other
//! authors.

#[path = "../../../labs/08-addressing/tests/suite/packets.rs"]
mod packets;

#[path = "held_back/clients.rs"]
mod clients;
#[path = "held_back/kernel.rs"]
mod kernel;
#[path = "held_back/python.rs"]
mod python;
#[path = "held_back/random.rs"]
mod random;
#[path = "held_back/tools.rs"]
mod tools;
