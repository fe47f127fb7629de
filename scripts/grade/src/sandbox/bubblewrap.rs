//! The command line of bubblewrap, bwrap(1).
//!
//! An ordinary user starts one bwrap, which makes a user namespace. For root, a first bwrap shows the
//! same files, of which some may be in folders that only root can open. Then setpriv(1) changes to an
//! ordinary user, who starts the second bwrap:
//!
//! ```text
//! user   bwrap FILES ── COMMAND
//! root   bwrap FILES ── setpriv --reuid=65534 ── bwrap the same FILES ── COMMAND
//! ```

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::confine::{self, LAUNCHER};
use super::limits::Limits;
use super::settings::{COPIES, NAMES, SETTINGS};

/// The user that a box runs as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum User {
    /// This user, who is not root.
    Own,
    /// `nobody`, because this user is root. RLIMIT_NPROC has no effect on root.
    Nobody,
}

/// The user and group id of `nobody`.
const NOBODY: u32 = 65534;

/// Makes `path` writable for the user of a box that root starts.
#[cfg(unix)]
pub fn give_to_nobody(path: &Path) -> io::Result<()> {
    std::os::unix::fs::chown(path, Some(NOBODY), Some(NOBODY))
}

/// Elsewhere there are no boxes.
#[cfg(not(unix))]
pub fn give_to_nobody(_path: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Files that every program needs.
const SYSTEM: [&str; 5] = ["/bin", "/sbin", "/lib", "/lib32", "/lib64"];

/// Memory that the programs of a box share by shm_open(3), in bytes.
const SHARED_MEMORY: u64 = 16_000_000;

/// What a box shows at one path.
#[derive(Clone, Debug)]
enum Shown {
    ReadOnly { from: PathBuf, to: PathBuf },
    Writable { from: PathBuf, to: PathBuf },
    Link { to: PathBuf, at: PathBuf },
    Empty { at: PathBuf, bytes: u64 },
}

/// Whether a box has its own network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Network {
    Own,
    Shared,
}

/// Whether a program in a box can make user namespaces. In each, it could mount folders in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum UserNamespaces {
    /// It makes boxes itself, or tests give it a network.
    Allowed,
    Disabled,
}

/// A box, as the files that it shows.
#[derive(Clone, Debug)]
pub struct Bubblewrap {
    shown: Vec<Shown>,
    network: Network,
    folder: PathBuf,
}

impl Bubblewrap {
    /// A box with the programs of this machine, without a network except loopback.
    pub fn new() -> Bubblewrap {
        let mut new = Bubblewrap::with_launcher(&confine::this_program(), Network::Own);
        for path in SETTINGS.map(Path::new).into_iter().filter(|path| path.exists()) {
            new = new.read_only(path, path);
        }
        new
    }

    /// A box in a box that shows copies of the settings at [`COPIES`]. It shares the network of the
    /// process that starts it, and the names, which a test may have replaced.
    pub fn sharing_network() -> Bubblewrap {
        let new = Bubblewrap::with_launcher(Path::new(LAUNCHER), Network::Shared);
        let new = new.read_only(COPIES, "/etc");
        if Path::new(NAMES).exists() { new.read_only(NAMES, NAMES) } else { new }
    }

    fn with_launcher(launcher: &Path, network: Network) -> Bubblewrap {
        let shown = vec![Shown::ReadOnly { from: "/usr".into(), to: "/usr".into() }];
        let mut new = Bubblewrap { shown, network, folder: "/".into() };
        new.shown.extend(SYSTEM.iter().filter_map(|path| system_folder(Path::new(path))));
        new.read_only(launcher, LAUNCHER)
    }

    /// Shows `from` as `to`, read-only.
    pub fn read_only(mut self, from: impl Into<PathBuf>, to: impl Into<PathBuf>) -> Bubblewrap {
        self.shown.push(Shown::ReadOnly { from: from.into(), to: to.into() });
        self
    }

    /// Shows `from` as `to`. What the box writes there stays.
    pub fn writable(mut self, from: impl Into<PathBuf>, to: impl Into<PathBuf>) -> Bubblewrap {
        self.shown.push(Shown::Writable { from: from.into(), to: to.into() });
        self
    }

    /// Shows an empty folder in memory, which holds up to `bytes`.
    pub fn empty(mut self, at: impl Into<PathBuf>, bytes: u64) -> Bubblewrap {
        self.shown.push(Shown::Empty { at: at.into(), bytes });
        self
    }

    /// Begins in `folder` of the box.
    pub fn in_folder(self, folder: impl Into<PathBuf>) -> Bubblewrap {
        Bubblewrap { folder: folder.into(), ..self }
    }

    /// The words before a command that runs in the box as `user`, and can make boxes in it.
    pub fn words(&self, user: User) -> Vec<OsString> {
        self.words_with(user, UserNamespaces::Allowed)
    }

    /// The words before a program that tests start, which runs in the box as `user` and within `limits`.
    /// Some tests start it by unshare(1), in a network or with names of their own.
    pub fn limited(&self, user: User, limits: Limits) -> Vec<OsString> {
        [self.words(user), confine::words(limits, &[])].concat()
    }

    /// The same for a command that makes no namespace, and writes to the folders of the box only.
    pub fn confined(&self, user: User, limits: Limits) -> Vec<OsString> {
        let words = self.words_with(user, UserNamespaces::Disabled);
        [words, confine::words(limits, &self.writable_places())].concat()
    }

