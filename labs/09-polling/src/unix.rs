//! Step options: a listener with a path instead of a port (unix(7)).
//!
//! ```text
//!   bind ─▶ EADDRINUSE: there is a file
//!             ├─ no socket:             an error, and the file stays
//!             ├─ a server accepts:      an error: address already in use
//!             └─ connection refused:    its server is dead; remove the file, bind again
//! ```

use socket2::Socket;
use std::io::{self};
use std::path::Path;

/// The access rights of the path: its owner only. Connecting needs the right to write.
pub const MODE: u32 = 0o600;

/// A socket that is bound to `path`, and does not listen yet.
///
/// # Contract
///
/// * Only the owner may connect: [`MODE`].
/// * What a dead server has left at `path` is replaced. Anything else stays ([`remove_stale`]).
///
/// # Steps
///
/// 1. `Socket::new(Domain::UNIX, Type::STREAM, None)` and `socket.bind(&SockAddr::unix(path)?)`.
/// 2. At `AddrInUse`, [`remove_stale`] and bind again.
/// 3. `fs::set_permissions(path, Permissions::from_mode(MODE))`. No client can connect before the
///    socket listens.
///
/// # Errors
///
/// Those of [`remove_stale`], bind(2) and chmod(2).
pub fn bind(path: &Path) -> io::Result<Socket> {
    todo!("lab09, step options: bind")
}

/// Removes the socket of a dead server from `path`.
///
/// # Contract
///
/// * A file that is no socket stays.
/// * The socket of a living server stays. The kernel refuses a connection only if no process
///   listens. The question must not wait (a full backlog would block it), so its socket is
///   non-blocking.
///
/// # Steps
///
/// 1. `fs::symlink_metadata(path)?.file_type().is_socket()` tells whether it is a socket.
/// 2. Try to connect by `crate::connecting::start(&Address::Unix(...))`. Only `ConnectionRefused`
///    means that no server listens.
///
/// # Errors
///
/// `not a socket`, `AddrInUse` for a living server, and those of the file system.
pub fn remove_stale(path: &Path) -> io::Result<()> {
    todo!("lab09, step options: remove_stale")
}
