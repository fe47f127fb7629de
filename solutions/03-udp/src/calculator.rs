//! Step calculator: one service over TCP and UDP, on one port.
//!
//! ```text
//!   TCP    C: 5 + 3\n      a line ends at the newline, and may come in pieces
//!          S: 8\n
//!   UDP    C: 5 + 3        a datagram is a message: no ending, no pieces
//!          S: 8            and perhaps no answer
//! ```
//!
//! TCP port 7003 and UDP port 7003 have nothing to do with each other but the number: the kernel
//! keeps two tables. A service that speaks both (DNS does) binds both.

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

/// How many more ports to try, when the kernel may choose and has chosen one that is not free for
/// both.
pub const PORT_TRIES: usize = 32;

/// Why there is no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalculationError {
    /// It is not NUMBER OPERATOR NUMBER.
    Malformed,
    /// The second number is 0, and is to divide the first.
    DivisionByZero,
    /// It is longer than `common::line::MAX_LINE`, 1,024 bytes.
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
/// * With port 0 the kernel chooses the port, and it is free for both: should the one that it
///   chose for TCP be taken on UDP's side, others are tried, at most [`PORT_TRIES`].
/// * With any other port: if it is taken for either, that is an error.
///
/// # Errors
///
/// Those of the system calls, as they come.
pub fn bind_both(address: SocketAddr) -> io::Result<(TcpListener, Socket)> {
    // Kept until we are done: a port that is given back can be chosen again.
    let mut rejected = Vec::new();
    loop {
        let listener = TcpListener::bind(address)?;
        // The address with the port that TCP has got: it was 0 perhaps.
        match echo::bind(listener.local_addr()?) {
            Err(error) if is_bad_luck(&error, address) && rejected.len() < PORT_TRIES => {
                rejected.push(listener);
            }
            bound => return bound.map(|socket| (listener, socket)),
        }
    }
}

/// Nobody asked for the port that is taken: the kernel chose it.
fn is_bad_luck(error: &io::Error, address: SocketAddr) -> bool {
    address.port() == 0 && error.kind() == ErrorKind::AddrInUse
}

/// Calculates `NUMBER OPERATOR NUMBER`.
///
/// # Contract
///
/// * The three are divided by white space, and there may be more of it anywhere.
/// * NUMBER is a finite f64 as Rust reads it (`5`, `-0.5`, `1e3`), but neither `inf` nor `NaN`;
///   OPERATOR is `+`, `-`, `*` or `/`. The result is that of f64.
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
        // f64 would say infinity. People who divide by zero want to be told.
        "/" if right == 0.0 => Err(CalculationError::DivisionByZero),
        "/" => Ok(left / right),
        _ => Err(CalculationError::Malformed),
    }
}

fn number(word: &str) -> Result<f64, CalculationError> {
    let number = word.parse().ok().filter(|number: &f64| number.is_finite());
    number.ok_or(CalculationError::Malformed)
}

/// What the server answers to one message, whichever way it came: the result or the error, in
/// words and without a line ending.
///
/// # Contract
///
/// * `8` for `5 + 3`: a result stands there as Rust's `{}` prints it.
/// * What is not UTF-8 is malformed. More than 1,024 bytes are too long.
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
/// * Each line gets one, in order, however the lines are cut into pieces or joined together. They
///   end in `\n` or `\r\n`; what stands after the last line ending when the client closes is no
///   line.
/// * Answers leave at once: Nagle's algorithm, which would hold back each until the one before is
///   acknowledged, is off (`set_nodelay`).
/// * A line of more than 1,024 bytes gets its error, then an orderly close
///   (`common::close::lingering`).
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
    // The rest of the line is unread. A plain close would destroy the answer.
    common::close::lingering(stream);
    Ok(())
}

fn send_line(mut stream: &TcpStream, text: &str) -> io::Result<()> {
    // One write: the second of two might wait until the first is acknowledged.
    stream.write_all(format!("{text}\n").as_bytes())
}

/// Serves TCP clients and datagrams at the same time, until `shutdown` is requested.
///
/// # Contract
///
/// * Nobody waits for anybody: neither datagrams for TCP clients, nor these for each other.
/// * What goes wrong with one client is logged (`common::log!`) and is no other's trouble.
/// * When Ctrl-C comes, both stop (each is woken by itself), and TCP clients that are being
///   served may finish; then `Ok(())`.
///
/// # Errors
///
/// Those of either socket, when both have stopped.
pub fn serve(listener: &TcpListener, socket: &Socket, shutdown: &Shutdown) -> io::Result<()> {
    thread::scope(|scope| {
        // Whoever sleeps in accept cannot receive: each socket needs a thread that waits for it.
        let datagrams = scope.spawn(|| {
            echo::serve(socket, shutdown, |_, datagram| Some(answer(datagram).into_bytes()))
        });
        let lines = clients::serve(listener, shutdown, |stream, peer| {
            if let Err(error) = serve_lines(stream) {
                common::log!("{peer}: {}", reason(&error));
            }
        });
        let datagrams = datagrams.join().expect("it answers, and does not panic");
        lines.and(datagrams)
    })
}
