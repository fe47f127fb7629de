//! The command line of lab 03, with the model answer behind it.

extern crate solution03 as lab03;
include!("../../../labs/03-udp/src/main.rs");
