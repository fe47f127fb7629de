//! Step calculator: one service over TCP and UDP, on one port.
//!
//! ```text
//!   TCP    C: 5 + 3\n      a line ends at the newline, and may come in pieces
//!          S: 8\n
//!   UDP    C: 5 + 3        a datagram is a message, without an ending and in one piece
//!          S: 8            the answer may be lost
//! ```
//!
//! TCP port 7003 and UDP port 7003 share only the number, because the kernel keeps two tables. A
//! service over both, such as DNS, binds both.

use crate::echo;
use common::clients;
use common::line::{self, Line};
use common::net::reason;
use common::shutdown::Shutdown;
use common::udp::Socket;
use std::fmt;
use std::io::{self, BufReader, ErrorKind, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

/// How many more ports to try when the kernel has chosen one that is not free for both.
pub const PORT_TRIES: usize = 32;

/// Why a calculation has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalculationError {
    /// The text is not NUMBER OPERATOR NUMBER.
    Malformed,
    /// The operator is `/`, and the second number is 0.
    DivisionByZero,
    /// The text is longer than `common::line::MAX_LINE`, 1,024 bytes.
    TooLong,
}

impl fmt::Display for CalculationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            CalculationError::Malformed => "ERROR expected NUMBER OPERATOR NUMBER",
            CalculationError::DivisionByZero => "ERROR division by zero",
            CalculationError::TooLong => "ERROR line too long",
        })
    }
}

/// A TCP listener and a UDP socket on the same port of `address`.
///
/// # Contract
///
/// * With port 0 the kernel chooses a port, and it is free for both. If the port that the kernel
///   chose for TCP is taken for UDP, `bind_both` tries up to [`PORT_TRIES`] others.
/// * With any other port, a port that is taken for TCP or for UDP is an error.
///
/// # Errors
///
/// Those of the system calls, as they come.
pub fn bind_both(address: SocketAddr) -> io::Result<(TcpListener, Socket)> {
    // Kept until we are done, because the kernel may choose a released port again.
    let mut rejected = Vec::new();
    loop {
        let listener = TcpListener::bind(address)?;
        // This address has the port that TCP got. In `address` it may be 0.
        match echo::bind(listener.local_addr()?) {
            Err(error) if is_bad_luck(&error, address) && rejected.len() < PORT_TRIES => {
                rejected.push(listener);
            }
            bound => return bound.map(|socket| (listener, socket)),
        }
    }
}

/// Whether the kernel chose the port that is taken.
fn is_bad_luck(error: &io::Error, address: SocketAddr) -> bool {
    address.port() == 0 && error.kind() == ErrorKind::AddrInUse
}

/// Calculates `NUMBER OPERATOR NUMBER`.
///
/// # Contract
///
/// * White space of any length separates the three words, and may stand at both ends.
/// * NUMBER is a finite f64 as Rust parses it (`5`, `-0.5`, `1e3`), so neither `inf` nor `NaN`.
/// * OPERATOR is `+`, `-`, `*` or `/`. The result is that of f64, which may be infinite.
///
/// # Errors
///
/// [`CalculationError::Malformed`], [`CalculationError::DivisionByZero`].
pub fn evaluate(text: &str) -> Result<f64, CalculationError> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [left, operator, right] = words[..] else {
        return Err(CalculationError::Malformed);
    };
    let left = number(left)?;
    let right = number(right)?;
    match operator {
        "+" => Ok(left + right),
        "-" => Ok(left - right),
        "*" => Ok(left * right),
        // f64 would return infinity, which hides the mistake.
        "/" if right == 0.0 => Err(CalculationError::DivisionByZero),
        "/" => Ok(left / right),
        _ => Err(CalculationError::Malformed),
    }
}

fn number(word: &str) -> Result<f64, CalculationError> {
    let number = word.parse().ok().filter(|number: &f64| number.is_finite());
    number.ok_or(CalculationError::Malformed)
}

/// The answer to one message, over TCP and over UDP. It is the result or the error as text, without
/// a line ending.
///
/// # Contract
///
/// * The answer to `5 + 3` is `8`, a result as Rust's `{}` prints it.
/// * A message of more than 1,024 bytes is too long, whatever it holds. A message that is not UTF-8
///   is malformed.
pub fn answer(message: &[u8]) -> String {
    calculate(message).map_or_else(|error| error.to_string(), |result| result.to_string())
}

fn calculate(message: &[u8]) -> Result<f64, CalculationError> {
    if message.len() > line::MAX_LINE {
        return Err(CalculationError::TooLong);
    }
    evaluate(std::str::from_utf8(message).map_err(|_| CalculationError::Malformed)?)
}

/// Answers the lines of one TCP client until it closes.
///
/// # Contract
///
/// * Each line gets one answer, in order, even if several lines come in one piece or a line comes
///   in several. A line ends in `\n` or `\r\n`. Bytes without a line ending before the client
///   closes are no line.
/// * `serve_lines` turns Nagle's algorithm off (`set_nodelay`), so each answer leaves immediately.
///   Nagle would hold it back until the client has acknowledged the answer before it.
/// * An answer and its newline are one write. A newline written by itself is one more packet.
/// * A line of more than 1,024 bytes gets its error, and then a lingering close
///   (`common::close::lingering`). It keeps the answers that the client has not read yet.
/// * When it returns, no descriptor of the connection stays open.
///
/// # Errors
///
/// Those of the connection.
pub fn serve_lines(stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(&stream);
    loop {
        match line::read(&mut reader)? {
            Line::Whole(text) => send_line(&stream, &answer(&text))?,
            Line::End => return Ok(()),
            Line::TooLong => break,
        }
    }
    send_line(&stream, &CalculationError::TooLong.to_string())?;
    // The rest of the line is unread. With unread input, close(2) sends RST, which destroys the
    // answers that the client has not read.
    common::close::lingering(stream);
    Ok(())
}

fn send_line(mut stream: &TcpStream, text: &str) -> io::Result<()> {
    // One write for both. A newline written by itself might leave in its own packet.
    stream.write_all(format!("{text}\n").as_bytes())
}

/// Serves TCP clients and datagrams at the same time until `shutdown` is requested.
///
/// # Contract
///
/// * No client waits for another, over TCP or over UDP, even if it stays silent or reads no answer.
/// * An error of one TCP client is logged with its address (`common::log!`), and does not affect
///   the other clients.
/// * After Ctrl-C both loops stop. (`Shutdown` wakes each of them.) TCP clients that are being
///   served may finish, and then `serve` returns `Ok(())`.
///
/// # Errors
///
/// Those of either socket, when both have stopped.
pub fn serve(listener: &TcpListener, socket: &Socket, shutdown: &Shutdown) -> io::Result<()> {
    thread::scope(|scope| {
        // A thread that waits in accept cannot receive, so each socket needs a thread.
        let datagrams = scope.spawn(|| {
            echo::serve(socket, shutdown, |_, datagram| Some(answer(datagram).into_bytes()))
        });
        let lines = clients::serve(listener, shutdown, |stream, peer| {
            if let Err(error) = serve_lines(stream) {
                common::log!("{peer}: {}", reason(&error));
            }
        });
        let datagrams = datagrams.join().expect("the thread of the datagrams does not panic");
        lines.and(datagrams)
    })
}
