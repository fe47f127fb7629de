//! Step get: the client's end of a connection. A line out, a line back.

use crate::copy::BUFFER_LEN;
use crate::given::errors::ClientError;
use crate::request::{number, read_line};
use common::net::ConnectError;
use std::io::{self, BufReader, Write};
use std::net::TcpStream;

/// A connection to a server.
#[derive(Debug)]
pub struct Dialog {
    /// What comes from the server. A read may bring the end of a line and the first bytes of a
    /// file at once: all readers must share this buffer.
    pub input: BufReader<TcpStream>,
}

impl Dialog {
    /// Connects to `address`, HOST:PORT. (Given.)
    ///
    /// # Errors
    ///
    /// [`ConnectError`], which names the address.
    pub fn connect(address: &str) -> Result<Dialog, ConnectError> {
        let connect = || {
            let stream = TcpStream::connect(address)?;
            stream.set_nodelay(true)?;
            Ok(stream)
        };
        let stream =
            connect().map_err(|source| ConnectError { address: address.to_owned(), source })?;
        Ok(Dialog { input: BufReader::with_capacity(BUFFER_LEN, stream) })
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
    pub fn ask(&self, request: &str) -> io::Result<()> {
        self.stream().write_all(format!("{request}\n").as_bytes())
    }

    /// The next line from the server.
    ///
    /// # Contract
    ///
    /// * Without its ending; what is no UTF-8 in it becomes U+FFFD.
    /// * Not one byte behind its ending is lost.
    ///
    /// # Errors
    ///
    /// * `ERROR REASON` is [`ClientError::Refused`].
    /// * The end of the stream is [`ClientError::NoAnswer`], also in the middle of the line.
    /// * A line that does not end, or a connection that fails.
    pub fn answer(&mut self) -> Result<String, ClientError> {
        let line = read_line(&mut self.input)?.ok_or(ClientError::NoAnswer)?;
        let line = String::from_utf8_lossy(&line).into_owned();
        match line.strip_prefix("ERROR ") {
            Some(reason) => Err(ClientError::Refused(reason.to_owned())),
            None => Ok(line),
        }
    }

    /// The next line from the server, which must be a number of something.
    ///
    /// # Contract
    ///
    /// * Decimal digits that fit 64 bits, as `number` takes them.
    ///
    /// # Errors
    ///
    /// As [`Dialog::answer`]; another line is [`ClientError::Nonsense`].
    pub fn number(&mut self) -> Result<u64, ClientError> {
        let answer = self.answer()?;
        number(&answer).ok_or(ClientError::Nonsense { answer, due: "a number" })
    }
}

/// `lab07 list`: asks for the list and prints it to `output`.
///
/// # Contract
///
/// * One line `SIZE NAME` for each file, as it comes.
/// * Control characters are printed as U+FFFD: a server must not paint on our terminal.
///
/// # Errors
///
/// As [`Dialog::answer`], also when fewer lines come than promised; or `output` fails.
pub fn list(dialog: &mut Dialog, output: &mut impl Write) -> Result<(), ClientError> {
    dialog.ask("/list")?;
    for _ in 0..dialog.number()? {
        let line = dialog.answer()?;
        writeln!(output, "{}", line.replace(char::is_control, "\u{fffd}"))?;
    }
    Ok(())
}
