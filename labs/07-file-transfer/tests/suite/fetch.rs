//! Clients that fetch a file, and the right answers to them.

use super::shelf::{content, names_in, sum, text};
use testkit::{Peer, Process, ScriptedServer, Subject, TempDir, show_all};

/// How a progress bar may show the size of a file of 300,000 bytes.
pub const SIZE_IN_A_BAR: [&str; 4] = ["292.97 KiB", "300.00 kB", "300000", "300,000"];

/// For a client that ends before it sends a request.
pub const NO_PART_IS_ZERO: (&str, &str) = (
    "no-part-is-zero",
    "In `already_there`, return 0 for the error `NotFound`. The first try has no `.part`.",
);

/// A client that fetches `name` from `host` into its own folder.
pub struct Fetch {
    pub client: Process,
    pub folder: TempDir,
}

impl Fetch {
    pub fn new(lab: &Subject, host: &ScriptedServer, name: &str) -> Fetch {
        let folder = lab.folder();
        let client = run_get(lab, &host.address(), name, &folder);
        Fetch { client, folder }
    }

    pub fn content(&self, name: &str) -> Vec<u8> {
        content(&self.folder.path().join(name))
    }

    /// Fails unless the folder holds exactly these names.
    pub fn expect_names(&self, names: &[&str], id: &str, think: &str) {
        let found = names_in(self.folder.path());
        let sentence = format!(
            "The client left {} in its folder; expected: {}.",
            show_all(&found),
            show_all(names)
        );
        self.client.check(found == names, &sentence, id, think);
    }
}

pub fn run_get(lab: &Subject, address: &str, name: &str, folder: &TempDir) -> Process {
    lab.run(["get", "--connect", address, name, "--out", &text(folder.path())])
}

/// Expects a request for `name`, and answers it with `bytes`.
pub fn send_file(peer: &mut Peer, name: &str, bytes: &[u8]) {
    peer.expect(format!("{name}\n").as_bytes());
    peer.send(&[format!("{}\n", bytes.len()).as_bytes(), bytes].concat());
}

pub fn send_sum(peer: &mut Peer, name: &str, bytes: &[u8]) {
    peer.says("sum-request-after-last-byte", "In `copy::receive`, stop at `count` without another read. In `get`, read the size line and the file from one buffer (`client.input`), then send `/sum`.")
        .says_if_closed("error-of-get", ERROR_OF_GET);
    peer.expect(format!("/sum {name}\n").as_bytes()).send(format!("{}\n", sum(bytes)).as_bytes());
}

/// The advice for a client that did not save a file, by its error.
pub fn advice_if_not_saved(error: &str) -> (&'static str, &'static str) {
    let error = error.to_lowercase();
    if error.contains("bad file descriptor") {
        return (
            "open-part-for-reading",
            "In `open_part`, open the `.part` for reading, too (`read(true)`). `compare_digests` reads the file that `get` has written.",
        );
    }
    if error.contains("closed the connection after") {
        return (
            "read-until-complete",
            "In `copy::receive`, read until `count` bytes have arrived. One read may return the size line with a part of the file.",
        );
    }
    if error.contains("differs from the server") {
        return (
            "sum-of-the-saved-bytes",
            "In `compare_digests`, compare with the digest of the whole `.part`, from its first byte. `Digest::of` has to rewind the file.",
        );
    }
    ("error-of-get", ERROR_OF_GET)
}

const ERROR_OF_GET: &str = "Look at the client's error. Find the function that returns it, in `get.rs`, `client.rs` or `copy.rs`.";

/// The length of the longest common prefix of the two.
pub fn same(one: &[u8], other: &[u8]) -> usize {
    one.iter().zip(other).take_while(|(one, other)| one == other).count()
}
