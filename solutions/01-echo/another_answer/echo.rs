//! Another answer to step echo.

use std::io::{self, Read, Write};
use std::net::TcpStream;

/// The largest number of bytes in one read.
pub const BUFFER_LEN: usize = 4096;

/// Sends every byte that arrives on `stream` back, until the client has finished.
pub fn echo(
    stream: &mut TcpStream,
    mut on_read: impl FnMut(&mut [u8]) -> io::Result<()>,
) -> io::Result<()> {
    let mut memory = vec![0u8; BUFFER_LEN];
    while let Some(filled) = fill(stream, &mut memory)? {
        on_read(filled)?;
        send(stream, filled)?;
    }
    Ok(())
}

/// The next bytes, or `None` after the last one.
fn fill<'m>(stream: &mut TcpStream, memory: &'m mut [u8]) -> io::Result<Option<&'m mut [u8]>> {
    let length = loop {
        let result = stream.read(memory);
        if result.as_ref().is_err_and(|problem| problem.kind() == io::ErrorKind::Interrupted) {
            continue;
        }
        break result?;
    };
    Ok(if length > 0 { Some(&mut memory[0..length]) } else { None })
}

fn send(stream: &mut TcpStream, mut rest: &[u8]) -> io::Result<()> {
    while !rest.is_empty() {
        let written = stream.write(rest)?;
        rest = &rest[written..];
    }
    stream.flush()
}
