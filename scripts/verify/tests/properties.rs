//! The table of properties in docs/maintaining.md names tests that exist, and has no empty cell.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use lab::course::labs::{self, Lab};
use lab::workspace::Workspace;
use verify::source;

const BEGIN: &str = "## Properties that every lab is asked for";
const END: &str = "### What no test sees";

/// The names of all functions in the tests of `lab` and of its solution.
fn functions(workspace: &Workspace, lab: &Lab) -> BTreeSet<String> {
    let files = source::test_files(workspace, lab);
    let texts = files.iter().map(|path| fs::read_to_string(path).expect("a file of ours"));
    let name = |rest: &str| rest.split(['(', '<']).next().map(str::to_owned);
    texts.flat_map(|text| text.split("fn ").skip(1).filter_map(name).collect::<Vec<_>>()).collect()
}

/// Whether `name`, in which `…` stands for any text, is one of `functions`.
fn is_among(functions: &BTreeSet<String>, name: &str) -> bool {
    let (start, end) = name.split_once('…').unwrap_or((name, ""));
    let fits = |function: &String| match name.contains('…') {
        true => function.starts_with(start) && function.ends_with(end),
        false => function == name,
    };
    functions.iter().any(fits)
}

/// The words in backticks that can be names of tests.
fn names(cell: &str) -> impl Iterator<Item = &str> {
    let is_name = |word: &&str| {
        let is_part = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
        word.contains('_') && word.chars().all(|one| is_part(one) || "_…".contains(one))
    };
    cell.split('`').skip(1).step_by(2).filter(is_name)
}

#[test]
fn each_cell_has_a_reason_or_names_a_test_that_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let workspace = Workspace { root: root.canonicalize().expect("the workspace is there") };
    let page = fs::read_to_string(root.join("docs/maintaining.md")).expect("a page of ours");
    let (_, table) = page.split_once(BEGIN).expect("the heading is there");
    let (table, _) = table.split_once(END).expect("the next heading is there");
    let mut problems = Vec::new();
    for lab in labs::all(&workspace).expect("the labs can be read") {
        if !lab.solution_path(&workspace).is_dir() {
            continue;
        }
        let functions = functions(&workspace, &lab);
        let rows = table.lines().filter(|row| row.starts_with(&format!("| {} |", lab.number)));
        for cell in rows.flat_map(|row| row.trim_matches('|').split('|').skip(1)) {
            if matches!(cell.trim(), "" | "—" | "?") {
                problems.push(format!("lab {} has a cell without a reason", lab.number));
            }
            let missing = names(cell).filter(|name| !is_among(&functions, name));
            problems.extend(missing.map(|name| format!("lab {} has no test {name}", lab.number)));
        }
    }
    assert!(problems.is_empty(), "{problems:#?}");
}
