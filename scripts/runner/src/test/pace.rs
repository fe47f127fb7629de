//! The slowest tests first: one that starts last, alone, is waited for by all others.
//!
//! How long each took is remembered from run to run, in `.lab/`.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use crate::files;
use crate::judge::{Job, Judged};
use crate::labs::Lab;
use crate::workspace::Workspace;

/// How many milliseconds each test took when it last ran.
type Times = BTreeMap<String, u64>;

/// Puts those jobs first that took longest last time, and those that nobody knows before them.
pub fn slowest_first(workspace: &Workspace, lab: &Lab, jobs: &mut [Job]) {
    let times = read(workspace, lab);
    let time = |job: &Job| times.get(&job.test).copied().unwrap_or(u64::MAX);
    jobs.sort_by_key(|job| std::cmp::Reverse(time(job)));
}

/// Remembers how long the tests took, for the next time.
pub fn remember(workspace: &Workspace, lab: &Lab, judged: &[Judged]) {
    let mut times = read(workspace, lab);
    times.extend(judged.iter().map(|test| (test.test.clone(), test.milliseconds)));
    let text = serde_json::to_vec(&times).expect("a map with text as keys is JSON");
    // Without it, the next run is a little slower: not worth a word.
    let _ = files::write_whole(&memory(workspace, lab), &text);
}

fn read(workspace: &Workspace, lab: &Lab) -> Times {
    let text = fs::read(memory(workspace, lab)).ok();
    text.and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
}

fn memory(workspace: &Workspace, lab: &Lab) -> PathBuf {
    workspace.memory().join(format!("times-{}.json", lab.number))
}
