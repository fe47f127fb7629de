//! Stub and solution are twins, with the same API for a caller.
//!
//! They have the same files, public items, signatures, contracts, constants and error types. They may
//! differ in bodies, private helpers, the `# Steps` of the documentation, and the headers of modules.
//! Files in `src/given` are copies, byte for byte.

mod items;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use self::items::ApiItem;
use crate::check::Check;
use crate::source;
use lab::course::labs::{GIVEN, Lab};
use lab::error::Error;
use lab::files;
use lab::workspace::Workspace;
use terminal::count_of;

/// Compares the lab's `src` with the solution's, item by item.
pub fn are_alike(workspace: &Workspace, lab: &Lab) -> Result<Check, Error> {
    let solution = lab.solution_path(workspace).join("src");
    let mut problems = compare_files(&lab.src(), &solution);
    problems.extend(differing_copies(&lab.src().join(GIVEN), &solution.join(GIVEN)));
    let (stub, answer) = (api_items(&lab.src())?, api_items(&solution)?);
    for (name, item) in &stub {
        match answer.get(name) {
            None => problems.push(format!("{name}: only in the lab")),
            Some(other) => {
                problems.extend(item.difference(other).map(|what| format!("{name}: {what}")))
            }
        }
    }
    let only_there = answer.keys().filter(|name| !stub.contains_key(*name));
    problems.extend(only_there.map(|name| format!("{name}: only in the solution")));
    let summary =
        format!("{} are the same in lab and solution", count_of(stub.len(), "public item"));
    Ok(Check::new("twins", summary, problems))
}

fn compare_files(lab: &Path, solution: &Path) -> Vec<String> {
    let list = |folder: &Path| -> BTreeSet<String> {
        files::files_under(folder).iter().map(|path| files::relative(path, folder)).collect()
    };
    let (ours, theirs) = (list(lab), list(solution));
    let only_in = |file: &String| if ours.contains(file) { "lab" } else { "solution" };
    let missing = ours.symmetric_difference(&theirs);
    missing.map(|file| format!("src/{file}: only in the {}", only_in(file))).collect()
}

/// Files that both have under these folders, with different contents.
fn differing_copies(lab: &Path, solution: &Path) -> Vec<String> {
    let differs = |path: &PathBuf| {
        let name = files::relative(path, lab);
        let copy = fs::read(solution.join(&name)).ok()?;
        (fs::read(path).ok()? != copy)
            .then(|| format!("src/{GIVEN}/{name}: differs, and should be a copy"))
    };
    files::files_under(lab).iter().filter_map(differs).collect()
}

/// What a caller sees of the files in `src`, each item with its file in front of its name.
fn api_items(src: &Path) -> Result<BTreeMap<String, ApiItem>, Error> {
    let mut parsed = Vec::new();
    for path in files::rust_files(src) {
        let name = files::relative(&path, src);
        if !name.starts_with(GIVEN) {
            parsed.push((format!("src/{name}"), source::read(&path)?));
        }
    }
    let public: Vec<String> =
        parsed.iter().flat_map(|(_, file)| items::public_types(&file.items)).collect();
    let mut api_items = BTreeMap::new();
    for (file, content) in &parsed {
        let found = items::api_items(&content.items, &public);
        api_items.extend(found.into_iter().map(|(name, item)| (format!("{file}, {name}"), item)));
    }
    Ok(api_items)
}
