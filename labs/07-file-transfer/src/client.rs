//! Step get: the client's side of a connection. It sends a line and reads a line.

use crate::copy::BUFFER_LEN;
use crate::given::errors::ClientError;
use common::net::ConnectError;
use std::io::{self, BufReader, Write};
use std::net::TcpStream;

/// A connection to a server.
#[derive(Debug)]
pub struct FileClient {
    /// The bytes from the server. One read may return the end of a line and the first bytes of a
    /// file, so all readers share this buffer.
    pub input: BufReader<TcpStream>,
}

impl FileClient {
    /// Connects to `address`, HOST:PORT. (Given.)
    ///
    /// # Errors
    ///
    /// [`ConnectError`], which names the address.
    pub fn connect(address: &str) -> Result<FileClient, ConnectError> {
        let connect = || {
            let stream = TcpStream::connect(address)?;
            stream.set_nodelay(true)?;
            Ok(stream)
        };
        let stream =
            connect().map_err(|source| ConnectError { address: address.to_owned(), source })?;
        Ok(FileClient { input: BufReader::with_capacity(BUFFER_LEN, stream) })
    }

    /// The connection itself, to write to. (Given.)
    pub fn stream(&self) -> &TcpStream {
        self.input.get_ref()
    }

    /// Sends `request` and the newline. (Given.)
    ///
    /// # Errors
    ///
    /// The errors of write(2).
    pub fn send_request(&self, request: &str) -> io::Result<()> {
        self.stream().write_all(format!("{request}\n").as_bytes())
    }

    /// Reads the next line from the server.
    ///
    /// # Contract
    ///
    /// * Returns the line without its ending. Bytes that are not UTF-8 become U+FFFD.
    /// * Every byte behind the ending stays in `input`.
    ///
    /// # Steps
    ///
    /// 1. `common::line::read` reads a line from `self.input`.
    /// 2. `String::from_utf8_lossy` makes it text. `strip_prefix("ERROR ")` finds a refusal.
    ///
    /// # Errors
    ///
    /// * `ERROR REASON` is [`ClientError::Refused`].
    /// * The end of the stream is [`ClientError::NoAnswer`], even in the middle of the line.
    /// * A line longer than `common::line::MAX_LINE` is [`ClientError::EndlessAnswer`].
    /// * The errors of the connection.
    pub fn read_answer(&mut self) -> Result<String, ClientError> {
        todo!("lab07, step get: read_answer")
    }

    /// Reads the next line from the server, which must be a number.
    ///
    /// # Contract
    ///
    /// * Accepts decimal digits that fit 64 bits, as `number` does, and nothing else.
    ///
    /// # Steps
    ///
    /// 1. Read the answer, and parse it with `number`.
    ///
    /// # Errors
    ///
    /// As [`FileClient::read_answer`]. Any other line is [`ClientError::Nonsense`].
    pub fn read_number(&mut self) -> Result<u64, ClientError> {
        todo!("lab07, step get: read_number")
    }
}

/// Requests the list and prints it to `output`, for `lab07 list`.
///
/// # Contract
///
/// * Prints one line `SIZE NAME` for each file, when it arrives.
/// * Prints a control character as U+FFFD, because escape codes from a server could control the
///   terminal.
/// * Allocates nothing of the size that the server promises.
///
/// # Steps
///
/// 1. Send `/list`, read the number of lines, and print as many lines.
///
/// # Errors
///
/// As [`FileClient::read_answer`], also when the stream ends too early. The errors of `output`.
pub fn list(client: &mut FileClient, output: &mut impl Write) -> Result<(), ClientError> {
    todo!("lab07, step get: list")
}
