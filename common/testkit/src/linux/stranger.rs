//! Whose connection it is. Any program of the machine may connect to a port of a test: a port scanner
//! does, or a program that still has an old port number.
//!
//! ```text
//!   client's address ─▶ sock_diag(7) ─▶ inode ─▶ /proc/PID/fd: which process has `socket:[inode]`?
//! ```

use super::sock_diag::{self, Lookup};
use super::threads::Watched;
use process_tree::descendants::with_descendants;
use process_tree::proc_fs::stat;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process;

/// Whether a process that this one did not start has the client's end of a connection. `false` where
/// this cannot be seen: the client has closed its end, or it is in another network namespace.
/// `likely` processes are looked at first, because a list of all takes longer.
pub fn is_stranger(client: SocketAddr, server: SocketAddr, likely: &Watched) -> bool {
    let Some(inode) = inode(client, server) else { return false };
    let socket = PathBuf::from(format!("socket:[{inode}]"));
    let mut likely = likely.pids.iter().flat_map(|pid| with_descendants(*pid));
    if likely.any(|pid| has(pid, &socket) == Some(true)) {
        return false;
    }
    let ours = with_descendants(process::id());
    let is_elsewhere = ours.into_iter().all(|pid| has(pid, &socket) == Some(false));
    // A client that has closed its end meanwhile was seen nowhere, either.
    is_elsewhere && self::inode(client, server) == Some(inode)
}

/// The number of the socket at `client`. `None`: no process has it, or the kernel cannot be asked.
fn inode(client: SocketAddr, server: SocketAddr) -> Option<u32> {
    match sock_diag::find(client, server) {
        Lookup::Found(socket, _) if socket.inode != 0 => Some(socket.inode),
        _ => None,
    }
}

/// Whether `pid` has `file` open. `None`: we must not look.
fn has(pid: u32, file: &Path) -> Option<bool> {
    let folder = format!("/proc/{pid}");
    let Ok(entries) = fs::read_dir(format!("{folder}/fd")) else {
        // A process that has ended has no files.
        return stat(&folder).is_none_or(|stat| stat.starts_with('Z')).then_some(false);
    };
    Some(entries.flatten().any(|entry| fs::read_link(entry.path()).is_ok_and(|link| link == file)))
}
