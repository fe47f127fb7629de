//! Step options: a listener with a path instead of a port (unix(7)).
//!
//! ```text
//!   bind ─▶ EADDRINUSE: there is a file
//!             ├─ no socket:             an error, and the file stays
//!             ├─ a server accepts:      an error: address already in use
//!             └─ connection refused:    its server is dead; remove the file, bind again
//! ```

use crate::given::address::Address;
use socket2::{Domain, SockAddr, Socket, Type};
use std::fs::{self, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
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
/// # Errors
///
/// Those of [`remove_stale`], bind(2) and chmod(2).
pub fn bind(path: &Path) -> io::Result<Socket> {
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    let address = SockAddr::unix(path)?;
    match socket.bind(&address) {
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            remove_stale(path)?;
            socket.bind(&address)?;
        }
        bound => bound?,
    }
    // No client can connect before the socket listens, so none comes through with other rights.
    fs::set_permissions(path, Permissions::from_mode(MODE))?;
    Ok(socket)
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
/// # Errors
///
/// `not a socket`, `AddrInUse` for a living server, and those of the file system.
pub fn remove_stale(path: &Path) -> io::Result<()> {
    if !fs::symlink_metadata(path)?.file_type().is_socket() {
        return Err(io::Error::other("not a socket"));
    }
    match crate::connecting::start(&Address::Unix(path.to_owned())) {
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => fs::remove_file(path),
        _ => Err(ErrorKind::AddrInUse.into()),
    }
}
