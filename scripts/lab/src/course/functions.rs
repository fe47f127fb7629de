//! The functions of a lab that students write, found in its sources.
//!
//! Their documentation has a section `# Steps`, in the stub and, as a rule, also in an answer. In the
//! stub, they end in a `todo!` that names the step:
//!
//! ```text
//! pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
//!     todo!("lab01, step listen: listen")
//! }
//! ```

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use report::Place;
use serde::Serialize;

use crate::course::labs::{Lab, Step};
use crate::files;
use crate::workspace::Workspace;

/// A function that a student writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Function {
    /// `join`
    pub name: String,
    /// Its file, relative to `src`.
    pub file: String,
}

impl fmt::Display for Function {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` ({})", self.name, self.file)
    }
}

/// The functions to write in the files of `step`.
pub fn to_write(lab: &Lab, step: &Step) -> Vec<Function> {
    step.files.iter().flat_map(|file| in_file(&lab.src().join(file), file)).collect()
}

/// A function that is not written yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnwrittenFunction {
    /// `join`
    pub name: String,
    /// Its file, in full.
    path: PathBuf,
    /// The line of its `todo!`, from 1.
    line: u32,
}

impl UnwrittenFunction {
    /// Where its `todo!` is.
    pub fn place(&self, workspace: &Workspace) -> Place {
        Place { file: files::relative(&self.path, &workspace.root), line: self.line }
    }
}

/// The first function of `step` that is not written.
pub fn first_unwritten(lab: &Lab, step: &Step) -> Option<UnwrittenFunction> {
    let marker = marker(lab, step);
    let mut paths = lab.files_of(step);
    paths.extend(files::rust_files(&lab.src()));
    paths.into_iter().find_map(|path| {
        let text = fs::read_to_string(&path).ok()?;
        let (number, line) = (1..).zip(text.lines()).find(|(_, line)| line.contains(&marker))?;
        let (_, name) = line.split_once(&marker)?;
        let name = name.split('"').next().unwrap_or(name).trim().to_owned();
        Some(UnwrittenFunction { name, path, line: number })
    })
}

/// Whether the student has begun `step`: fewer bodies of its functions than in the stub are a `todo!`
/// and nothing else. A step of which the stub gives some code has always begun, and so has one without
/// a `todo!`.
pub fn is_begun(lab: &Lab, step: &Step) -> bool {
    let marker = marker(lab, step);
    let bodies = |path: PathBuf| {
        let text = fs::read_to_string(path).unwrap_or_default();
        let lines: Vec<&str> =
            text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let is_body = |lines: &&[&str]| {
            let [before, todo, after] = lines else { return false };
            before.ends_with('{') && todo.starts_with(&marker) && *after == "}"
        };
        lines.windows(3).filter(is_body).count()
    };
    let count: usize = lab.files_of(step).into_iter().map(bodies).sum();
    count == 0 || count < step.functions
}

/// How the `todo!` of each function of `step` begins in the stub.
fn marker(lab: &Lab, step: &Step) -> String {
    format!("{}, step {}:", lab.marker(), step.name)
}

fn in_file(path: &Path, file: &str) -> Vec<Function> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let mut is_to_write = false;
    let mut found = Vec::new();
    for line in text.lines().map(str::trim_start) {
        is_to_write |= line.starts_with("/// # Steps");
        let name = name_after_fn(line).filter(|_| is_to_write && !line.starts_with("//"));
        if let Some(name) = name {
            found.push(Function { name: name.to_owned(), file: file.to_owned() });
            is_to_write = false;
        }
    }
    found
}

/// `join` of `pub fn join(&self)`.
fn name_after_fn(line: &str) -> Option<&str> {
    let (before, rest) = line.split_once("fn ")?;
    let is_definition = before.is_empty() || before.ends_with(' ');
    let name = rest.split(['(', '<']).next().unwrap_or(rest);
    (is_definition && !name.is_empty()).then_some(name)
}

/// Whether `advice` names the function `name`: in backticks, also with its type, or as `In echo, ...`.
/// Many names are also words of a sentence.
pub fn is_named_in(advice: &str, name: &str) -> bool {
    let forms =
        [format!("`{name}`"), format!("::{name}`"), format!("`{name}("), format!("n {name},")];
    forms.iter().any(|form| advice.contains(form))
}