    fn writable_places(&self) -> Vec<&Path> {
        let is_writable =
            |shown: &&Shown| matches!(shown, Shown::Writable { .. } | Shown::Empty { .. });
        let places = self.shown.iter().filter(is_writable).map(Shown::place);
        // Programs write to devices such as /dev/null, and /dev/shm is below.
        places.chain([Path::new("/dev")]).collect()
    }

    fn words_with(&self, user: User, namespaces: UserNamespaces) -> Vec<OsString> {
        match user {
            User::Own => self.stage(Stage::Outside, namespaces),
            User::Nobody => {
                let ids = [format!("--reuid={NOBODY}"), format!("--regid={NOBODY}")];
                let mut words = self.files_for_nobody();
                words.push("setpriv".into());
                words.extend(ids.map(OsString::from));
                words.extend(["--clear-groups", "--"].map(OsString::from));
                words.extend(self.stage(Stage::Inside, namespaces));
                words
            }
        }
    }

    /// The stage of root: it only shows files.
    fn files_for_nobody(&self) -> Vec<OsString> {
        let mut words: Vec<OsString> = [
            "bwrap",
            "--die-with-parent",
            "--dev-bind",
            "/dev",
            "/dev",
            "--bind",
            "/proc",
            "/proc",
        ]
        .map(OsString::from)
        .into();
        for shown in &self.shown {
            // bwrap would make the folders above it for root only.
            let above: Vec<&Path> = shown.place().ancestors().skip(1).collect();
            let folder =
                |path: &&Path| ["--perms".into(), "0755".into(), "--dir".into(), path.into()];
            words.extend(above.iter().rev().flat_map(folder));
            words.extend(shown.words(Stage::Outside));
        }
        words.push("--".into());
        words
    }

    /// The stage of an ordinary user.
    fn stage(&self, stage: Stage, namespaces: UserNamespaces) -> Vec<OsString> {
        let mut words: Vec<OsString> =
            ["bwrap", "--unshare-user", "--unshare-pid", "--unshare-ipc"]
                .map(OsString::from)
                .into();
        words.extend(["--unshare-uts", "--unshare-cgroup-try"].map(OsString::from));
        if namespaces == UserNamespaces::Disabled {
            words.push("--disable-userns".into());
        }
        if self.network == Network::Own {
            words.push("--unshare-net".into());
        }
        let more = ["--die-with-parent", "--new-session", "--dev", "/dev", "--proc", "/proc"];
        words.extend(more.map(OsString::from));
        words.extend(["--perms", "1777"].map(OsString::from));
        words.extend(Shown::Empty { at: "/dev/shm".into(), bytes: SHARED_MEMORY }.words(stage));
        words.extend(self.shown.iter().flat_map(|shown| shown.words(stage)));
        // bwrap makes both in memory, without a limit. Each place in them is made by now.
        words.extend(["--remount-ro", "/dev", "--remount-ro", "/"].map(OsString::from));
        words.extend(["--chdir".into(), self.folder.clone().into_os_string(), "--".into()]);
        words
    }
}

impl Default for Bubblewrap {
    fn default() -> Bubblewrap {
        Bubblewrap::new()
    }
}

/// Where the paths of a stage are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// On this machine.
    Outside,
    /// In a box that shows the same files.
    Inside,
}

impl Shown {
    /// Its path in the box.
    fn place(&self) -> &Path {
        match self {
            Shown::ReadOnly { to, .. } | Shown::Writable { to, .. } => to,
            Shown::Link { at, .. } | Shown::Empty { at, .. } => at,
        }
    }

    fn words(&self, stage: Stage) -> Vec<OsString> {
        let is_inside = stage == Stage::Inside;
        match self {
            Shown::ReadOnly { from, to } => {
                bind("--ro-bind", if is_inside { to } else { from }, to)
            }
            Shown::Writable { from, to } => bind("--bind", if is_inside { to } else { from }, to),
            Shown::Link { to, at } => bind("--symlink", to, at),
            Shown::Empty { at, bytes } => {
                vec!["--size".into(), bytes.to_string().into(), "--tmpfs".into(), at.into()]
            }
        }
    }
}

fn bind(option: &str, from: &Path, to: &Path) -> Vec<OsString> {
    vec![option.into(), from.into(), to.into()]
}

/// `/bin` is a link to `/usr/bin` on most machines, and a folder on others.
fn system_folder(path: &Path) -> Option<Shown> {
    match fs::read_link(path) {
        Ok(to) => Some(Shown::Link { to, at: path.to_owned() }),
        Err(_) => {
            let same = || path.to_owned();
            path.is_dir().then(|| Shown::ReadOnly { from: same(), to: same() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_gets_the_files_of_root_at_their_new_place() {
        let room = Bubblewrap::new().read_only("/root/toolchain", "/box/toolchain");
        let words = room.words(User::Nobody);
        let place = |word: &str| words.iter().position(|other| other == word);
        let (outside, user) = (place("/root/toolchain"), place("setpriv"));
        assert!(outside.is_some() && outside < user, "{words:?}");
        let inside = &words[user.expect("it changes the user")..];
        assert!(!inside.iter().any(|word| word == "/root/toolchain"), "{inside:?}");
        assert!(inside.iter().any(|word| word == "--unshare-net"), "{inside:?}");
    }
}
