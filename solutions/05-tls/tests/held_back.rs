//! Tests that only the instructor has: ruder than the suite, and with peers that nobody here wrote.

#[path = "held_back/audit.rs"]
mod audit;
#[path = "held_back/crowd.rs"]
mod crowd;
#[path = "held_back/ending.rs"]
mod ending;
#[path = "held_back/openssl.rs"]
mod openssl;
#[path = "held_back/python.rs"]
mod python;
#[path = "held_back/wire.rs"]
mod wire;
