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

use common::shutdown::Shutdown;
use common::udp::Socket;
use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};

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
/// # Steps
///
/// 1. Bind TCP, ask it which port it got, and bind UDP to that (`echo::bind`).
/// 2. `AddrInUse` with port 0 was bad luck: try again, but keep the listener that you cannot use
///    until you are done, or the kernel chooses its port again.
/// 3. Any other error, or `AddrInUse` with any other port, is the caller's to know.
///
/// # Errors
///
/// Those of the system calls, as they come.
pub fn bind_both(address: SocketAddr) -> io::Result<(TcpListener, Socket)> {
    todo!("lab03, step calculator: bind_both")
}

/// Calculates `NUMBER OPERATOR NUMBER`.
///
/// # Contract
///
/// * The three are divided by white space, and there may be more of it anywhere.
/// * NUMBER is a finite f64 as Rust reads it (`5`, `-0.5`, `1e3`), but neither `inf` nor `NaN`;
///   OPERATOR is `+`, `-`, `*` or `/`. The result is that of f64.
///
/// # Steps
///
/// 1. `split_whitespace`, and exactly three words.
/// 2. `parse` takes `inf` and `NaN` for numbers: `is_finite`.
///
/// # Errors
///
/// [`CalculationError::Malformed`], [`CalculationError::DivisionByZero`].
pub fn evaluate(text: &str) -> Result<f64, CalculationError> {
    todo!("lab03, step calculator: evaluate")
}

/// What the server answers to one message, whichever way it came: the result or the error, in
/// words and without a line ending.
///
/// # Contract
///
/// * `8` for `5 + 3`: a result stands there as Rust's `{}` prints it.
/// * What is not UTF-8 is malformed. More than 1,024 bytes are too long.
///
/// # Steps
///
/// 1. Compare the length with `common::line::MAX_LINE`. Then UTF-8, then [`evaluate`].
/// 2. Make text of the result, or of the error.
pub fn answer(message: &[u8]) -> String {
    todo!("lab03, step calculator: answer")
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
/// # Steps
///
/// 1. `common::line::read` reads a line from a `BufReader`, and takes off its ending. It reports a
///    line that is too long, and the end of the stream.
/// 2. Write the answer and a newline in one write. Repeat.
///
/// # Errors
///
/// Those of the connection.
pub fn serve_lines(stream: TcpStream) -> io::Result<()> {
    todo!("lab03, step calculator: serve_lines")
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
/// # Steps
///
/// 1. Two loops, and each sleeps in a system call of its own: give the datagrams a thread
///    (`std::thread::scope`), with `echo::serve`, which you have.
/// 2. `common::clients::serve` gives each TCP client a thread, as you did in lab 02.
/// 3. Join what you have started.
///
/// # Errors
///
/// Those of either socket, when both have stopped.
pub fn serve(listener: &TcpListener, socket: &Socket, shutdown: &Shutdown) -> io::Result<()> {
    todo!("lab03, step calculator: serve")
}
