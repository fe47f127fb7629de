//! The command line of lab 06, with the model answer behind it.

extern crate solution06 as lab06;
include!("../../../labs/06-chat/src/main.rs");
