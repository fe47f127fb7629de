//! What all loads share: a client of a server, and how clients are made.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use super::clock::Clock;

/// What the clients of a round do.
pub trait Load: Sync {
    /// The unit of the load, such as `messages`.
    fn unit(&self) -> &'static str;

    /// Arguments that the server needs besides `serve --listen ADDR`.
    fn arguments(&self) -> Vec<String> {
        Vec::new()
    }

    /// Connects the client with this `number`, from 0.
    fn connect(
        &self,
        server: SocketAddr,
        number: usize,
        clock: &Arc<Clock>,
    ) -> io::Result<Box<dyn Client>>;
}

/// One client of a server.
pub trait Client {
    /// Sends a batch and reads its answers. Returns how many units have arrived.
    fn exchange(&mut self) -> io::Result<u64>;
}

/// The server answered something else than the protocol says.
pub fn wrong_answer(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// A line of letters that is `len` bytes long with its newline.
pub fn line_of(len: usize) -> Vec<u8> {
    let mut line = vec![b'm'; len - 1];
    line.push(b'\n');
    line
}
