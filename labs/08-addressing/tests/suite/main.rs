//! The suite of lab 08. Each module is a step; each test is a promise of the README.

mod filters;
mod packets;
mod printed_packets;
mod step1_text;
mod step2_networks;
mod step3_header;
mod step4_serve;
mod step5_resolve;
mod step6_connect;
mod step7_reach;
