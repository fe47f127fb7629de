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
    // The one thread that nobody joins: nothing wakes a thread that waits for the keyboard. It
    // ends with the process. Its errors are the connection's, and `listen` sees those too.
    thread::spawn(move || speak(input, to_server));
    listen(&mut server, output)
}

/// Answers the server's prompt with `name`, and prints its welcome.
///
/// # Contract
///
/// * Waits for [`PROMPT`](crate::naming::PROMPT), in however many pieces, and does not print it.
///   Then sends `name` as a line.
/// * Prints the line that comes then, unless it is `ERROR reason`.
///
/// # Errors
///
/// [`JoinError::Refused`], also, before a byte is sent, for what cannot be a name;
/// [`JoinError::NotAChat`] when something else than the prompt comes; else those of [`listen`].
pub fn enter(
    server: &mut impl BufRead,
    mut to_server: &TcpStream,
    name: &str,
    output: &mut impl Write,
) -> Result<(), JoinError> {
    // A name with a newline in it would be a name and a first message.
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

/// Prints the server's lines as they come, until it closes the connection.
///
/// # Contract
///
/// * Each line is on `output`, flushed, before the next is waited for.
/// * [`clean`](crate::broadcast::clean)ed: this client may talk to a server that does not do that.
/// * `Ok(())` when the last line was `Goodbye.`, the answer to `/quit`.
///
/// # Errors
///
/// [`JoinError::ServerGone`] when the connection ends otherwise, [`JoinError::Io`] when a read from
/// it or a write to `output` fails.
pub fn listen(server: &mut impl BufRead, output: &mut impl Write) -> Result<(), JoinError> {
    let mut last = String::new();
    while let Some(line) = read_line(server)? {
        print(output, &line)?;
        last = line;
    }
    // Nobody in the room can forge this line: theirs have a name in front.
    if last == "Goodbye." { Ok(()) } else { Err(JoinError::ServerGone) }
}

/// Sends what comes from `input`, as it comes, and says `/quit` at its end.
///
/// # Contract
///
/// * Each line is sent at once. If the last has no ending it gets one.
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
    // A pipe would keep the line back until many have come.
    output.flush()
}

fn refused(reason: &impl fmt::Display) -> JoinError {
    JoinError::Refused(reason.to_string())
}

/// A connection that ends inside the prompt: the server is gone.
fn ended(error: io::Error) -> JoinError {
    match error.kind() {
        ErrorKind::UnexpectedEof => JoinError::ServerGone,
        _ => JoinError::Io(error),
    }
}
