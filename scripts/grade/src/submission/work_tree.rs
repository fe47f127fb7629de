//! The work tree of a clone. Its last commit is judged, and the student may have changed files after it.

use std::fs;
use std::path::Path;

use ledger::LeftOut;

use super::git::Commit;
use super::take::Taken;
use super::tree::MAX_FILE;

/// The files in the work tree that differ from those of `commit` that were `taken`.
pub fn changed(commit: &Commit, taken: &Taken) -> Vec<LeftOut> {
    let differs = |(path, origin): &(&String, &String)| {
        let file = content(&commit.clone.join(origin));
        file.is_some_and(|file| {
            taken
                .sources
                .get(*path)
                .is_none_or(|judged| without_returns(judged) != without_returns(&file))
        })
    };
    let left_out = |(_, origin): (&String, &String)| LeftOut {
        path: origin.clone(),
        reason: format!("changed after the commit {}, which was judged", commit.short_id()),
    };
    taken.origins.iter().filter(differs).map(left_out).collect()
}

fn content(file: &Path) -> Option<Vec<u8>> {
    let metadata = fs::symlink_metadata(file).ok()?;
    (metadata.is_file() && metadata.len() <= MAX_FILE).then(|| fs::read(file).ok()).flatten()
}

/// git may change the ends of lines in a work tree.
fn without_returns(content: &[u8]) -> Vec<u8> {
    content.iter().copied().filter(|byte| *byte != b'\r').collect()
}
