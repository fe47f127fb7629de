//! Sources that changed and have old times.
//!
//! Cargo decides by the times of files what to build. Files from an archive, or in a copied tree, may
//! be new and have an old time. Cargo would then run an old runner, or an old suite. So this module
//! compares contents, and lets cargo build a changed package again.
//!
//! ```text
//! common, scripts/lab, scripts/watch, labs/NN/tests
//!     ──▶ fingerprints ── compared with ──▶ target/debug/.lab-sources
//! ```
//!
//! A file whose content changed has another change time, too, which no program can set. So contents are
//! read only if a length or a time differs from those recorded.
//!
//! A student's program is not among them. It is built from its content at each verdict
//! ([`super::program`]).

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::course::labs::{self, Lab};
use crate::files;
use crate::workspace::Workspace;

/// The packages that the runner is built from.
const OF_RUNNER: [&str; 5] = ["lab", "manifest", "process-tree", "report", "terminal"];

/// The folders of the packages that students run or link, besides the labs.
const SHARED: [&str; 2] = ["common", "scripts"];

/// What was found the last time.
#[derive(Deserialize, Serialize)]
struct Record {
    /// A fingerprint of the lengths and times of all sources.
    times: String,
    /// The fingerprint of each package's sources, by the package's name.
    contents: BTreeMap<String, String>,
}

/// Makes cargo, which builds in `target`, build each package again whose sources changed and have old
/// times. Returns whether this runner is built from one of them.
pub fn refresh(workspace: &Workspace, target: &Path) -> io::Result<bool> {
    let path = target.join("debug").join(".lab-sources");
    let fingerprints = path.with_file_name(".fingerprint");
    let before = Record::read(&path);
    let times = times(workspace);
    let is_same = before.as_ref().is_some_and(|(before, _)| before.times == times);
    if is_same || !fingerprints.is_dir() {
        return Ok(false);
    }
    let packages = packages(workspace);
    let content = |(name, sources): &(String, Vec<PathBuf>)| (name.clone(), fingerprint(sources));
    let now = Record { times, contents: packages.iter().map(content).collect() };
    let stale = before.map(|(before, written)| stale(&packages, &before, written, &now));
    let stale = stale.unwrap_or_default();
    stale.iter().try_for_each(|name| forget(&fingerprints, name))?;
    files::write_whole(&path, &serde_json::to_vec(&now)?)?;
    Ok(stale.iter().any(|name| OF_RUNNER.contains(name)))
}

impl Record {
    /// What was recorded, and when.
    fn read(path: &Path) -> Option<(Record, SystemTime)> {
        let written = fs::metadata(path).and_then(|metadata| metadata.modified()).ok()?;
        Some((serde_json::from_slice(&fs::read(path).ok()?).ok()?, written))
    }
}

/// The names of the packages that changed since `before` was written, and have no newer file. Cargo
/// notices newer files itself.
fn stale<'package>(
    packages: &'package [(String, Vec<PathBuf>)],
    before: &Record,
    written: SystemTime,
    now: &Record,
) -> Vec<&'package str> {
    let is_stale = |(name, sources): &&(String, Vec<PathBuf>)| {
        let is_changed =
            before.contents.get(name).is_some_and(|content| *content != now.contents[name]);
        is_changed && newest(sources) <= written
    };
    packages.iter().filter(is_stale).map(|(name, _)| name.as_str()).collect()
}

/// The folders of all packages, and of the suites.
fn folders(workspace: &Workspace) -> Vec<PathBuf> {
    let labs = fs::read_dir(workspace.labs()).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = labs.map(|lab| lab.path().join("tests")).collect();
    folders.extend(SHARED.map(|folder| workspace.root.join(folder)));
    folders.sort();
    folders
}

/// A fingerprint of the lengths and times of all sources.
fn times(workspace: &Workspace) -> String {
    let stamp = |path: PathBuf| files::stamp(&path);
    let stamps: Vec<String> = files::files_at(&folders(workspace)).map(stamp).collect();
    files::text_fingerprint(&stamps)
}

/// The packages with their sources: those that labs share, the runner, and the suites.
fn packages(workspace: &Workspace) -> Vec<(String, Vec<PathBuf>)> {
    let shared = SHARED.map(|folder| workspace.root.join(folder));
    let manifests = shared.iter().flat_map(|folder| files::files_under(folder));
    let manifests = manifests.filter(|path| path.file_name() == Some(OsStr::new("Cargo.toml")));
    let package = |manifest: PathBuf| {
        let table: toml::Table = fs::read_to_string(&manifest).ok()?.parse().ok()?;
        let name = table.get("package")?.get("name")?.as_str()?.to_owned();
        let inside = |part: &str| manifest.with_file_name(part);
        Some((name, ["Cargo.toml", "build.rs", "src", "tests"].map(inside).into()))
    };
    let suite = |lab: &Lab| (lab.package(), vec![lab.path.join("tests")]);
    let suites = labs::all(workspace).unwrap_or_default();
    manifests.filter_map(package).chain(suites.iter().map(suite)).collect()
}

/// A fingerprint of contents and names. It is the same in a copy of the folder.
fn fingerprint(sources: &[PathBuf]) -> String {
    let content = |source: &PathBuf| {
        let folder = source.parent().unwrap_or(source);
        let files = files::files_at(std::slice::from_ref(source));
        let text = |path: PathBuf| {
            let content = fs::read(&path).unwrap_or_default();
            [files::relative(&path, folder), String::from_utf8_lossy(&content).into_owned()]
        };
        files.flat_map(text).collect::<Vec<String>>()
    };
    files::text_fingerprint(&sources.iter().flat_map(content).collect::<Vec<String>>())
}

/// The time of the newest file.
fn newest(sources: &[PathBuf]) -> SystemTime {
    let modified = |path: PathBuf| fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    files::files_at(sources).filter_map(modified).max().unwrap_or(SystemTime::UNIX_EPOCH)
}

/// Removes what cargo knows of its builds of `package`, so that it builds the package again.
fn forget(fingerprints: &Path, package: &str) -> io::Result<()> {
    let is_of_package = |name: &str| {
        let hash = name.strip_prefix(package).and_then(|rest| rest.strip_prefix('-'));
        hash.is_some_and(|hash| hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    for entry in fs::read_dir(fingerprints)?.flatten() {
        if is_of_package(&entry.file_name().to_string_lossy()) {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}
