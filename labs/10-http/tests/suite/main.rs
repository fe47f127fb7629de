//! The suite of lab 10. Each module is a step, and each test is a promise of the README.

mod answers;
mod fetch;
mod heads;
mod pauses;
mod site;
mod step1_head;
mod step2_files;
mod step3_connection;
mod step4_bodies;
mod step5_stream;
mod step6_conditions;
mod step7_deadlines;
mod step8_client;
