//! Tests that only the instructor has. They are longer than the suite, and have peers from other
//! authors.

#![cfg(unix)]

#[path = "../../../labs/09-polling/tests/suite/clients.rs"]
#[expect(dead_code, reason = "the suite uses the rest of it")]
mod clients;

#[path = "held_back/crowds.rs"]
mod crowds;
#[path = "held_back/scripts.rs"]
mod scripts;
#[path = "held_back/system_calls.rs"]
mod system_calls;
#[path = "held_back/times.rs"]
mod times;
#[path = "held_back/tools.rs"]
mod tools;
