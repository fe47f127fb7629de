//! A client that gets a URL from a scripted server.

use super::site::text;
use std::fs;
use testkit::{Peer, Process, ScriptedServer, Subject, TempDir};

/// The name of a saved file. It has an extension, which must stay.
pub const FILE: &str = "FILE.txt";

/// The lines up to the empty one, which the client sends next.
pub fn head_lines(peer: &mut Peer) -> Vec<String> {
    let mut lines = Vec::new();
    loop {
        let line = peer.line();
        if line == "\r" || line.is_empty() {
            return lines;
        }
        lines.push(line.trim_end_matches('\r').to_owned());
    }
}

/// `lab10 get` in a folder of its own.
pub struct Fetch {
    pub host: ScriptedServer,
    pub folder: TempDir,
    pub client: Process,
}

impl Fetch {
    /// Gets `path` of a new scripted server, with further arguments.
    pub fn new(lab: &Subject, path: &str, args: &[&str]) -> Fetch {
        let host = lab.scripted_server("host");
        let url = format!("http://{}{path}", host.address());
        Fetch::from(lab, host, &url, args)
    }

    /// Gets `url` of `host`, with further arguments.
    pub fn from(lab: &Subject, host: ScriptedServer, url: &str, args: &[&str]) -> Fetch {
        let client = lab.run(["get", url].into_iter().chain(args.iter().copied()));
        Fetch { host, folder: lab.folder(), client }
    }

    /// Gets `/` and saves it as [`FILE`] in its folder, which may have a content already.
    pub fn saving(lab: &Subject, before: Option<&[u8]>) -> Fetch {
        let folder = lab.folder();
        if let Some(before) = before {
            fs::write(folder.path().join(FILE), before).expect("the folder is ours");
        }
        Fetch::saving_in(lab, folder)
    }

    /// The same where [`FILE`] is a folder, which no file can replace.
    pub fn saving_at_a_folder(lab: &Subject) -> Fetch {
        let folder = lab.folder();
        fs::create_dir(folder.path().join(FILE)).expect("the folder is ours");
        Fetch::saving_in(lab, folder)
    }

    fn saving_in(lab: &Subject, folder: TempDir) -> Fetch {
        let host = lab.scripted_server("host");
        let path = folder.path().join(FILE);
        let url = format!("http://{}/", host.address());
        let client = lab.run(["get", &url, "--out", &text(&path)]);
        Fetch { host, folder, client }
    }

    /// Accepts the client, and reads its request up to the empty line. Returns the lines.
    pub fn accept(&mut self) -> (Peer, Vec<String>) {
        let mut peer = self.host.accept();
        let lines = head_lines(&mut peer);
        (peer, lines)
    }

    /// Accepts the client, and sends `answer` without closing the connection.
    pub fn answer(&mut self, answer: &[u8]) -> Peer {
        let (mut peer, _) = self.accept();
        peer.send(answer);
        peer
    }

    /// The names in the folder, and the content of [`FILE`].
    pub fn saved(&self) -> (Vec<String>, Vec<u8>) {
        let entries = fs::read_dir(self.folder.path()).expect("the folder is ours").flatten();
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        (names.collect(), fs::read(self.folder.path().join(FILE)).unwrap_or_default())
    }
}
