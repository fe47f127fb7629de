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

use common::shutdown::Shutdown;
use common::udp::Socket;
use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};

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
/// # Steps
///
/// 1. Bind TCP, get its port by `local_addr`, and bind UDP to that port (`echo::bind`).
/// 2. After `AddrInUse` with port 0, try again. Keep the listener that you cannot use until you are
///    done, or the kernel may choose its port again.
/// 3. Return any other error, and `AddrInUse` with any other port.
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
/// * White space of any length separates the three words, and may stand at both ends.
/// * NUMBER is a finite f64 as Rust parses it (`5`, `-0.5`, `1e3`), so neither `inf` nor `NaN`.
/// * OPERATOR is `+`, `-`, `*` or `/`. The result is that of f64, which may be infinite.
///
/// # Steps
///
/// 1. `split_whitespace` must return exactly three words.
/// 2. `parse` accepts `inf` and `NaN`, so check `is_finite`.
///
/// # Errors
///
/// [`CalculationError::Malformed`], [`CalculationError::DivisionByZero`].
pub fn evaluate(text: &str) -> Result<f64, CalculationError> {
    todo!("lab03, step calculator: evaluate")
}

/// The answer to one message, over TCP and over UDP. It is the result or the error as text, without
/// a line ending.
///
/// # Contract
///
/// * The answer to `5 + 3` is `8`, a result as Rust's `{}` prints it.
/// * A message of more than 1,024 bytes is too long, whatever it holds. A message that is not UTF-8
///   is malformed.
///
/// # Steps
///
/// 1. Compare the length with `common::line::MAX_LINE`. Then decode UTF-8, and call [`evaluate`].
/// 2. Make text of the result or of the error.
pub fn answer(message: &[u8]) -> String {
    todo!("lab03, step calculator: answer")
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
/// # Steps
///
/// 1. `common::line::read` reads a line from a `BufReader`, and removes its ending. It reports a
///    line that is too long, and the end of the stream.
/// 2. Build the answer and a newline with `format!`, and `write_all` them. Repeat.
///
/// # Errors
///
/// Those of the connection.
pub fn serve_lines(stream: TcpStream) -> io::Result<()> {
    todo!("lab03, step calculator: serve_lines")
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
/// # Steps
///
/// 1. Each of two loops waits in its own system call. Start a thread for the datagrams with
///    `std::thread::scope`, and call your `echo::serve` in it.
/// 2. `common::clients::serve` starts a thread for each TCP client (lab 02).
/// 3. Join the thread of the datagrams.
///
/// # Errors
///
/// Those of either socket, when both have stopped.
pub fn serve(listener: &TcpListener, socket: &Socket, shutdown: &Shutdown) -> io::Result<()> {
    todo!("lab03, step calculator: serve")
}
