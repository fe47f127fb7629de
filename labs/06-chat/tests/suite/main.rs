//! The suite of lab 06. Each module is a step, and each test checks a sentence of the brief.

mod people;
mod step1_naming;
mod step2_broadcast;
mod step3_leaving;
mod step4_slow;
mod step5_commands;
mod step6_client;
mod step7_shutdown;
