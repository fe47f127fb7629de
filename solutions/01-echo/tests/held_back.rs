//! Tests that only the instructor has. They take longer than the suite, and some use peers of other
//! authors.

#[path = "held_back/addresses.rs"]
mod addresses;
#[path = "held_back/ending.rs"]
mod ending;
#[path = "held_back/errors.rs"]
mod errors;
#[path = "held_back/long_run.rs"]
mod long_run;
#[path = "held_back/output.rs"]
mod output;
#[path = "held_back/peers.rs"]
mod peers;
#[path = "held_back/system_calls.rs"]
mod system_calls;
