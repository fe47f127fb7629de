//! Tests that only the instructor has: longer, slower and ruder than the suite, and with peers
//! that nobody here wrote.

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
