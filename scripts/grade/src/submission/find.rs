//! All submissions in a folder, or in the archive of a course's system.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use lab::error::Error;
use tempfile::TempDir;
use zip::ZipArchive;

use super::archive::Kind;
use super::names::{self, Named};
use super::roster::Roster;
use super::{Part, Submission, path};

/// The most bytes that the archive of a class may unpack to.
const MAX_CLASS: u64 = 8 * 1024 * 1024 * 1024;

/// The submissions of a class.
#[derive(Debug)]
pub struct Found {
    /// In the order of the students' ids.
    pub submissions: Vec<Submission>,
    /// The names of entries that are no submissions.
    pub ignored: Vec<String>,
    /// Holds the files of an archive until all are judged.
    _unpacked: Option<TempDir>,
}

/// Finds the submissions in `place`, a folder or a ZIP archive. Students have the names of `roster`.
///
/// # Errors
///
/// It cannot be read, or two entries are of the same student.
pub fn find(place: &Path, roster: &Roster) -> Result<Found, Error> {
    let what = || format!("cannot read the submissions in {}", place.display());
    let mut ignored = Vec::new();
    let unpacked = match place.is_file() {
        true => Some(
            unpack(place, &mut ignored).map_err(|error| Error::usage(what(), error.to_string()))?,
        ),
        false => None,
    };
    let folder = unpacked.as_ref().map_or(place, TempDir::path);
    let entries = fs::read_dir(folder).map_err(|error| Error::usage(what(), error.to_string()))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let mut found = Found { submissions: Vec::new(), ignored, _unpacked: unpacked };
    let mut by_student: BTreeMap<String, (Named, Submission)> = BTreeMap::new();
    let names: Vec<String> = paths.iter().map(|path| file_name(path)).collect();
    for ((path, name), named) in paths.into_iter().zip(&names).zip(names::parse_all(&names)) {
        if !is_submission(&path, name, &named) {
            found.ignored.push(path::shown(name.as_bytes()));
            continue;
        }
        let submission = submission(path, name, &named, roster);
        match by_student.get_mut(&submission.student.id) {
            None => drop(by_student.insert(submission.student.id.clone(), (named, submission))),
            // Canvas has an entry for each uploaded file.
            Some((user, first)) if is_same_user(user, &named) => {
                first.marked_late |= submission.marked_late;
                first.parts.extend(submission.parts);
            }
            Some((_, first)) => return Err(two_of_one(first, &submission)),
        }
    }
    found.submissions = by_student.into_values().map(|(_, it)| with_newest_uploads(it)).collect();
    Ok(found)
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Whether a course's system has named both after the same user.
fn is_same_user(one: &Named, other: &Named) -> bool {
    one.number.is_some()
        && other.number.is_some()
        && (&one.id, &one.name) == (&other.id, &other.name)
}

/// A folder, an archive, or any file that a course's system has named.
fn is_submission(path: &Path, name: &str, named: &Named) -> bool {
    let is_link = path.is_symlink();
    let is_ours = path.is_dir() || Kind::of(name).is_some() || named.number.is_some();
    is_ours && !is_link && !name.starts_with('.') && name != "__MACOSX"
}

fn submission(path: PathBuf, name: &str, named: &Named, roster: &Roster) -> Submission {
    Submission {
        student: roster.student(named),
        source: path::shown(name.as_bytes()),
        number: named.number.clone(),
        submitted: None,
        marked_late: named.is_late,
        parts: vec![Part { path, name: named.file.clone() }],
    }
}

/// Of uploads with the same name, the last counts: `echo.rs`, `echo-1.rs`, `echo-2.rs`.
fn with_newest_uploads(mut submission: Submission) -> Submission {
    let age = |part: &Part| {
        // The length first, so that 10 comes after 9.
        let name = file_name(&part.path);
        (name.len(), name)
    };
    submission.parts.sort_by_key(age);
    let mut newest: BTreeMap<String, Part> = BTreeMap::new();
    for part in submission.parts {
        newest.insert(part.name.clone(), part);
    }
    Submission { parts: newest.into_values().collect(), ..submission }
}

fn two_of_one(one: &Submission, other: &Submission) -> Error {
    let why = format!("{} and {}", one.source, other.source);
    Error::usage(format!("two submissions are of the student {}", one.student.id), why)
        .advice("Remove one of them, and try again.")
}

/// Unpacks the archive of a class: its regular files, each below the folder. The names of entries that
/// are no such file, or that this folder cannot hold, go to `ignored`.
fn unpack(archive: &Path, ignored: &mut Vec<String>) -> io::Result<TempDir> {
    let folder = tempfile::tempdir()?;
    let mut archive = ZipArchive::new(File::open(archive)?).map_err(io::Error::other)?;
    let mut left = MAX_CLASS;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(io::Error::other)?;
        if entry.is_dir() {
            continue;
        }
        let Some(name) = path::safe(entry.name_raw()).ok().filter(|_| !entry.is_symlink()) else {
            ignored.push(path::shown(entry.name_raw()));
            continue;
        };
        let mut file = match create(&folder.path().join(name)) {
            Ok(file) => file,
            Err(error) if is_of_name(&error) => {
                ignored.push(path::shown(entry.name_raw()));
                continue;
            }
            Err(error) => return Err(error),
        };
        left -= io::copy(&mut entry.take(left), &mut file)?;
        if left == 0 {
            return Err(io::Error::other("it unpacks to more than 8 GiB"));
        }
    }
    Ok(folder)
}

/// A new file, with its folders.
fn create(file: &Path) -> io::Result<File> {
    file.parent().map_or(Ok(()), fs::create_dir_all)?;
    File::create_new(file)
}

/// Whether the name is the cause. It is too long, or another entry has it, or one is a file and the other
/// one is in it. One student must not stop the class.
fn is_of_name(error: &io::Error) -> bool {
    use io::ErrorKind::{AlreadyExists, InvalidFilename, NotADirectory};
    matches!(error.kind(), AlreadyExists | InvalidFilename | NotADirectory)
}
