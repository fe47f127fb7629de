//! A shared folder with files in it, and files outside that no client may see.

use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use testkit::{Peer, Server, Subject, TempDir};

/// The content of the files beside the shared folder. It must never be sent.
pub const SECRET: &[u8] = b"the secret\n";

/// The answer to every name that is not served.
pub const NO_SUCH_FILE: &[u8] = b"ERROR no such file\n";

/// Stands for the names in a folder that cannot be read.
const UNREADABLE: &str = "(a folder that cannot be read)";

/// A folder for one test. The server shares `shared` in it.
pub struct Shelf {
    folder: TempDir,
}

impl Shelf {
    /// Holds `notes.txt` and `docs/plan.txt`. Outside are `secret.txt` and
    /// `shared-secrets/key.txt`.
    pub fn new(lab: &Subject) -> Shelf {
        let shelf = Shelf { folder: lab.folder() };
        shelf.add("notes.txt", b"hello, world").add("docs/plan.txt", b"first the plan");
        shelf.add("../secret.txt", SECRET).add("../shared-secrets/key.txt", SECRET);
        shelf
    }

    /// An empty shared folder.
    pub fn empty(lab: &Subject) -> Shelf {
        let shelf = Shelf { folder: lab.folder() };
        fs::create_dir(shelf.root()).expect("the folder is ours");
        shelf
    }

    /// Adds a file, with its folders.
    pub fn add(&self, name: &str, bytes: &[u8]) -> &Shelf {
        let path = self.path(name);
        // `..` can be followed only if the folder before it exists.
        fs::create_dir_all(self.root()).expect("the folder is ours");
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("the folder is ours");
        fs::write(path, bytes).expect("the folder is ours");
        self
    }

    /// Adds a file of `size` zeros, which takes no space on the disk.
    pub fn add_sparse(&self, name: &str, size: u64) -> &Shelf {
        let file = fs::File::create(self.path(name)).expect("the folder is ours");
        file.set_len(size).expect("a file can be long");
        self
    }

    pub fn root(&self) -> PathBuf {
        self.folder.path().join("shared")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    /// Serves the shared folder.
    pub fn serve(&self, lab: &Subject, args: &[&str]) -> Server {
        let root = text(&self.root());
        lab.serve(["--root", &root].into_iter().chain(args.iter().copied()))
    }

    /// Names and contents of all files in and beside the shared folder, to compare before and after.
    pub fn everything(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        collect(self.folder.path(), &mut found);
        found.sort();
        found
    }

    /// The names in the shared folder itself, sorted.
    pub fn names(&self) -> Vec<String> {
        names_in(&self.root())
    }
}

/// The names in `folder`, sorted. The program may have removed the folder, or the right to read it.
pub fn names_in(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return vec![UNREADABLE.to_owned()] };
    let entries = entries.flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn collect(folder: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return found.push((folder.join(UNREADABLE), Vec::new()));
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        found.push((path.clone(), if is_file { content(&path) } else { Vec::new() }));
        if is_folder {
            collect(&path, found);
        }
    }
}

/// A path for a command line.
pub fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// The bytes of a file. Empty if there is no such file.
pub fn content(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_default()
}

/// `count` bytes with all values among them. Their period is not that of a buffer or a page.
pub fn bytes(count: usize) -> Vec<u8> {
    const BLOCK: usize = 4096;
    let pattern: Vec<u8> = (0..BLOCK + 256).map(|index| (index % 257) as u8).collect();
    let blocks =
        (0..count.div_ceil(BLOCK)).flat_map(|block| pattern[block % 256..].chunks(BLOCK).take(1));
    let mut bytes = blocks.collect::<Vec<_>>().concat();
    bytes.truncate(count);
    bytes
}

/// The SHA-256 of `bytes` in hex.
pub fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The line of `/put` with the size and sum of `bytes`.
pub fn put(name: &str, bytes: &[u8]) -> Vec<u8> {
    format!("/put {} {} {name}\n", bytes.len(), sum(bytes)).into_bytes()
}

/// Requests `name`, and expects the size line and `bytes`.
pub fn expect_file(peer: &mut Peer, name: &str, bytes: &[u8]) {
    peer.send(format!("{name}\n").as_bytes());
    peer.expect(format!("{}\n", bytes.len()).as_bytes()).expect(bytes);
}
