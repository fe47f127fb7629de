//! Which files among others are an answer to a lab: those that a step of `lab.toml` names.
//!
//! ```text
//! labs/01-echo/src/echo.rs   the best place: the folder of this lab
//! anna/src/echo.rs           else any folder called src
//! echo.rs                    else any folder
//! ```

use std::collections::BTreeMap;

use crate::course::labs::Lab;

/// Folders that no program is built from.
pub const WITHOUT_SOURCES: [&str; 4] = [".git", "target", "node_modules", "__MACOSX"];

/// The names of the files that students write for `lab`, relative to `src`.
pub fn file_names(lab: &Lab) -> Vec<String> {
    let mut names: Vec<String> = lab.steps().iter().flat_map(|step| step.files.clone()).collect();
    names.sort();
    names.dedup();
    names
}

/// The folder with the most files of `lab`, with a `/` at its end. `paths` are those of all files, with
/// `/` between their parts.
///
/// # Errors
///
/// No folder has one, or two folders have equally many. The text goes on after "it has".
pub fn folder<'a>(lab: &Lab, paths: impl IntoIterator<Item = &'a str>) -> Result<String, String> {
    let names = file_names(lab);
    let mut counts: BTreeMap<(Place, &str), usize> = BTreeMap::new();
    for path in paths {
        for name in &names {
            let folder = path.strip_suffix(name.as_str());
            if let Some(folder) = folder.filter(|it| it.is_empty() || it.ends_with('/')) {
                *counts.entry((Place::of(lab, folder), folder)).or_default() += 1;
            }
        }
    }
    let best = counts.iter().map(|((place, _), count)| (*place, *count)).max();
    let Some(best) = best.filter(|(place, _)| *place > Place::Forbidden) else {
        return Err(format!("no file of lab {}: {}", lab.number, names.join(", ")));
    };
    let is_best = |((place, _), count): &(&(Place, &str), &usize)| (*place, **count) == best;
    let best: Vec<&str> = counts.iter().filter(is_best).map(|((_, folder), _)| *folder).collect();
    match best[..] {
        [folder] => Ok(folder.to_owned()),
        _ => Err(format!(
            "files of lab {} in two folders: {} and {}",
            lab.number,
            shown(best[0]),
            shown(best[1])
        )),
    }
}

/// The top has no name of its own.
fn shown(folder: &str) -> &str {
    if folder.is_empty() { "its top" } else { folder }
}

/// How likely a folder is to hold the answer; the last is the most likely.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// A folder of another lab, of a solution, or of tests.
    Forbidden,
    /// Any folder.
    Any,
    /// A folder called `src`.
    Src,
    /// The `src` of this lab.
    OfLab,
}

impl Place {
    fn of(lab: &Lab, folder: &str) -> Place {
        let parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
        // The folder of another lab is beside that of this lab, under the same name.
        let is_of_other_lab =
            |part: &&str| **part != lab.folder() && lab.path.with_file_name(part).is_dir();
        let is_forbidden = |part: &&str| ["solutions", "tests", "given"].contains(part);
        match parts[..] {
            _ if parts.iter().any(|part| is_forbidden(part) || is_of_other_lab(part)) => {
                Place::Forbidden
            }
            [.., parent, "src"] if parent == lab.folder() => Place::OfLab,
            [.., "src"] => Place::Src,
            _ => Place::Any,
        }
    }
}
