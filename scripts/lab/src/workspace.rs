//! Where everything lies: the root of the workspace, and the paths in it that commands share.

use std::env;
use std::path::{Path, PathBuf};

use crate::trouble::Trouble;

/// The workspace, by the folder that holds its `Cargo.toml`.
#[derive(Clone, Debug)]
pub struct Workspace {
    pub root: PathBuf,
}

impl Workspace {
    /// The workspace around the current directory, or else the one that built this runner.
    pub fn find() -> Result<Workspace, Trouble> {
        let here = env::current_dir()
            .map_err(|error| Trouble::failed("cannot tell the current directory", error))?;
        let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        here.ancestors()
            .chain([home.as_path()])
            .find(|folder| is_root(folder))
            .map(|root| Workspace { root: root.canonicalize().unwrap_or(root.to_owned()) })
            .ok_or_else(|| {
                Trouble::failed("cannot find the labs", "no folder up from here has a `labs` in it")
                    .advice("Go to the folder that you cloned, and try again.")
            })
    }

    pub fn labs(&self) -> PathBuf {
        self.root.join("labs")
    }

    /// What every lab is built with, besides its own folder.
    pub fn shared(&self) -> Vec<PathBuf> {
        ["common", "Cargo.toml", "Cargo.lock", ".cargo"].map(|name| self.root.join(name)).into()
    }

    /// What the runner remembers between two calls; may be deleted at any time.
    pub fn memory(&self) -> PathBuf {
        self.root.join(".lab")
    }
}

fn is_root(folder: &Path) -> bool {
    folder.join("Cargo.toml").is_file() && folder.join("labs").is_dir()
}
