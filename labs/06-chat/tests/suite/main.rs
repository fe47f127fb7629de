//! The suite of lab 06. Each module is a step; each test is a promise of the README.
