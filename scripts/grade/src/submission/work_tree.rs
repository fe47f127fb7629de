//! The work tree of a clone. Its last commit is judged, and the student may have changed files after it.

use std::fs;

use lab::files;
use ledger::LeftOut;

use super::folder::content;
use super::git::Commit;
use super::take::Taken;

/// The files in the work tree that differ from those of `commit` that were `taken`.
pub fn changed(commit: &Commit, taken: &Taken) -> Vec<LeftOut> {
    let differs = |(path, origin): &(&String, &String)| {
        let judged = taken.sources.get(*path);
        let file = commit.clone.join(origin);
        // A read of a pipe, or of a link to one, might never end.
        let is_file = fs::symlink_metadata(&file).is_ok_and(|metadata| metadata.is_file());
        // git may change the ends of lines in a work tree.
        let is_same = |file: Vec<u8>| judged.is_some_and(|it| files::is_same_text(it, &file));
        is_file && content(&file).is_ok_and(|file| !is_same(file))
    };
    let left_out = |(_, origin): (&String, &String)| LeftOut {
        path: origin.clone(),
        reason: format!("changed after the commit {:.10}, which was judged", commit.id),
    };
    taken.origins.iter().filter(differs).map(left_out).collect()
}
