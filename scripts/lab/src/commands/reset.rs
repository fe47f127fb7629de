//! `cargo lab reset`: restores the stub, and keeps the student's files.
//!
//! It needs no confirmation, because no work is lost. It reads the stub first, then copies all of
//! `src` to a backup, and only then changes a file.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::Serialize;

use crate::course::kept_stub;
use crate::course::labs::Lab;
use crate::course::progress::Progress;
use crate::course::stub_history::StubFile;
use crate::error::Error;
use crate::files;
use crate::output::Output;
use crate::workspace::Workspace;
use terminal::Style;

/// The lab that was reset, and its backup.
#[derive(Debug, Serialize)]
pub struct Reset {
    lab: String,
    number: String,
    /// Where the student's files are now, relative to the workspace; `None` if `src` was the stub
    /// already.
    backup: Option<String>,
}

/// Puts the lab's stub back.
pub fn run(workspace: &Workspace, lab: &Lab) -> Result<Reset, Error> {
    let stub = kept_stub::find(workspace, lab)?;
    let mut reset = Reset { lab: lab.folder(), number: lab.number.clone(), backup: None };
    if is_stub(lab, &stub) {
        return Ok(reset);
    }
    let backup = back_up(workspace, lab)?;
    let place = files::relative(&backup, &workspace.root);
    replace(lab, &stub).map_err(|error| {
        Error::failed(format!("cannot write the stub of lab {}", lab.number), error)
            .advice(format!("Your files are in {place}."))
    })?;

    let mut progress = Progress::read(workspace);
    progress.forget_verdicts(lab);
    progress.write(workspace)?;
    reset.backup = Some(place);
    Ok(reset)
}

fn is_stub(lab: &Lab, stub: &[StubFile]) -> bool {
    let present = files::files_under(&lab.src());
    let is_same = |file: &StubFile| {
        fs::read(lab.path.join(&file.path))
            .is_ok_and(|content| files::is_same_text(&content, &file.content))
    };
    present.len() == stub.len() && stub.iter().all(is_same)
}

fn back_up(workspace: &Workspace, lab: &Lab) -> Result<PathBuf, Error> {
    let backups = workspace.state_dir().join("backup");
    let copy = || {
        let folder = new_folder(&backups, &lab.number)?;
        files::copy_files(&lab.src(), &folder.join("src"))?;
        Ok::<_, io::Error>(folder)
    };
    copy().map_err(|error| {
        Error::failed(format!("cannot keep your files in {}", backups.display()), error)
            .advice("Nothing was changed.")
    })
}

/// A folder that was not there before: `01-2026-11-21-03-01-32`, in UTC.
fn new_folder(backups: &Path, number: &str) -> io::Result<PathBuf> {
    let now = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
    let now = now.trim_end_matches('Z').replace(['T', ':'], "-");
    fs::create_dir_all(backups)?;
    let names = (1..100).map(|count| match count {
        1 => format!("{number}-{now}"),
        _ => format!("{number}-{now}-{count}"),
    });
    for name in names {
        match fs::create_dir(backups.join(&name)) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => (),
            made => return made.map(|()| backups.join(name)),
        }
    }
    Err(io::Error::other("there are a hundred backups of this second already"))
}

fn replace(lab: &Lab, stub: &[StubFile]) -> io::Result<()> {
    for file in files::files_under(&lab.src()) {
        fs::remove_file(file)?;
    }
    stub.iter().try_for_each(|file| files::write_whole(&lab.path.join(&file.path), &file.content))
}

impl Output for Reset {
    fn page(&self, style: &Style) -> String {
        let Some(backup) = &self.backup else {
            return format!("labs/{}/src is the stub already. Nothing was changed.\n", self.lab);
        };
        let next = style.bold(&format!("cargo lab test {}", self.number));
        format!(
            "labs/{lab}/src is the stub again. Your files are now in\n  {}\nStart over with {next}\n\
            To have it back: cp -r {backup}/src labs/{lab}/\n",
            style.bold(backup),
            lab = self.lab,
        )
    }
}
