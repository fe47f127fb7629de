//! Clients that fetch, and servers that answer them as they should.

use super::shelf::{content, names_in, sum, text};
use testkit::{Peer, Process, ScriptedServer, Subject, TempDir};

/// A client that fetches `name` from `host` into a folder of its own.
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

    /// Fails unless the folder holds just these.
    pub fn expect_names(&self, names: &[&str], id: &str, think: &str) {
        let found = names_in(self.folder.path());
        let sentence = format!("The client left {found:?} in its folder where {names:?} was due.");
        self.client.check(found == names, &sentence, id, think);
    }
}

pub fn run_get(lab: &Subject, address: &str, name: &str, folder: &TempDir) -> Process {
    lab.run(["get", "--connect", address, name, "--out", &text(folder.path())])
}

/// A server that has `bytes` under `name`, and says so.
pub fn send_file(peer: &mut Peer, name: &str, bytes: &[u8]) {
    peer.expect(format!("{name}\n").as_bytes());
    peer.send(&[format!("{}\n", bytes.len()).as_bytes(), bytes].concat());
}

pub fn send_sum(peer: &mut Peer, name: &str, bytes: &[u8]) {
    peer.says("sum-request-after-last-byte", "In `get`, send `/sum` after the last byte of the file. Read the size line and the file from one buffer, `client.input`.");
    peer.expect(format!("/sum {name}\n").as_bytes()).send(format!("{}\n", sum(bytes)).as_bytes());
}

/// How many bytes the two have in common from their beginning.
pub fn same(one: &[u8], other: &[u8]) -> usize {
    one.iter().zip(other).take_while(|(one, other)| one == other).count()
}
