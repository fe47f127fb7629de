//! The inputs of a program's build: its sources, and the settings of cargo and rustc.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::build::program::Program;
use crate::files;

/// Fingerprints of what a program is built from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Inputs {
    /// The files and variables that decide which calls of rustc cargo makes: manifests, settings,
    /// shared crates.
    pub steps: String,
    /// The program's own sources.
    sources: String,
}

/// The inputs of `program`; `None` if only cargo should build it. [`super::RustcCall::is_plain`]
/// checks the call itself for anything unusual.
pub fn of(program: &Program<'_>) -> Option<Inputs> {
    let root = &program.workspace.root;
    let configs = config_files(root);
    let manifest = fs::read_to_string(program.folder.join("Cargo.toml")).ok()?;
    let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_unusual = env::var_os("LAB_RUSTC_CACHE").is_some_and(|value| value == "off")
        // Another program, such as sccache, which ours would replace.
        || is_set("RUSTC_WRAPPER")
        || is_set("CARGO_BUILD_RUSTC_WRAPPER")
        || configs.iter().any(|path| is_unusual_config(path))
        || has_local_dependency(&manifest)
        || program.folder.join("build.rs").exists();
    if is_unusual {
        return None;
    }
    let mut shared = program.workspace.shared();
    shared.extend(configs);
    let texts = [files::content_fingerprint(&shared), manifest, settings()];
    Some(Inputs { steps: files::text_fingerprint(&texts), sources: sources(&program.folder) })
}

/// `src` by its content. Other files that a program includes may be large, and are compared by their
/// times.
fn sources(folder: &Path) -> String {
    let content = files::content_fingerprint(&[folder.join("src")]);
    content + &files::time_fingerprint(&[folder.to_owned()])
}

/// Cargo's settings for a workspace at `root`, if they exist
/// (<https://doc.rust-lang.org/cargo/reference/config.html#hierarchical-structure>).
fn config_files(root: &Path) -> Vec<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo")));
    let folders = root.ancestors().map(|folder| folder.join(".cargo")).chain(home);
    let names = folders.flat_map(|folder| ["config.toml", "config"].map(|name| folder.join(name)));
    names.filter(|path| path.is_file()).collect()
}

/// Whether the settings in `path` concern more than rustc's arguments: its wrapper, its environment.
fn is_unusual_config(path: &Path) -> bool {
    let text = fs::read_to_string(path).unwrap_or_default();
    let Ok(config) = text.parse::<toml::Table>() else { return true };
    let build = config.get("build").and_then(toml::Value::as_table);
    config.contains_key("env")
        || config.contains_key("include")
        || build.is_some_and(|build| build.contains_key("rustc-wrapper"))
}

/// Whether a package depends on a local package. We do not compare the sources of that package.
fn has_local_dependency(manifest: &str) -> bool {
    let Ok(manifest) = manifest.parse::<toml::Table>() else { return true };
    let dependencies = manifest.get("dependencies").and_then(toml::Value::as_table);
    let mut dependencies = dependencies.into_iter().flat_map(toml::Table::values);
    dependencies.any(|dependency| dependency.get("path").is_some())
}

/// The variables that change how cargo and rustc work.
fn settings() -> String {
    let steers = |name: &str| {
        let is_package = name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
        let is_other = ["RUST_BACKTRACE", "RUST_LOG", "RUST_RECURSION_COUNT"].contains(&name);
        !is_package && !is_other && (name.starts_with("CARGO_") || name.starts_with("RUST"))
    };
    let settings = env::vars_os().filter(|(name, _)| name.to_str().is_some_and(steers));
    let mut settings: Vec<String> =
        settings.map(|(name, value)| format!("{name:?}={value:?}")).collect();
    settings.sort();
    settings.join(" ")
}
