//! Makes the copy.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};

use lab::build::cargo;
use lab::commands::handout_line::HandoutLine;
use lab::course::labs::{self, Lab};
use lab::entry;
use lab::error::{Error, Exit};
use lab::output::{Output, Printer};
use lab::workspace::Workspace;
use serde::Serialize;
use terminal::Style;

use crate::cargo_toml;
use crate::contents::Contents;
use crate::page;
use crate::repository::Source;
use crate::source;

/// Runs the program with the arguments of this process.
pub fn main() -> ExitCode {
    entry::main(run)
}

/// A copy for students.
#[derive(Debug, Serialize)]
struct Handout {
    folder: PathBuf,
    labs: Vec<String>,
    /// The commit that was copied.
    source: String,
    /// The commit of the copy.
    commit: String,
}

impl Output for Handout {
    fn page(&self, _: &Style) -> String {
        let Handout { folder, labs, source, commit } = self;
        let (folder, labs) = (folder.display(), labs.join(", "));
        format!(
            "{folder} is ready for students. It has the labs {labs}.\n\
             Its only commit is {commit:.12}, made from {source:.12}.\n"
        )
    }
}

fn run(line: &HandoutLine) -> Result<Exit, Error> {
    if line.folder.exists() {
        let why = "choose a folder that does not exist yet";
        return Err(Error::usage(format!("{} exists", line.folder.display()), why));
    }
    let workspace = Workspace::find()?;
    let labs = chosen_labs(&workspace, &line.labs)?;
    let contents = Contents { labs, dev_container: line.dev_container };
    let source = Source::last_commit(&workspace.root)?;
    let commit = make(&source, &contents, &line.folder)?;
    let handout =
        Handout { folder: line.folder.clone(), labs: contents.labs, source: source.commit, commit };
    Ok(Printer::new(line.format).show(&handout))
}

/// The numbers of the labs that `names` name, or of all labs.
fn chosen_labs(workspace: &Workspace, names: &[String]) -> Result<Vec<String>, Error> {
    let labs: Vec<Lab> = match names {
        [] => labs::all(workspace)?,
        names => names.iter().map(|name| labs::find(workspace, name)).collect::<Result<_, _>>()?,
    };
    Ok(labs.into_iter().map(|lab| lab.number).collect())
}

/// Makes the copy beside `folder` and renames it at the end, so that `folder` is never half a copy.
fn make(source: &Source, contents: &Contents, folder: &Path) -> Result<String, Error> {
    let failed = |error| Error::failed(format!("cannot write {}", folder.display()), error);
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(failed)?;
    // git and cargo get this path, and run in other folders.
    let parent = std::path::absolute(parent).map_err(failed)?;
    let workshop = tempfile::tempdir_in(parent).map_err(failed)?;
    let copy = workshop.path().join("copy");

    let mut files = source.files()?;
    files.retain(|file| contents.has(file));
    source.write(&files, &copy, &workshop.path().join("index"))?;
    edit(&copy, &files).map_err(failed)?;
    shorten_cargo_lock(&copy)?;
    let commit = source.commit_copy(&copy)?;
    fs::rename(&copy, folder).map_err(failed)?;
    Ok(commit)
}

/// Takes out of `files` what is for instructors, and what speaks of missing files.
fn edit(copy: &Path, files: &[String]) -> io::Result<()> {
    let has = |file: &str| files.iter().any(|kept| kept == file);
    for file in files {
        let path = copy.join(file);
        let folder = path.parent().unwrap_or(copy);
        match path.extension().and_then(OsStr::to_str) {
            Some("md") => {
                change(&path, |text| page::for_students(text, |to| folder.join(to).exists()))?;
            }
            Some("rs" | "toml") => change(&path, source::for_students)?,
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
    let failed = |error| Error::failed("cannot run cargo", error);
    match metadata.status().map_err(failed)? {
        status if status.success() => Ok(()),
        status => Err(Error::failed("cargo finds an error in the copy", status)),
    }
}
