//! A folder with a small site, and files outside that no client may see.

use std::fs;
use std::path::{Path, PathBuf};
use testkit::{Server, Subject, TempDir};

/// The content of all files that must never be sent.
pub const SECRET: &[u8] = b"the secret\n";

/// The content of `index.html`. It has a character of two bytes.
pub const INDEX: &[u8] = "<p>caf\u{e9}\n".as_bytes();

/// The content of `notes.txt`.
pub const NOTES: &[u8] = b"hello, world";

/// A folder for one test. The server serves `site` in it.
pub struct Site {
    folder: TempDir,
}

impl Site {
    /// Holds `index.html`, `notes.txt` and `docs/index.html`. Outside are `secret.txt` and
    /// `site-secrets/key.txt`.
    pub fn new(lab: &Subject) -> Site {
        let site = Site { folder: lab.folder() };
        site.add("index.html", INDEX).add("notes.txt", NOTES).add("docs/index.html", b"docs\n");
        site.add("../secret.txt", SECRET).add("../site-secrets/key.txt", SECRET);
        site
    }

    /// Adds a file, with its folders.
    pub fn add(&self, name: &str, bytes: &[u8]) -> &Site {
        let path = self.path(name);
        // `..` can be followed only if the folder before it exists.
        fs::create_dir_all(self.root()).expect("the folder is ours");
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("the folder is ours");
        fs::write(path, bytes).expect("the folder is ours");
        self
    }

    pub fn root(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    /// The arguments that serve the site.
    pub fn args(&self) -> [String; 2] {
        ["--root".to_owned(), text(&self.root())]
    }

    /// Serves the site.
    pub fn serve(&self, lab: &Subject, args: &[&str]) -> Server {
        let root = self.args();
        lab.serve(root.iter().map(String::as_str).chain(args.iter().copied()))
    }
}

/// A path for a command line.
pub fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// `count` bytes with all values among them.
pub fn bytes(count: usize) -> Vec<u8> {
    (0..count).map(|index| (index % 251) as u8 ^ (index / 4096) as u8).collect()
}
