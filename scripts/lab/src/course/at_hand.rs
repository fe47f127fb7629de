//! The lab at hand: the lab that the student works on.

use std::fs;
use std::time::SystemTime;

use crate::course::labs::Lab;
use crate::course::progress::Progress;
use crate::files;

/// The lab at hand: of all labs that are begun and not finished, the one whose files changed last.
/// If no lab is begun, it is the first that is not finished; `None` if all are.
pub fn lab_at_hand<'labs>(labs: &'labs [Lab], progress: &Progress) -> Option<&'labs Lab> {
    let open = || labs.iter().filter(|lab| is_open(lab, progress));
    let begun = open().filter(|lab| is_begun(lab, progress));
    // Files of a fresh clone have the same time. `max_by_key` returns the last of equal labs.
    begun.rev().max_by_key(|lab| last_change(lab)).or_else(|| open().next())
}

/// Whether the student edited the lab since it was judged.
pub fn is_edited(lab: &Lab, progress: &Progress) -> bool {
    let files = files::rust_fingerprints(&lab.src());
    let mut steps = lab.steps().iter().map(|step| progress.step(lab, &step.name));
    steps.any(|step| !step.results.is_empty() && step.files != files)
}

fn is_open(lab: &Lab, progress: &Progress) -> bool {
    progress.first_to_do(lab).is_some() || is_edited(lab, progress)
}

/// Whether the lab was judged, or a function of its stub is written.
fn is_begun(lab: &Lab, progress: &Progress) -> bool {
    let was_judged =
        lab.steps().iter().any(|step| !progress.step(lab, &step.name).results.is_empty());
    was_judged || lab.unwritten() < lab.manifest.functions()
}

fn last_change(lab: &Lab) -> Option<SystemTime> {
    let files = files::rust_files(&lab.src());
    files.iter().filter_map(|path| fs::metadata(path).ok()?.modified().ok()).max()
}
