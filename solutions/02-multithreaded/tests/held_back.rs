//! Tests that only the instructor has: crowds, shortages, clients that misbehave more than in the
//! suite, system calls, and programs by other authors.

#[path = "held_back/crowd.rs"]
mod crowd;
#[path = "held_back/crowds.rs"]
mod crowds;
#[path = "held_back/ending.rs"]
mod ending;
#[path = "held_back/peers.rs"]
mod peers;
#[path = "../../../labs/02-multithreaded/tests/suite/race.rs"]
mod race;
#[path = "held_back/shortages.rs"]
mod shortages;
#[path = "held_back/system_calls.rs"]
mod system_calls;
#[path = "held_back/totals.rs"]
mod totals;
