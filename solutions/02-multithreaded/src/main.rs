//! The command line of lab 02, with the model answer behind it.

extern crate solution02 as lab02;
include!("../../../labs/02-multithreaded/src/main.rs");
