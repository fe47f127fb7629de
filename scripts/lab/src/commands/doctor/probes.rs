//! The doctor's probes. Each makes the call itself, because a permission or a version alone does
//! not prove that it works.

use std::env;
use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use process_tree::{OPEN_FILES, allow_open_files};
use serde::Serialize;
use terminal::thousands;

use crate::build::cargo;
use crate::course::labs::Lab;
use crate::files;
use crate::git;
use crate::workspace::Workspace;

/// What one probe found.
#[derive(Debug, Serialize)]
pub struct Finding {
    pub need: Need,
    pub name: &'static str,
    pub ok: bool,
    /// What the probe found, or what it missed.
    pub found: String,
    /// What to do when it is not ok.
    pub advice: Option<String>,
}

/// What it is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Need {
    Required,
    /// Some tests are skipped, or check less, without it.
    Useful,
    /// For trying servers and clients by hand.
    ByHand,
    /// For instructors, who run untrusted programs.
    Grading,
}

/// What a probe found, or else what it missed.
type Probe = Result<String, String>;

impl Need {
    fn finding(self, name: &'static str, found: Probe, advice: &str) -> Finding {
        let ok = found.is_ok();
        let advice = (!ok).then(|| advice.to_owned());
        Finding { need: self, name, ok, found: found.unwrap_or_else(|missing| missing), advice }
    }
}

/// Compiler, formatter, linter, git.
pub fn toolchain(root: &Path) -> Vec<Finding> {
    let update = "rustup update stable (or https://rustup.rs, when there is no rustup)";
    let cargo = |words: &[&str]| version(cargo::command(root).args(words));
    let (clippy, rustfmt) = ("rustup component add clippy", "rustup component add rustfmt");
    let git = "install git: `cargo lab reset` finds the stubs in its history";
    let fetch = "cargo fetch --locked (while you are online; then every lab builds offline)";
    vec![
        Need::Required.finding("rustc", compiler(root), update),
        Need::Required.finding("cargo", cargo(&[]), update),
        Need::Required.finding("crates", crates(root), fetch),
        Need::Useful.finding("clippy", cargo(&["clippy"]), clippy),
        Need::Useful.finding("rustfmt", cargo(&["fmt"]), rustfmt),
        Need::Useful.finding("git", version(&mut git::command(root)), git),
    ]
}

fn compiler(root: &Path) -> Probe {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let found = version(Command::new(rustc).current_dir(root))?;
    let least = env!("CARGO_PKG_RUST_VERSION");
    let number = found.split_whitespace().nth(1).unwrap_or_default();
    if numbers(number) < numbers(least) {
        return Err(format!("{found} is older than {least}"));
    }
    Ok(format!("{found}, at least {least} is needed"))
}

/// Whether all crates that a lab needs on this machine are here.
fn crates(root: &Path) -> Probe {
    let words = ["fetch", "--offline", "--locked", "--target", "host-tuple"];
    let output = cargo::command(root).args(words).output().map_err(why_not_started)?;
    if output.status.success() {
        return Ok("all are here, so every lab builds offline".to_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let first = said.lines().find_map(|line| line.strip_prefix("error: "));
    Err(first.unwrap_or("cargo fetch fails").to_owned())
}

/// `1.95.0-nightly` as `[1, 95, 0]`.
fn numbers(version: &str) -> Vec<u32> {
    version.split(['.', '-']).map_while(|part| part.parse().ok()).collect()
}

/// The first line that `command --version` prints.
fn version(command: &mut Command) -> Probe {
    let output = command.arg("--version").stdin(Stdio::null()).output().map_err(why_not_started)?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().next().filter(|_| output.status.success());
    line.map(str::to_owned).ok_or_else(|| "missing".to_owned())
}

fn why_not_started(error: io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "missing".to_owned(),
        _ => format!("cannot be started: {error}"),
    }
}

/// Loopback addresses and ports, and how many a process can have.
pub fn network(labs: &[Lab]) -> Vec<Finding> {
    let up = "bring the loopback interface up: ip link set lo up";
    let ipv6 = "tests that need IPv6 are skipped: sysctl net.ipv6.conf.lo.disable_ipv6=0";
    let limit = "raise the hard limit (`ulimit -Hn` shows it), or the container's limit";
    let free = "another program holds nearly all ports";
    let end = "end the server that holds it (perhaps yours, in another window), or use --listen";
    vec![
        Need::Required.finding("loopback IPv4", listen(Ipv4Addr::LOCALHOST.into()), up),
        Need::Required.finding("open files", open_files(), limit),
        Need::Required.finding("free ports", free_ports(), free),
        Need::Useful.finding("loopback IPv6", listen(Ipv6Addr::LOCALHOST.into()), ipv6),
        Need::ByHand.finding("the labs' ports", default_ports(labs), end),
    ]
}

fn listen(address: IpAddr) -> Probe {
    let listener = TcpListener::bind((address, 0));
    listener.map_err(|error| format!("cannot listen on {address}: {error}"))?;
    Ok(format!("{address} can be listened on"))
}

/// Raises the limit of this process, as the tests do.
fn open_files() -> Probe {
    let needed = thousands(usize::try_from(OPEN_FILES).unwrap_or(usize::MAX));
    match allow_open_files(OPEN_FILES) {
        true => Ok(format!("{needed} at the same time")),
        false => Err(format!("fewer than {needed} at the same time are allowed")),
    }
}

/// More than the servers and clients of any test.
const LISTENERS: usize = 200;

fn free_ports() -> Probe {
    let listeners = (0..LISTENERS).map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)));
    match listeners.collect::<Result<Vec<_>, _>>() {
        Ok(listeners) => Ok(format!("{} are free", listeners.len())),
        Err(error) => Err(format!("fewer than {LISTENERS} are free: {error}")),
    }
}

