//! Step get: the client's end of a connection. A line out, a line back.

use crate::copy::BUFFER_LEN;
use crate::given::errors::ClientError;
use common::net::ConnectError;
use std::io::{self, BufReader, Write};
use std::net::TcpStream;

/// A connection to a server.
#[derive(Debug)]
pub struct FileClient {
    /// What comes from the server. A read may bring the end of a line and the first bytes of a
    /// file at once: all readers must share this buffer.
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
    /// Those of write(2).
    pub fn send_request(&self, request: &str) -> io::Result<()> {
        self.stream().write_all(format!("{request}\n").as_bytes())
    }

    /// The next line from the server.
    ///
    /// # Contract
    ///
    /// * Without its ending; what is no UTF-8 in it becomes U+FFFD.
    /// * Not one byte behind its ending is lost.
    ///
    /// # Steps
    ///
    /// 1. `common::line::read` reads a line from `self.input`.
    /// 2. `String::from_utf8_lossy`, then look for `ERROR `.
    ///
    /// # Errors
    ///
    /// * `ERROR REASON` is [`ClientError::Refused`].
    /// * The end of the stream is [`ClientError::NoAnswer`], also in the middle of the line.
    /// * A line that does not end is [`ClientError::EndlessAnswer`].
    /// * Those of the connection.
    pub fn read_answer(&mut self) -> Result<String, ClientError> {
        todo!("lab07, step get: read_answer")
    }

    /// The next line from the server, which must be a number of something.
    ///
    /// # Contract
    ///
    /// * Decimal digits that fit 64 bits, as `number` takes them.
    ///
    /// # Steps
    ///
    /// 1. Take the answer; let `number` understand it.
    ///
    /// # Errors
    ///
    /// As [`FileClient::read_answer`]; another line is [`ClientError::Nonsense`].
    pub fn read_number(&mut self) -> Result<u64, ClientError> {
        todo!("lab07, step get: read_number")
    }
}

/// `lab07 list`: asks for the list and prints it to `output`.
///
/// # Contract
///
/// * One line `SIZE NAME` for each file, as it comes.
/// * Control characters are printed as U+FFFD: a server must not paint on our terminal.
///
/// # Steps
///
/// 1. Ask, read the number of lines, and print as many.
///
/// # Errors
///
/// As [`FileClient::read_answer`], also when fewer lines come than promised; or `output` fails.
pub fn list(client: &mut FileClient, output: &mut impl Write) -> Result<(), ClientError> {
    todo!("lab07, step get: list")
}
