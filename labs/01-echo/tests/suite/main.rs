//! The suite of lab 01. Each module is a step; each test is a promise of the README.

mod step1_listen;
mod step2_echo;
mod step3_serve;
mod step4_client;
mod step5_variations;
