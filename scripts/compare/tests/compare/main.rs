//! `cargo lab compare`, part by part and under load.

mod figures;
mod html_file;
mod measure;
mod pages;
mod sources;
mod submission;
mod trial;
mod with;
