//! A report: its file, and how a person reads it.

mod bytes;
mod file;
mod folder;
mod ladder;
mod page;
mod payload;
mod test_id;
mod time;
