//! Reading Rust files: items, and the parts of their documentation.

use std::fs;
use std::path::{Path, PathBuf};

use quote::ToTokens;
use syn::{Attribute, Expr, ExprLit, Lit, Meta};

use lab::course::labs::Lab;
use lab::error::Error;
use lab::files;
use lab::workspace::Workspace;

/// The items of the Rust file at `path`.
pub fn read(path: &Path) -> Result<syn::File, Error> {
    let unreadable = |why: String| Error::failed(format!("cannot read {}", path.display()), why);
    let text = fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
    syn::parse_file(&text).map_err(|error| unreadable(error.to_string()))
}

/// The files of all tests of a lab, with the held-back ones.
pub fn test_files(workspace: &Workspace, lab: &Lab) -> Vec<PathBuf> {
    let folders = [lab.path.join("tests"), lab.solution_path(workspace).join("tests")];
    folders.iter().flat_map(|folder| files::rust_files(folder)).collect()
}

/// The documentation in `attributes`, line by line, without the space after `///`.
pub fn documentation(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(doc_line);
    let lines = lines.map(|line| line.strip_prefix(' ').unwrap_or(&line).trim_end().to_owned());
    lines.collect::<Vec<String>>().join("\n")
}

fn doc_line(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else { return None };
    match &pair.value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) if pair.path.is_ident("doc") => {
            Some(text.value())
        }
        _ => None,
    }
}

/// Whether `documentation` has a section called `# {title}`.
pub fn has_section(documentation: &str, title: &str) -> bool {
    documentation.lines().any(|line| is_heading(line, title))
}

/// `documentation` without its section `# {title}`, which ends at the next heading.
pub fn without_section(documentation: &str, title: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut is_inside = false;
    for line in documentation.lines() {
        if line.starts_with("# ") {
            is_inside = is_heading(line, title);
        }
        if !is_inside {
            kept.push(line);
        }
    }
    kept.join("\n").trim().to_owned()
}

fn is_heading(line: &str, title: &str) -> bool {
    line.strip_prefix("# ").is_some_and(|heading| heading.trim() == title)
}

/// `tokens` as one line of code.
pub fn code(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string()
}

/// One line of code as a person would write it. In tokens, there is a space between any two.
pub fn tidy(code: &str) -> String {
    let spaces = [
        (" :: ", "::"),
        (" < ", "<"),
        (" > ", "> "),
        (" >", ">"),
        (" ,", ","),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        (" : ", ": "),
        ("& ", "&"),
        (" ;", ";"),
        ("# [", "#["),
        (" ! ", "!"),
    ];
    spaces.iter().fold(code.to_owned(), |code, (from, to)| code.replace(from, to))
}
