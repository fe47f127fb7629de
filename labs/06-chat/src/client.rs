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

/// Longest line printed whole, in bytes: 64 KiB, a list of thousands of names. The client prints a
/// longer line in pieces, because a server must not decide how much memory a client uses, either.
pub const MAX_PRINTED: usize = 64 * 1024;

/// Why the client could not stay in the room.
#[derive(Debug)]
pub enum JoinError {
    /// There is no connection to the server.
    Connect(ConnectError),
    /// The name is refused; the reason.
    Refused(String),
    /// The server does not begin with [`PROMPT`](crate::naming::PROMPT).
    NotAChat,
    /// The server closed the connection, and had not been asked to.
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
/// * Gives its name ([`enter`]), then [`listen`]s and [`speak`]s, each whatever the other does.
/// * Returns when listening ends, even if `input` goes on.
///
/// # Steps
///
/// 1. `TcpStream::connect` asks the resolver, and tries one address after the other. Its error
///    becomes a [`ConnectError`].
/// 2. [`enter`], through a `BufReader` that [`listen`] uses as well, because it may hold more than
///    [`enter`] took.
/// 3. [`speak`] in its own thread, with a `try_clone` of the stream; [`listen`] in this one.
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
/// * Waits for [`PROMPT`](crate::naming::PROMPT), in however many pieces, and does not print it.
///   Then sends `name` as a line.
/// * Prints the line that comes then, unless it is `ERROR reason`.
///
/// # Steps
///
/// 1. `Name::parse` the name first: with a newline in it, it would be a name and a message.
/// 2. `read_exact` as many bytes as the prompt has. Not the prompt: not a chat.
/// 3. Send the name. Read a line: `ERROR reason` is the end, all else is printed.
///
/// # Errors
///
/// [`JoinError::Refused`], also, before a byte is sent, for what cannot be a name;
/// [`JoinError::NotAChat`] when something else than the prompt comes; else those of [`listen`].
pub fn enter(
    server: &mut impl BufRead,
    to_server: &TcpStream,
    name: &str,
    output: &mut impl Write,
) -> Result<(), JoinError> {
    todo!("lab06, step client: enter")
}

/// Prints the server's lines as they come, until it closes the connection.
///
/// # Contract
///
/// * Each line is on `output`, flushed, before the next is waited for.
/// * [`clean`](crate::broadcast::clean)ed: this client may talk to a server that does not do that.
/// * `Ok(())` when the last line was `Goodbye.`, the answer to `/quit`.
///
/// # Steps
///
/// 1. Read a line, at most [`MAX_PRINTED`] bytes of it; print it; flush.
/// 2. At the end of the stream, what was the last line?
///
/// # Errors
///
/// [`JoinError::ServerGone`] when the connection ends otherwise, [`JoinError::Io`] when a read from
/// it or a write to `output` fails.
pub fn listen(server: &mut impl BufRead, output: &mut impl Write) -> Result<(), JoinError> {
    todo!("lab06, step client: listen")
}

/// Sends what comes from `input`, as it comes, and says `/quit` at its end.
///
/// # Contract
///
/// * Each line is sent at once. If the last has no ending it gets one.
/// * Then `/quit` is sent. The server closes when it has read the lines before it.
///
/// # Steps
///
/// 1. Send the bytes of each read unchanged, because the server looks for the line endings.
/// 2. Remember the last byte. If it is no `\n`, one is missing before `/quit`.
///
/// # Errors
///
/// Those of `input` and of `server`.
pub fn speak(input: impl Read, server: impl Write) -> io::Result<()> {
    todo!("lab06, step client: speak")
}
