//! Tests of `cargo lab handout`: copies for students, and files for graders.

mod absent_labs;
mod autograder;
mod copy;
mod graders;
mod parts;
mod scripts;
mod settings;
