//! The suite of lab 03. Each module is a step; each test is a promise of the README.

mod requests;
mod step1_echo;
mod step2_client;
mod step3_reliable;
mod step4_calculator;
mod step5_discovery;
