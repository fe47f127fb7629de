//! Submissions: finding them, their students, and the files that are judged.
//!
//! ```text
//! find ──▶ Submission ──▶ read ──▶ Tree ──▶ take ──▶ Taken
//!  names     student        folder   files     the files that a step of lab.toml names
//!  roster    parts          zip, tar
//!                           git
//! ```
//!
//! A submission is read into memory, and no archive is unpacked to the disk. So a path, a link or a
//! name in an archive can do no harm. Sizes and counts are limited ([`tree::MAX_FILES`] and others).

pub mod archive;
pub mod find;
pub mod folder;
pub mod git;
pub mod names;
pub mod other_lab;
pub mod path;
pub mod read;
pub mod roster;
pub mod take;
pub mod tar;
pub mod tree;
pub mod work_tree;
pub mod zip;

use std::path::PathBuf;

use ledger::{Student, Timestamp};

/// What one student handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// The author.
    pub student: Student,
    /// Its place, relative to the folder of submissions.
    pub source: String,
    /// The number of the submission in the course's system, if its archive has one.
    pub number: Option<String>,
    /// When it was handed in, if known.
    pub submitted: Option<Timestamp>,
    /// Whether the course's system marked it as late.
    pub marked_late: bool,
    /// A folder, a clone, an archive, or single files.
    pub parts: Vec<Part>,
}

/// A file or a folder of a submission.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// Where it is.
    pub path: PathBuf,
    /// Its name without the additions of the course's system.
    pub name: String,
}
