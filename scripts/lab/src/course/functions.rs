//! The functions of a lab that students write, found in its sources. Their documentation has a section
//! `# Steps`, in the stub and, as a rule, also in an answer.

use std::fmt;
use std::fs;
use std::path::Path;

use serde::Serialize;

use crate::course::labs::{Lab, Step};

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
