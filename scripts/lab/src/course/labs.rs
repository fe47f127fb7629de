//! The labs, as their `lab.toml` files describe them, and the names that the user may give them.
//!
//! ```text
//! labs/01-echo/lab.toml      number 01, name echo, package lab01
//!   [[step]] name = "listen" first step: module step1_listen of the suite
//! ```

use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};

use manifest::Manifest;
pub use manifest::{EarlierFunction, Step, TestHint};

use crate::error::Error;
use crate::files;
use crate::workspace::Workspace;

/// The folder in `src` with the files that students do not edit.
pub const GIVEN: &str = "given";

/// One lab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lab {
    /// The lab's folder, `labs/01-echo`, in full.
    pub path: PathBuf,
    /// Two digits, as in `01`.
    pub number: String,
    /// The folder's name after the number, as in `echo`.
    pub name: String,
    /// What `lab.toml` says.
    pub manifest: Manifest,
}

/// All labs, in order. A folder without a `lab.toml` is no lab yet, and one that is not named like
/// `01-echo` is a student's copy, which cargo ignores, too.
pub fn all(workspace: &Workspace) -> Result<Vec<Lab>, Error> {
    let entries = fs::read_dir(workspace.labs())
        .map_err(|error| Error::failed("cannot list the labs", error))?;
    let mut folders: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    folders.sort();
    folders
        .iter()
        .filter(|folder| is_named_as_a_lab(folder) && folder.join(manifest::FILE_NAME).is_file())
        .map(|path| read(path))
        .collect()
}

fn is_named_as_a_lab(folder: &Path) -> bool {
    let name = folder.file_name().unwrap_or_default().as_encoded_bytes();
    matches!(name, [tens, ones, b'-', _, ..] if tens.is_ascii_digit() && ones.is_ascii_digit())
}

/// The lab that the user calls `wanted`.
pub fn find(workspace: &Workspace, wanted: &str) -> Result<Lab, Error> {
    let mut labs = all(workspace)?;
    match labs.iter().position(|lab| lab.is_called(wanted)) {
        Some(index) => Ok(labs.swap_remove(index)),
        None => Err(unknown_lab(&labs, wanted)),
    }
}

fn unknown_lab(labs: &[Lab], wanted: &str) -> Error {
    let valid: Vec<String> = labs.iter().map(Lab::folder).collect();
    Error::usage(
        format!("there is no lab `{wanted}`"),
        format!("the labs are {}", valid.join(", ")),
    )
    .advice("A lab is a number, a name, or both: 01, 1, echo, 01-echo.")
}

fn read(folder: &Path) -> Result<Lab, Error> {
    let unreadable = |why: &dyn Display| {
        Error::failed(format!("cannot read {}", folder.join(manifest::FILE_NAME).display()), why)
    };
    let manifest = Manifest::read(folder).map_err(|error| unreadable(&error))?;
    let folder_name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    let (number, name) = folder_name
        .as_deref()
        .and_then(|name| name.split_once('-'))
        .ok_or_else(|| unreadable(&"its folder is not named like 01-echo"))?;
    let (number, name) = (number.to_owned(), name.to_owned());
    Ok(Lab { path: folder.to_owned(), number, name, manifest })
}

impl Lab {
    /// `01-echo`.
    pub fn folder(&self) -> String {
        format!("{}-{}", self.number, self.name)
    }

    /// `lab01`.
    pub fn package(&self) -> String {
        format!("lab{}", self.number)
    }

    /// `solution01`.
    pub fn solution(&self) -> String {
        format!("solution{}", self.number)
    }

    /// How the `todo!` of each function that is to write begins.
    pub fn marker(&self) -> String {
        format!("todo!(\"{}", self.package())
    }

    /// How many functions are left to write.
    pub fn unwritten(&self) -> usize {
        let marker = self.marker();
        let markers = |path: PathBuf| {
            let text = fs::read_to_string(path).unwrap_or_default();
            text.lines().filter(|line| line.contains(&marker)).count()
        };
        files::rust_files(&self.src()).into_iter().map(markers).sum()
    }

    /// The solution's folder, `solutions/01-echo`, in full.
    pub fn solution_path(&self, workspace: &Workspace) -> PathBuf {
        workspace.root.join("solutions").join(self.folder())
    }

    /// The steps, in order.
    pub fn steps(&self) -> &[Step] {
        &self.manifest.steps
    }

    /// The student's files.
    pub fn src(&self) -> PathBuf {
        self.path.join("src")
    }

    /// Whether the user means this lab by `wanted`: `01`, `1`, `lab01`, `echo`, `01-echo`, or
    /// the folder as a shell completes it, `labs/01-echo/` or `.\labs\01-echo\`.
    pub fn is_called(&self, wanted: &str) -> bool {
        let wanted = wanted.replace('\\', "/");
        let wanted = wanted.trim_start_matches("./").trim_end_matches('/');
        let wanted = wanted.strip_prefix("labs/").unwrap_or(wanted);
        let number = wanted.strip_prefix("lab").unwrap_or(wanted);
        wanted == self.name || wanted == self.folder() || same_number(number, &self.number)
    }

    /// The step that the user calls `wanted`: `echo`, `2`, or `step2_echo`.
    pub fn step(&self, wanted: &str) -> Result<&Step, Error> {
        let is_wanted = |index: usize, step: &Step| {
            let number = (index + 1).to_string();
            wanted == step.name
                || wanted == number
                || Some(wanted) == self.manifest.module(index).as_deref()
        };
        self.find_step(is_wanted).ok_or_else(|| {
            let valid: Vec<&str> = self.steps().iter().map(|step| step.name.as_str()).collect();
            Error::usage(
                format!("lab {} has no step `{wanted}`", self.number),
                format!("its steps are {}", valid.join(", ")),
            )
        })
    }

    /// The files of the step, in the order in which they are best written.
    pub fn files_of(&self, step: &Step) -> Vec<PathBuf> {
        step.files.iter().map(|name| self.src().join(name)).collect()
    }

    /// The line of `function` in the student's file, from 1.
    pub fn line_of(&self, function: &EarlierFunction) -> Option<usize> {
        let text = fs::read_to_string(self.src().join(&function.file)).ok()?;
        let definition = format!("fn {}", function.function);
        let is_definition = |line: &str| {
            let rest = line.split_once(&definition).map(|(_, rest)| rest);
            rest.is_some_and(|rest| rest.starts_with(['(', '<']))
        };
        text.lines().position(is_definition).map(|index| index + 1)
    }

    /// The step whose module in the suite `test` belongs to.
    pub fn step_of(&self, test: &str) -> Option<&Step> {
        let (module, _) = test.split_once("::")?;
        self.find_step(|index, _| Some(module) == self.manifest.module(index).as_deref())
    }

    /// Where `lab.toml` lists `test`. Tests that it does not list come first, by their names.
    pub fn place<'test>(&self, test: &'test str) -> (&'test str, Option<usize>, &'test str) {
        let (module, _) = test.split_once("::").unwrap_or(("", test));
        let name = test.rsplit("::").next().unwrap_or(test);
        let tests = self.step_of(test).map_or(&[][..], |step| &step.tests);
        (module, tests.iter().position(|listed| listed == name), name)
    }

    fn find_step(&self, is_wanted: impl Fn(usize, &Step) -> bool) -> Option<&Step> {
        let steps = self.steps().iter().enumerate();
        steps.filter(|(index, step)| is_wanted(*index, step)).map(|(_, step)| step).next()
    }
}

fn same_number(one: &str, other: &str) -> bool {
    match (one.parse::<u32>(), other.parse::<u32>()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}
