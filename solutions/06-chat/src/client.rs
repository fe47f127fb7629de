//! Step client: listening and typing at the same time.
//!
//! ```text
//!   stdin  ──▶ speak  ──▶ ┌────────┐      a thread for each direction, because a thread
//!                         │ server │      that waits for one cannot serve the other
//!   stdout ◀── listen ◀── └────────┘
//! ```

use crate::broadcast::clean;
use crate::name::{Name, NameError};
use crate::naming::PROMPT;
use common::net::ConnectError;
use std::fmt;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::thread;

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
/// # Errors
///
/// [`JoinError::Connect`]; those of [`enter`] and [`listen`].
pub fn join(
    address: &str,
    name: &str,
    input: impl Read + Send + 'static,
    output: &mut impl Write,
) -> Result<(), JoinError> {
    let stream = TcpStream::connect(address)
        .map_err(|source| ConnectError { address: address.to_owned(), source })?;
    let mut server = BufReader::new(&stream);
    enter(&mut server, &stream, name, output)?;
    let to_server = stream.try_clone()?;
    // No thread joins this one, because nothing wakes a thread that waits for the keyboard. It
    // ends with the process. Its errors are the connection's, and `listen` gets those, too.
    thread::spawn(move || speak(input, to_server));
    listen(&mut server, output)
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
/// # Errors
///
/// * [`JoinError::Refused`]: the server refuses the name, or it is no name. Then no byte is sent.
/// * [`JoinError::NotAChat`]: the first bytes are not the prompt.
/// * [`JoinError::ServerGone`]: the connection ends before the welcome.
/// * Those of [`listen`].
pub fn enter(
    server: &mut impl BufRead,
    mut to_server: &TcpStream,
    name: &str,
    output: &mut impl Write,
) -> Result<(), JoinError> {
    // With a newline in it, this would be a name and a first message.
    Name::parse(name.as_bytes()).map_err(|reason: NameError| refused(&reason))?;
    let mut prompt = [0; PROMPT.len()];
    server.read_exact(&mut prompt).map_err(ended)?;
    if prompt != *PROMPT.as_bytes() {
        return Err(JoinError::NotAChat);
    }
    to_server.write_all(format!("{name}\n").as_bytes())?;
    let line = read_line(server)?.ok_or(JoinError::ServerGone)?;
    match line.strip_prefix("ERROR ") {
        Some(reason) => Err(refused(&reason)),
        None => Ok(print(output, &line)?),
    }
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
/// # Errors
///
/// * [`JoinError::ServerGone`]: the connection ended after another line.
/// * [`JoinError::Io`]: a read from the connection or a write to `output` failed.
pub fn listen(server: &mut impl BufRead, output: &mut impl Write) -> Result<(), JoinError> {
    let mut last = String::new();
    while let Some(line) = read_line(server)? {
        print(output, &line)?;
        last = line;
    }
    // No member can forge this line, because the lines of members begin with a name.
    if last == "Goodbye." { Ok(()) } else { Err(JoinError::ServerGone) }
}

/// Sends the bytes of `input`, and `/quit` at its end.
///
/// # Contract
///
/// * Each line is sent immediately. If the last line has no ending it gets one.
/// * Then `/quit` is sent. The server closes when it has read the lines before it.
///
/// # Errors
///
/// Those of `input` and of `server`.
pub fn speak(mut input: impl Read, mut server: impl Write) -> io::Result<()> {
    let mut buffer = [0; 4096];
    let mut last = b'\n';
    loop {
        match input.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => {
                server.write_all(&buffer[..count])?;
                last = buffer[count - 1];
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => (),
            Err(error) => return Err(error),
        }
    }
    // Behind an unfinished line, "/quit" would be the end of a message.
    server.write_all(if last == b'\n' { b"/quit\n" } else { b"\n/quit\n" })
}

/// The next line, cleaned and without its ending; `None` at the end.
fn read_line(server: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    server.by_ref().take(MAX_PRINTED as u64).read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Ok(None);
    }
    line.pop_if(|byte| *byte == b'\n');
    Ok(Some(clean(&line)))
}

fn print(output: &mut impl Write, line: &str) -> io::Result<()> {
    writeln!(output, "{line}")?;
    // Without a flush, lines to a pipe would wait in the buffer.
    output.flush()
}

fn refused(reason: &impl fmt::Display) -> JoinError {
    JoinError::Refused(reason.to_string())
}

/// The connection has ended inside the prompt.
fn ended(error: io::Error) -> JoinError {
    match error.kind() {
        ErrorKind::UnexpectedEof => JoinError::ServerGone,
        _ => JoinError::Io(error),
    }
}
