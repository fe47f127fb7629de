//! Ledgers of made-up classes, and what the report makes of them.

mod class;
mod class_page;
mod feedback;
mod fixture;
mod hostile;
mod importers;
mod mistakes;
mod policy;
mod program;
