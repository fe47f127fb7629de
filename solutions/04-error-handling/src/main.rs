//! The command line of lab 04, with the model answer behind it.

extern crate solution04 as lab04;
include!("../../../labs/04-error-handling/src/main.rs");
