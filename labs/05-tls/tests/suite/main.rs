//! The suite of lab 05. Each module is a step; each test is a promise of the README.

mod step1_certs;
mod step2_server;
mod step3_verify;
mod step4_goodbye;
mod step5_mutual;
mod step6_token;
mod step7_audit;
