//! Submissions that seem to be for another lab, by the names of their files.
//!
//! ```text
//! client.rs  echo.rs  reliable.rs     two names of lab 01, and three of lab 03
//! ```

use std::collections::BTreeSet;

use lab::course::answer;
use lab::course::labs::Lab;

use super::tree::Tree;

/// A sentence on the lab of `labs` that the names in `tree` fit better than they fit `lab`. `None` if
/// no lab does, or if the folder of `lab` says for which lab the files are.
pub fn sentence(lab: &Lab, labs: &[Lab], tree: &Tree) -> Option<String> {
    let read = tree.files.iter().map(|file| file.path.as_str());
    let paths: Vec<&str> = read.chain(tree.left_out.iter().map(|file| &*file.path)).collect();
    if paths.iter().any(|path| path.split('/').any(|part| part == lab.folder())) {
        return None;
    }
    let names: BTreeSet<&str> = paths.iter().filter_map(|path| path.rsplit('/').next()).collect();
    let fitting = |lab: &Lab| -> Vec<String> {
        answer::file_names(lab).into_iter().filter(|name| names.contains(name.as_str())).collect()
    };
    let best = labs.iter().max_by_key(|other| fitting(other).len())?;
    let fits = fitting(best);
    (fits.len() > fitting(lab).len()).then(|| {
        format!(
            "It may be for lab {}, because it has files of these names: {}.",
            best.number,
            fits.join(", ")
        )
    })
}
