//! Tests that only the instructor has: crowds, shortages, ruder clients than in the suite, and
//! peers that nobody here wrote.

#[path = "held_back/crowd.rs"]
mod crowd;
#[path = "held_back/crowds.rs"]
mod crowds;
#[path = "held_back/ending.rs"]
mod ending;
#[path = "held_back/peers.rs"]
mod peers;
#[path = "held_back/shortages.rs"]
mod shortages;
