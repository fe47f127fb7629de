//! The command line of lab 01, with the model answer behind it.

extern crate solution01 as lab01;
include!("../../../labs/01-echo/src/main.rs");
