//! A server under load: started with a free port, watched, and ended with all its processes.

use std::fs::File;
use std::io::{self, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use process_tree::descendants;
use process_tree::poll::poll_for;
use tempfile::NamedTempFile;
use terminal::{harmless, shorten};
use testkit::Resources;

/// How long a program may take to listen.
const START: Duration = Duration::from_secs(10);

/// A server that runs until this is dropped.
pub struct Server {
    child: Child,
    arguments: Vec<String>,
    /// What it prints. A file takes all of it, and needs no thread that reads.
    stdout: NamedTempFile,
    stderr: NamedTempFile,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Server {
    /// Starts `command serve --listen 127.0.0.1:0 ...`, or returns why it does not listen.
    pub fn start(command: &[String], more: &[String]) -> Result<Server, String> {
        let mut arguments = ["serve", "--listen", "127.0.0.1:0"].map(str::to_owned).to_vec();
        arguments.extend_from_slice(more);
        let mut server = Server::spawn(command, arguments)
            .map_err(|error| format!("cannot start: {}", common::net::reason(&error)))?;
        poll_for(START, || server.first_line().is_some() || server.has_ended());
        let line = server.first_line().unwrap_or_default();
        let address = line.strip_prefix("listening on ").and_then(|text| text.parse().ok());
        match address {
            Some(address) => {
                server.address = address;
                Ok(server)
            }
            None => Err(server.why_it_does_not_listen(&line)),
        }
    }

    fn spawn(command: &[String], arguments: Vec<String>) -> io::Result<Server> {
        let (program, first) = command.split_first().ok_or(io::ErrorKind::InvalidInput)?;
        let (stdout, stderr) = (NamedTempFile::new()?, NamedTempFile::new()?);
        let mut start = Command::new(program);
        start.args(first).args(&arguments).stdin(Stdio::null());
        // The last line on stderr shall be the message of a panic.
        start.env("RUST_BACKTRACE", "0");
        start.stdout(stdout.reopen()?).stderr(stderr.reopen()?);
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        Ok(Server { child: start.spawn()?, arguments, stdout, stderr, address })
    }

    fn first_line(&self) -> Option<String> {
        let text = beginning_of(&self.stdout);
        text.split_once('\n').map(|(line, _)| line.trim_end().to_owned())
    }

    fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    fn why_it_does_not_listen(&mut self, line: &str) -> String {
        if let Some(end) = self.end() {
            return end;
        }
        match line {
            "" => format!("printed no `listening on ADDR` within {} s", START.as_secs()),
            line => format!("printed `{}`, not `listening on ADDR`", shown(line)),
        }
    }

    /// How it ended, if it has, with its last line on stderr.
    pub fn end(&mut self) -> Option<String> {
        let status = self.child.try_wait().ok()??;
        let said = beginning_of(&self.stderr);
        let last = said.lines().rev().find(|line| !line.trim().is_empty() && !is_note(line));
        let last = last.map(|line| format!(": {}", shown(line))).unwrap_or_default();
        Some(format!("ended ({status}){last}"))
    }

    /// What the program uses now. `None` where there is no `/proc`.
    pub fn resources(&self) -> Option<Resources> {
        Resources::of(descendants::program(self.child.id(), &self.arguments))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        process_tree::kill_tree(self.child.id());
        // It fails only if the program has ended, and was waited for.
        let _ = self.child.wait();
    }
}

/// The first 64 KiB of `file`.
fn beginning_of(file: &NamedTempFile) -> String {
    const MOST: u64 = 65_536;
    let mut bytes = Vec::new();
    // The program writes through a handle and a position of its own. The file is ours, so that an
    // error can only mean that the disk fails, and then there is nothing to show.
    let _ = File::open(file.path()).and_then(|file| file.take(MOST).read_to_end(&mut bytes));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The standard library's line after a panic.
fn is_note(line: &str) -> bool {
    line.starts_with("note: ")
}

fn shown(line: &str) -> String {
    shorten(&harmless(line))
}
