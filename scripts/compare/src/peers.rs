//! `--peers`: what a user would take instead of a model answer. They are in `scripts/peers`, a
//! workspace of its own, so that no lab depends on their crates.

use lab::build::cargo::{self, Reporting};
use lab::course::labs::Lab;
use lab::error::Error;
use lab::workspace::Workspace;

use crate::candidate::{Candidate, Origin};

/// How a peer is started.
enum Start {
    /// A script in `scripts/peers/python`.
    Python(&'static str),
    /// A program of the package in `scripts/peers`.
    Rust(&'static str),
}

/// The peers of all labs: the lab's number, a name, and the start.
const PEERS: [(&str, &str, Start); 12] = [
    ("01", "python", Start::Python("echo.py")),
    ("02", "python", Start::Python("lines.py")),
    ("02", "tokio", Start::Rust("tokio-lines")),
    ("03", "python", Start::Python("datagrams.py")),
    ("05", "openssl", Start::Python("openssl_rev.py")),
    ("06", "python", Start::Python("room.py")),
    ("07", "sendfile", Start::Rust("sendfile")),
    ("09", "selectors", Start::Python("selectors_lines.py")),
    ("09", "tokio", Start::Rust("tokio-one-thread")),
    ("10", "nginx", Start::Python("nginx.py")),
    ("10", "python", Start::Python("http_server.py")),
    ("11", "dnsmasq", Start::Python("dnsmasq.py")),
];

/// The peers of `lab`, built if necessary.
pub fn of(workspace: &Workspace, lab: &Lab) -> Result<Vec<Candidate>, Error> {
    let of_lab = PEERS.iter().filter(|(number, ..)| *number == lab.number);
    of_lab.map(|(_, name, start)| peer(workspace, name, start)).collect()
}

fn peer(workspace: &Workspace, name: &str, start: &Start) -> Result<Candidate, Error> {
    let command = match start {
        Start::Python(script) => {
            let script = workspace.root.join("scripts/peers/python").join(script);
            vec!["python3".to_owned(), "-u".to_owned(), script.to_string_lossy().into_owned()]
        }
        Start::Rust(program) => vec![build(workspace, program)?],
    };
    Ok(Candidate { name: name.to_owned(), command, src: None, origin: Origin::Peer })
}

fn build(workspace: &Workspace, program: &str) -> Result<String, Error> {
    let mut command = cargo::command(&workspace.root.join("scripts/peers"));
    command.args(["build", "--release", "--bin", program, "--target-dir"]);
    command.arg(workspace.target_dir().join("peers"));
    let built = cargo::compile(command, Reporting::SHOWN)?;
    if !built.compiled {
        return Err(Error::failed(format!("the peer {program} does not compile"), built.errors()));
    }
    Ok(built.executable(program)?.to_string_lossy().into_owned())
}
