//! The workspace's folders and files that several commands use.

use std::env;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// A Cargo workspace with labs.
#[derive(Clone, Debug)]
pub struct Workspace {
    /// The folder that holds its `Cargo.toml`.
    pub root: PathBuf,
}

impl Workspace {
    /// The workspace around the current directory, or else the one that built this program.
    pub fn find() -> Result<Workspace, Error> {
        let here = env::current_dir()
            .map_err(|error| Error::failed("cannot find the current directory", error))?;
        let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        here.ancestors()
            .chain([home.as_path()])
            .find(|folder| is_root(folder))
            .map(|root| Workspace { root: root.canonicalize().unwrap_or(root.to_owned()) })
            .ok_or_else(|| {
                Error::failed(
                    "cannot find the labs",
                    "neither this folder nor one above it has a `labs`",
                )
                .advice("Go to the folder that you cloned, and try again.")
            })
    }

    /// The folder of all labs.
    pub fn labs(&self) -> PathBuf {
        self.root.join("labs")
    }

    /// What every lab is built from, besides its own folder.
    pub fn shared(&self) -> Vec<PathBuf> {
        ["common", "Cargo.toml", "Cargo.lock", ".cargo"].map(|name| self.root.join(name)).into()
    }

    /// Where cargo builds. The checkout may be read-only, and this folder elsewhere.
    pub fn target_dir(&self) -> PathBuf {
        let chosen = env::var_os("CARGO_TARGET_DIR").filter(|folder| !folder.is_empty());
        self.root.join(chosen.unwrap_or_else(|| "target".into()))
    }

    /// Progress and caches. The user may delete this folder at any time.
    pub fn state_dir(&self) -> PathBuf {
        self.root.join(".lab")
    }
}

fn is_root(folder: &Path) -> bool {
    folder.join("Cargo.toml").is_file() && folder.join("labs").is_dir()
}
