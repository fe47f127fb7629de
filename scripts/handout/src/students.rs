//! The copy for students.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::Path;
use std::process::Stdio;

use lab::build::cargo;
use lab::error::Error;

use crate::absent_labs;
use crate::cargo_toml;
use crate::contents::Contents;
use crate::page;
use crate::place::Place;
use crate::repository::Source;
use crate::source;

/// Makes the copy at `place`, and returns the id of its commit. `add` may add files to it.
pub fn make(
    source: &Source,
    contents: &Contents,
    place: Place<'_>,
    add: impl FnOnce(&Path) -> io::Result<()>,
) -> Result<String, Error> {
    let copy = place.result();
    let mut files = source.files()?;
    files.retain(|file| contents.has(file));
    source.write(&files, &copy, &place.helper("index"))?;
    edit(&copy, &files, contents).and_then(|()| add(&copy)).map_err(|error| place.failed(error))?;
    shorten_cargo_lock(&copy)?;
    let commit = source.commit_copy(&copy)?;
    place.finish()?;
    Ok(commit)
}

/// Takes out of `files` what is for instructors, and what speaks of missing files.
fn edit(copy: &Path, files: &[String], contents: &Contents) -> io::Result<()> {
    let without_absent_labs =
        |text: &str| absent_labs::for_students(text, |lab| contents.has_lab(lab));
    let has = |file: &str| files.iter().any(|kept| kept == file);
    for file in files {
        let path = copy.join(file);
        let folder = path.parent().unwrap_or(copy);
        match path.extension().and_then(OsStr::to_str) {
            Some("md") => {
                change(&path, |text| {
                    let has = |to: &str| folder.join(to).exists();
                    without_absent_labs(&page::for_students(text, has))
                })?;
            }
            Some("rs" | "toml") => {
                change(&path, |text| without_absent_labs(&source::for_students(text)))?;
            }
            _ => (),
        }
    }
    let packages: Vec<String> = files
        .iter()
        .filter(|file| file.ends_with("/Cargo.toml"))
        .map(|file| fs::read_to_string(copy.join(file)))
        .collect::<Result<_, _>>()?;
    change(&copy.join("Cargo.toml"), |text| cargo_toml::for_packages(text, has, &packages))
}

fn change(path: &Path, of: impl FnOnce(&str) -> String) -> io::Result<()> {
    let text = fs::read_to_string(path)?;
    fs::write(path, of(&text))
}

/// `Cargo.lock` lists all packages. Without this call, the student's first build would change it.
fn shorten_cargo_lock(copy: &Path) -> Result<(), Error> {
    let mut metadata = cargo::command(copy);
    metadata.args(["metadata", "--quiet", "--format-version", "1"]).stdout(Stdio::null());
    // The crates of all systems stay in the file, but cargo downloads only those of this one.
    metadata.args(["--filter-platform", "host-tuple"]);
    let failed = |error| Error::failed("cannot run cargo", error);
    match metadata.status().map_err(failed)? {
        status if status.success() => Ok(()),
        status => Err(Error::failed("cargo finds an error in the copy", status)),
    }
}
