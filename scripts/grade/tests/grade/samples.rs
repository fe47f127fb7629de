//! Archives and folders for tests, and what is taken of them.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use grade::course::Course;
use grade::sandbox::Sandbox;
use grade::submission::Submission;
use grade::submission::find;
use grade::submission::read;
use grade::submission::roster::Roster;
use grade::submission::take::{self, Taken};
use grade::submission::tree::{Filter, Reading, Refusal};
use lab::course::labs::{self, Lab};
use lab::course::stub_history::StubFile;
use lab::workspace::Workspace;
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::class::workspace;

pub fn lab01() -> Lab {
    labs::find(&Workspace { root: workspace() }, "01").expect("lab 01")
}

/// A folder with submissions.
pub fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

pub fn submissions_in(place: &Path) -> find::Found {
    find::find(place, &Roster::default()).expect("submissions")
}

/// The files taken of the only submission in `folder`.
pub fn taken(folder: &Path) -> Result<Taken, String> {
    let found = submissions_in(folder);
    assert_eq!(found.submissions.len(), 1, "{found:?}");
    take_one(&found.submissions[0])
}

pub fn take_one(submission: &Submission) -> Result<Taken, String> {
    read_one(submission).map_err(|refusal| refusal.to_string())
}

pub fn read_one(submission: &Submission) -> Result<Taken, Refusal> {
    let lab = lab01();
    let stub = [stub("src/echo.rs"), stub("src/listen.rs"), stub("src/main.rs")];
    let names = Course::file_names(&lab, &stub);
    let filter = Filter { names: Some(&names) };
    let reading = Reading { filter, sandbox: Sandbox::None, deadline: None };
    let content = read::read(submission, reading)?;
    take::take(&lab, &stub, content.tree)
}

pub fn stub(path: &str) -> StubFile {
    StubFile { path: path.to_owned(), content: b"the stub".to_vec() }
}

pub fn paths(taken: &Taken) -> Vec<&str> {
    taken.files.iter().map(|file| file.path.as_str()).collect()
}

pub fn reasons(taken: &Taken) -> String {
    let left_out = taken.left_out.iter();
    left_out.map(|it| format!("{}: {}\n", it.path, it.reason)).collect()
}

pub type Zip = ZipWriter<File>;

pub fn zip(file: &Path, fill: impl FnOnce(&mut Zip)) -> PathBuf {
    let mut zip = ZipWriter::new(File::create(file).expect("created"));
    fill(&mut zip);
    zip.finish().expect("written");
    file.to_owned()
}

pub fn add(zip: &mut Zip, name: &str, content: &[u8]) {
    zip.start_file(name, SimpleFileOptions::default()).expect("started");
    zip.write_all(content).expect("written");
}

pub fn tar_gz(file: &Path, fill: impl FnOnce(&mut tar::Builder<GzEncoder<File>>)) {
    let gz = GzEncoder::new(File::create(file).expect("created"), Compression::fast());
    let mut builder = tar::Builder::new(gz);
    fill(&mut builder);
    builder.into_inner().and_then(GzEncoder::finish).expect("written");
}

/// A header with any name, which the library itself would refuse.
pub fn header(name: &[u8], size: u64, kind: tar::EntryType) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.as_mut_bytes()[..name.len()].copy_from_slice(name);
    header.set_size(size);
    header.set_mode(0o777);
    header.set_entry_type(kind);
    header.set_cksum();
    header
}
