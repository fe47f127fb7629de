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
/// No folder that may hold an answer has one, or two folders have equally many. The text goes on after
/// "it has".
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
        let forbidden = counts.keys().next().map(|(_, folder)| *folder);
        return Err(nothing(lab, &names, forbidden));
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

/// `forbidden` is a folder with files of `lab` that cannot be an answer.
fn nothing(lab: &Lab, names: &[String], forbidden: Option<&str>) -> String {
    let number = &lab.number;
    match forbidden {
        None => format!("no file of lab {number}: {}", names.join(", ")),
        Some(folder) => {
            format!("no file of lab {number} outside of {folder}, which holds no answer to it")
        }
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
        match parts[..] {
            _ if is_of_course(lab, &parts) => Place::Forbidden,
            [.., parent, "src"] if parent == lab.folder() => Place::OfLab,
            [.., "src"] => Place::Src,
            _ => Place::Any,
        }
    }
}

/// Whether the course has files there that are not an answer to `lab`.
fn is_of_course(lab: &Lab, parts: &[&str]) -> bool {
    // The folder of another lab is beside that of this lab, under the same name.
    let is_of_other_lab =
        |part: &&str| **part != lab.folder() && lab.path.with_file_name(part).is_dir();
    let is_for_other_files = |pair: &[&str]| match pair {
        ["solutions", folder] => *folder == lab.folder(),
        [above, "tests" | "given"] => *above == lab.folder() || *above == "src",
        _ => false,
    };
    // The runner keeps a copy of each stub in `.lab`.
    parts.contains(&".lab")
        || parts.iter().any(is_of_other_lab)
        || parts.windows(2).any(is_for_other_files)
}
