//! The client's connection, and what it shows. (Given.)

use super::errors::GetError;
use crate::answer::Answer;
use crate::request::Method;
use crate::url::Url;
use common::cli::printable;
use common::net::ConnectError;
use std::io::{self, BufReader, ErrorKind, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How to get a URL.
#[derive(Debug)]
pub struct Options {
    /// GET or HEAD.
    pub method: Method,
    /// Whether to show status line and fields.
    pub headers: bool,
    /// Most redirects.
    pub max_redirects: u32,
    /// Longest wait for a connection, for each read and for each write. Their number has no limit.
    pub timeout: Duration,
}

/// Connects to the host of `url`, and sends `request`.
pub fn send(
    url: &Url,
    request: &[u8],
    options: &Options,
) -> Result<BufReader<TcpStream>, GetError> {
    let (host, port) = url.address()?;
    let mut stream = connect(host, port, options.timeout).map_err(|source| {
        GetError::Connect(ConnectError { address: url.authority.clone(), source })
    })?;
    stream.set_read_timeout(Some(options.timeout))?;
    stream.set_write_timeout(Some(options.timeout))?;
    stream.write_all(request)?;
    Ok(BufReader::with_capacity(256 * 1024, stream))
}

fn connect(host: &str, port: u16, timeout: Duration) -> io::Result<TcpStream> {
    let mut outcome = Err(ErrorKind::NotFound.into());
    for address in (host, port).to_socket_addrs()? {
        outcome = TcpStream::connect_timeout(&address, timeout);
        if outcome.is_ok() {
            break;
        }
    }
    outcome
}

/// Shows status line and fields on stderr, if the user wants them.
pub fn show(answer: &Answer, options: &Options) -> Result<(), GetError> {
    if options.headers {
        let mut stderr = io::stderr().lock();
        writeln!(stderr, "{}", printable(answer.line.as_bytes()))?;
        for (name, value) in answer.fields.iter() {
            writeln!(stderr, "{name}: {}", printable(value.as_bytes()))?;
        }
    }
    Ok(())
}

/// `FILE.part`.
pub fn part_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    name.into()
}
