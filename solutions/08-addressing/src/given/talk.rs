//! The conversation of `connect`, once it has a connection: send the texts, print the answers.

use common::cli::printable;
use common::line::{self, Line};
use std::io::{self, BufReader, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

/// Sends each of `texts` as a line and FIN. Then it prints each line of the server, to the end.
///
/// # Errors
///
/// Those of the connection, a server that is silent for `timeout`, and a line that is too long.
pub fn talk(stream: &TcpStream, texts: &[String], timeout: Duration) -> io::Result<()> {
    stream.set_read_timeout(Some(timeout))?;
    stream.set_write_timeout(Some(timeout))?;
    let lines: String = texts.iter().map(|text| format!("{text}\n")).collect();
    (&*stream).write_all(lines.as_bytes())?;
    stream.shutdown(Shutdown::Write)?;
    let mut reader = BufReader::new(stream);
    loop {
        match line::read(&mut reader)? {
            Line::Whole(line) => print(&line)?,
            Line::TooLong => return Err(io::Error::other("the server's line is too long")),
            Line::End => return Ok(()),
        }
    }
}

fn print(line: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "Received: {}", printable(line))?;
    stdout.flush()
}
