//! A connection that gives up when the round is over, whatever the server does.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use super::clock::Clock;

/// How long the kernel may take to connect.
const CONNECT: Duration = Duration::from_secs(1);

/// After such a wait, a client looks whether the round is over. The socket has this timeout from
/// its beginning, so it costs no system call for each message.
pub const LOOK: Duration = Duration::from_millis(20);

/// A TCP connection to the server.
pub struct Wire {
    stream: TcpStream,
    clock: Arc<Clock>,
}

impl Wire {
    /// Connects to `server`.
    pub fn connect(server: SocketAddr, clock: &Arc<Clock>) -> io::Result<Wire> {
        let stream = TcpStream::connect_timeout(&server, CONNECT)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(LOOK))?;
        stream.set_write_timeout(Some(LOOK))?;
        Ok(Wire { stream, clock: Arc::clone(clock) })
    }

    /// Reads until `text` holds a newline. Returns the bytes before it, and keeps those after it.
    pub fn read_line(&mut self, text: &mut Vec<u8>) -> io::Result<Vec<u8>> {
        loop {
            if let Some(end) = text.iter().position(|byte| *byte == b'\n') {
                let mut line: Vec<u8> = text.drain(..=end).collect();
                line.pop();
                return Ok(line);
            }
            let mut buffer = [0; 1024];
            let count = self.read(&mut buffer)?;
            if count == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            text.extend_from_slice(&buffer[..count]);
        }
    }

    /// Reads `count` bytes through `buffer`, and throws them away.
    pub fn skip(&mut self, mut count: usize, buffer: &mut [u8]) -> io::Result<()> {
        while count > 0 {
            let most = buffer.len().min(count);
            match self.read(&mut buffer[..most])? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                read => count -= read,
            }
        }
        Ok(())
    }
}

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.clock.until_stopped(|| self.stream.read(buffer))
    }
}

impl Write for Wire {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.clock.until_stopped(|| self.stream.write(buffer))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
