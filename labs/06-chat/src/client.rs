//! Step client: listening and typing at the same time.
//!
//! ```text
//!   stdin  ──▶ speak  ──▶ ┌────────┐      a thread for each direction, because a thread
//!                         │ server │      that waits for one cannot serve the other
//!   stdout ◀── listen ◀── └────────┘
//! ```

use common::net::ConnectError;
use std::fmt;
use std::io::{self, BufRead, Read, Write};
use std::net::TcpStream;

/// Longest line that the client prints whole, in bytes. 64 KiB hold a list of thousands of names.
/// A longer line is printed in pieces, because a server must not decide how much memory we use.
pub const MAX_PRINTED: usize = 64 * 1024;

/// Why the client could not stay in the room.
#[derive(Debug)]
pub enum JoinError {
    /// There is no connection to the server.
    Connect(ConnectError),
    /// The name is refused, with this reason.
    Refused(String),
    /// The server does not begin with [`PROMPT`](crate::naming::PROMPT).
    NotAChat,
    /// The server closed the connection without a `Goodbye.`.
    ServerGone,
    /// The connection failed, or stdout.
    Io(io::Error),
}

impl fmt::Display for JoinError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JoinError::Connect(error) => error.fmt(formatter),
            JoinError::Refused(reason) => write!(formatter, "the name is refused: {reason}"),
            JoinError::NotAChat => write!(formatter, "the server does not ask for a name"),
            JoinError::ServerGone => write!(formatter, "the server closed the connection"),
            JoinError::Io(error) => write!(formatter, "{}", common::net::reason(error)),
        }
    }
}

impl std::error::Error for JoinError {}

impl From<ConnectError> for JoinError {
    fn from(error: ConnectError) -> JoinError {
        JoinError::Connect(error)
    }
}

impl From<io::Error> for JoinError {
    fn from(error: io::Error) -> JoinError {
        JoinError::Io(error)
    }
}

/// Joins the room of the server at `address` (HOST:PORT) as `name`, and stays until the end.
///
/// # Contract
///
/// * Connects to `address`: to the first address of a host name that answers.
/// * Gives its name ([`enter`]). Then [`listen`] and [`speak`] run independently of each other.
/// * Returns when listening ends, even if `input` goes on.
///
/// # Steps
///
/// 1. `TcpStream::connect` asks the resolver, and tries one address after the other. Its error
///    becomes a `ConnectError { address, source }`, and `?` makes a [`JoinError`] of it.
/// 2. [`enter`], through a `BufReader` that [`listen`] uses as well, because it may hold more than
///    [`enter`] took.
/// 3. [`speak`] in its own thread, with a `try_clone` of the stream. [`listen`] in this thread.
/// 4. Do not join that thread, because nothing wakes a thread that waits for the keyboard.
///
/// # Errors
///
/// [`JoinError::Connect`]; those of [`enter`] and [`listen`].
pub fn join(
    address: &str,
    name: &str,
    input: impl Read + Send + 'static,
    output: &mut impl Write,
) -> Result<(), JoinError> {
    todo!("lab06, step client: join")
}

/// Answers the server's prompt with `name`, and prints its welcome.
///
/// # Contract
///
/// * Waits for [`PROMPT`](crate::naming::PROMPT), in any number of reads, and does not print it.
///   Then sends `name` as a line.
/// * Prints the next line as [`listen`] does, a long one in pieces, unless it is `ERROR reason`. The
///   reason is [`clean`](crate::broadcast::clean)ed, too.
///
/// # Steps
///
/// 1. Check the name with `Name::parse`. With a newline in it, it would be a name and a message.
/// 2. `read_exact` as many bytes as the prompt has. Other bytes are [`JoinError::NotAChat`], and an
///    end (`ErrorKind::UnexpectedEof`) is [`JoinError::ServerGone`].
/// 3. Send the name and read a line. `ERROR reason` ends the program. Print every other line.
///
/// # Errors
///
/// * [`JoinError::Refused`]: the server refuses the name, or it is no name. Then no byte is sent.
/// * [`JoinError::NotAChat`]: the first bytes are not the prompt.
/// * [`JoinError::ServerGone`]: the connection ends before the welcome.
/// * Those of [`listen`].
pub fn enter(
    server: &mut impl BufRead,
    to_server: &TcpStream,
    name: &str,
    output: &mut impl Write,
) -> Result<(), JoinError> {
    todo!("lab06, step client: enter")
}

/// Prints the server's lines until it closes the connection.
///
/// # Contract
///
/// * Each line is on `output`, flushed, before the next is read.
/// * Each is [`clean`](crate::broadcast::clean)ed, because this server may not do that.
/// * After [`MAX_PRINTED`] bytes without a newline, these bytes are printed as a line. The bytes up
///   to the next newline are another line, also if there are none.
/// * `Ok(())` when the last line was `Goodbye.`, the answer to `/quit`.
///
/// # Steps
///
/// 1. Read a line, at most [`MAX_PRINTED`] bytes of it. Print it and flush. (stdout of std is
///    flushed at each newline, but `output` may be another writer.)
/// 2. At the end of the stream, compare the last line with `Goodbye.`.
///
/// # Errors
///
/// * [`JoinError::ServerGone`]: the connection ended after another line.
/// * [`JoinError::Io`]: a read from the connection or a write to `output` failed.
pub fn listen(server: &mut impl BufRead, output: &mut impl Write) -> Result<(), JoinError> {
    todo!("lab06, step client: listen")
}

/// Sends the bytes of `input`, and `/quit` at its end.
///
/// # Contract
///
/// * Each line is sent immediately. If the last line has no ending it gets one.
/// * Then `/quit` is sent. The server closes when it has read the lines before it.
///
/// # Steps
///
/// 1. Send the bytes of each read unchanged, because the server looks for the line endings.
/// 2. Remember the last byte. If it is no `\n`, send one before `/quit`.
///
/// # Errors
///
/// Those of `input` and of `server`.
pub fn speak(input: impl Read, server: impl Write) -> io::Result<()> {
    todo!("lab06, step client: speak")
}
