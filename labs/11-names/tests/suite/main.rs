//! The suite of lab 11. Each module is a step; each test is a promise of the README.

mod dns;
mod scans;
mod step1_ports;
mod step2_crowd;
mod step3_banners;
mod step4_message;
mod step5_hostile;
mod step6_lookup;
mod step7_tcp;
mod step8_serve;
