//! The doctor's probes. Each does the thing itself rather than asking whether it would work.

use std::env;
use std::fs;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::finding::Finding;
use super::finding::Need::{ByHand, Grading, Required, Useful};
use crate::build::cargo;
use crate::commands::machine;
use crate::course::labs::Lab;
use crate::files;
use crate::git;
use crate::workspace::Workspace;

/// Compiler, formatter, linter, git.
pub fn toolchain(root: &Path) -> Vec<Finding> {
    let update = "rustup update stable (or https://rustup.rs, when there is no rustup)";
    let git_advice = "install git: `cargo lab reset` finds the stubs in its history";
    let cargo = |words: &[&str]| {
        let mut command = cargo::command(root);
        command.args(words);
        version(command)
    };
    vec![
        Required.finding("rustc", compiler(root), update),
        Required.finding("cargo", cargo(&["--version"]), update),
        Useful.finding("clippy", cargo(&["clippy", "--version"]), "rustup component add clippy"),
        Useful.finding("rustfmt", cargo(&["fmt", "--version"]), "rustup component add rustfmt"),
        Useful.finding("git", version_of(git::command(root)), git_advice),
    ]
}

fn compiler(root: &Path) -> Result<String, String> {
    let mut command = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    command.current_dir(root);
    let found = version_of(command)?;
    let least = env!("CARGO_PKG_RUST_VERSION");
    let number = found.split_whitespace().nth(1).unwrap_or_default();
    if numbers(number) < numbers(least) {
        return Err(format!("{found} is older than {least}"));
    }
    Ok(format!("{found}, at least {least} is needed"))
}

/// `1.95.0-nightly` as `[1, 95, 0]`.
fn numbers(version: &str) -> Vec<u32> {
    version.split(['.', '-']).map_while(|part| part.parse().ok()).collect()
}

fn version_of(mut command: Command) -> Result<String, String> {
    command.arg("--version");
    version(command)
}

/// The first line that `command` prints.
fn version(mut command: Command) -> Result<String, String> {
    let output = command.stdin(Stdio::null()).output().map_err(why_not_started)?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    match text.lines().next() {
        Some(line) if output.status.success() => Ok(line.to_owned()),
        _ => Err("missing".to_owned()),
    }
}

fn why_not_started(error: io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "missing".to_owned(),
        _ => format!("cannot be started: {error}"),
    }
}

/// More than the servers and clients of any test.
const LISTENERS: usize = 200;

/// Loopback addresses and ports.
pub fn network(labs: &[Lab]) -> Vec<Finding> {
    let loopback = "bring the loopback interface up: ip link set lo up";
    let few_ports = "something holds nearly all ports, or `ulimit -n` is very low";
    let no_ipv6 = "tests that need IPv6 are skipped: sysctl net.ipv6.conf.lo.disable_ipv6=0";
    let taken = "end the server that holds it (perhaps yours, in another window), or use --listen";
    vec![
        Required.finding("loopback IPv4", listen(Ipv4Addr::LOCALHOST.into()), loopback),
        Required.finding("free ports", free_ports(), few_ports),
        Useful.finding("loopback IPv6", listen(Ipv6Addr::LOCALHOST.into()), no_ipv6),
        ByHand.finding("the labs' ports", default_ports(labs), taken),
    ]
}

fn listen(address: std::net::IpAddr) -> Result<String, String> {
    match machine::can_listen(address) {
        true => Ok(format!("{address} can be listened on")),
        false => Err(format!("cannot listen on {address}")),
    }
}

fn free_ports() -> Result<String, String> {
    let listeners = (0..LISTENERS).map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)));
    match listeners.collect::<Result<Vec<_>, _>>() {
        Ok(listeners) => Ok(format!("{} are free", listeners.len())),
        Err(error) => Err(format!("fewer than {LISTENERS} are free: {error}")),
    }
}

/// The default port of lab 01 is 7001, and so on.
fn default_ports(labs: &[Lab]) -> Result<String, String> {
    let ports = labs.iter().filter_map(|lab| Some(7000 + lab.number.parse::<u16>().ok()?));
    let taken = ports.filter(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_err());
    let taken: Vec<String> = taken.map(|port| port.to_string()).collect();
    if taken.is_empty() {
        Ok("all free".to_owned())
    } else {
        Err(format!("taken: {}", taken.join(", ")))
    }
}

/// What the kernel shows, and where we may write.
pub fn system(workspace: &Workspace) -> Vec<Finding> {
    let read_only = "let this folder be writable: progress and test programs are kept there";
    let no_proc =
        "only Linux has it: elsewhere tests pause where they could look, and count no threads";
    let proc = fs::read_to_string("/proc/net/tcp")
        .map(|_| "shows what a server has read, and its threads".to_owned())
        .map_err(|error| format!("/proc/net/tcp: {error}"));
    vec![
        Required.finding("write access", state_dir_is_writable(workspace), read_only),
        Useful.finding("/proc", proc, no_proc),
    ]
}

fn state_dir_is_writable(workspace: &Workspace) -> Result<String, String> {
    let probe = workspace.state_dir().join("doctor");
    let written = files::write_whole(&probe, b"").and_then(|()| fs::remove_file(&probe));
    written.map_err(|error| format!("cannot write to .lab: {error}"))?;
    Ok(".lab can be written to".to_owned())
}

/// Programs by other authors that can talk to the labs' programs.
pub fn peers() -> Vec<Finding> {
    let peer = |name: &str| {
        let found = find_program(name).map(|path| path.display().to_string());
        let advice = format!("optional: install {name} with your system's package manager");
        ByHand.finding(name, found.ok_or_else(|| "missing".to_owned()), &advice)
    };
    ["nc", "python3", "openssl", "curl"].map(peer).into()
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
        Grading.finding("bwrap", bwrap, "install bubblewrap, and allow user namespaces"),
        Grading.finding("unshare", unshare, "install util-linux, and allow user namespaces"),
    ]
}

fn works(name: &str, words: &[&str]) -> Result<String, String> {
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
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(numbers("1.95.0") >= numbers("1.95"));
        assert!(numbers("1.100.0-nightly") > numbers("1.95"));
        assert!(numbers("1.94.1") < numbers("1.95"));
        assert!(numbers("") < numbers("1.95"));
    }
}
