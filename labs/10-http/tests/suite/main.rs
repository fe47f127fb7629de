//! The suite of lab 10.
