//! The command line of lab 05, with the model answer behind it.

extern crate solution05 as lab05;
include!("../../../labs/05-tls/src/main.rs");