/// The default port of lab 01 is 7001, and so on.
fn default_ports(labs: &[Lab]) -> Probe {
    let ports = labs.iter().filter_map(|lab| Some(7000 + lab.number.parse::<u16>().ok()?));
    let taken = ports.filter(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_err());
    let taken: Vec<String> = taken.map(|port| port.to_string()).collect();
    if taken.is_empty() {
        Ok("all free".into())
    } else {
        Err(format!("taken: {}", taken.join(", ")))
    }
}

/// What the kernel shows, and where we may write.
pub fn system(workspace: &Workspace) -> Vec<Finding> {
    let sockets = fs::read_to_string("/proc/net/tcp")
        .map(|_| "shows what a server has read, and its threads".to_owned())
        .map_err(|error| format!("/proc/net/tcp: {error}"));
    let (target, state) = (workspace.target_dir(), workspace.state_dir());
    let allow = "make this folder writable, or name another one in CARGO_TARGET_DIR";
    let kept = "verdicts come, but no progress is kept; make this folder writable";
    let elsewhere = "only Linux has it; on other systems, tests pause instead and count no threads";
    vec![
        Need::Required.finding("builds", is_writable(&target), allow),
        Need::Useful.finding("progress", is_writable(&state), kept),
        Need::Useful.finding("/proc", sockets, elsewhere),
    ]
}

fn is_writable(folder: &Path) -> Probe {
    let probe = folder.join("doctor");
    let written = files::write_whole(&probe, b"").and_then(|()| fs::remove_file(&probe));
    written.map_err(|error| format!("cannot write to {}: {error}", folder.display()))?;
    Ok(format!("{} can be written to", folder.display()))
}

/// Programs by other authors that can talk to the labs' programs.
pub fn peers() -> Vec<Finding> {
    let on_path = |name| {
        let found = find_program(name).map(|path| path.display().to_string());
        let advice = format!("optional: install {name} with your system's package manager");
        Need::ByHand.finding(name, found.ok_or_else(|| "missing".to_owned()), &advice)
    };
    ["nc", "python3", "openssl", "curl"].map(on_path).into()
}

fn find_program(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(&file))
        .find(|path| path.is_file())
}

/// The sandboxes for untrusted programs.
pub fn sandbox() -> Vec<Finding> {
    let bwrap = works("bwrap", &["--unshare-all", "--ro-bind", "/", "/", "true"]);
    let unshare = works("unshare", &["--user", "--map-root-user", "--net", "true"]);
    vec![
        Need::Grading.finding("bwrap", bwrap, "install bubblewrap, and allow user namespaces"),
        Need::Grading.finding("unshare", unshare, "install util-linux, and allow user namespaces"),
    ]
}

fn works(name: &str, words: &[&str]) -> Probe {
    let output = Command::new(name).args(words).stdin(Stdio::null()).output();
    let output = output.map_err(why_not_started)?;
    if output.status.success() {
        return Ok("works".to_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("is there, but fails: {}", said.lines().next().unwrap_or("without a message")))
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(numbers("1.95.0") >= numbers("1.95"));
        assert!(numbers("1.100.0-nightly") > numbers("1.95"));
        assert!(numbers("1.94.1") < numbers("1.95"));
    }
}
