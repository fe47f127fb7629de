//! The command line of lab 07, with the model answer behind it.

extern crate solution07 as lab07;
include!("../../../labs/07-file-transfer/src/main.rs");
