//! The suite of lab 02. Each module is a step, and each test checks a promise of the README.

mod race;
mod step1_framing;
mod step2_concurrency;
mod step3_isolation;
mod step4_accounting;
mod step5_limits;
mod step6_pool;
mod step7_shutdown;
mod thread_limit;
