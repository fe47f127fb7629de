//! Serves one client with the functions of the steps. Given.

use crate::audit::{self, Verdict};
use crate::server::{self, ServerStream};
use crate::{goodbye, mutual, token};
use common::deadline::Until;
use common::line::{self, Line};
use common::net::reason;
use rustls::ServerConfig;
use std::fs::File;
use std::io::{self, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

/// What all sessions of a server share.
pub struct Shared {
    /// Its certificate and key.
    pub config: Arc<ServerConfig>,
    /// Whether clients must show a certificate.
    pub mutual: bool,
    /// The server's tokens, if clients must have one.
    pub tokens: Option<String>,
    /// How long the handshake, and the token, may take.
    pub handshake_timeout: Duration,
    /// The file in which accepted and refused clients are recorded (step audit). Refused clients
    /// are logged on stderr, too.
    pub log: Option<Mutex<File>>,
}

/// Serves one client, from its handshake to its close_notify.
pub fn run(shared: &Shared, stream: TcpStream, peer: SocketAddr) {
    let deadline = Instant::now() + shared.handshake_timeout;
    // With TLS 1.3 the server sends tickets after the handshake. With Nagle's algorithm our first
    // answer would wait 40 ms for the client's acknowledgement of them. (Err means that the
    // connection is already closed.)
    let _ = stream.set_nodelay(true);
    // A second handle of the same socket, to close a connection whose handshake failed.
    let plain = stream.try_clone();
    match server::handshake(stream, &shared.config, deadline) {
        Ok(tls) => talk(shared, tls, peer, deadline),
        Err(error) => {
            shared.record(peer, None, Verdict::Refused(&why(&error)));
            if let Ok(plain) = plain {
                common::close::lingering(plain);
            }
        }
    }
}

fn talk(shared: &Shared, mut tls: ServerStream, peer: SocketAddr, deadline: Instant) {
    let name = if shared.mutual { mutual::certificate_name(&tls) } else { None };
    let tls = match authorise(shared, &mut tls, deadline) {
        Err(why) => {
            shared.record(peer, name.as_deref(), Verdict::Refused(&why));
            tls
        }
        Ok(()) => {
            shared.record(peer, name.as_deref(), Verdict::Accepted);
            echo(tls, peer)
        }
    };
    if let Err(error) = goodbye::say_goodbye(tls) {
        common::log!("{peer}: {}", why(&error));
    }
}

fn echo(tls: ServerStream, peer: SocketAddr) -> ServerStream {
    let mut lines = BufReader::new(tls);
    if let Err(error) = server::echo_lines(&mut lines) {
        common::log!("{peer}: {}", why(&error));
    }
    lines.into_inner()
}

/// With `--token-env`, the first line must be one of our tokens, and arrive before `deadline`.
fn authorise(shared: &Shared, tls: &mut ServerStream, deadline: Instant) -> Result<(), String> {
    let Some(tokens) = &shared.tokens else { return Ok(()) };
    let first = first_line(tls, deadline).map_err(|error| why(&error))?;
    let authorised = matches!(first, Line::Whole(line) if token::is_authorised(&line, tokens));
    let answer: &[u8] = if authorised { b"OK\n" } else { b"ERROR not authorised\n" };
    tls.write_all(answer).map_err(|error| why(&error))?;
    if authorised { Ok(()) } else { Err("not authorised".to_owned()) }
}

/// The first line, complete before `deadline`.
fn first_line(tls: &mut ServerStream, deadline: Instant) -> io::Result<Line> {
    let mut until = Until::new(&tls.sock, deadline);
    let stream = rustls::Stream::new(&mut tls.conn, &mut until);
    // A buffer of one byte leaves the bytes after the line in the TLS connection, for `echo`.
    let line = line::read(&mut BufReader::with_capacity(1, stream))?;
    until.lift()?;
    Ok(line)
}

impl Shared {
    fn record(&self, peer: SocketAddr, name: Option<&str>, verdict: Verdict<'_>) {
        if let Verdict::Refused(why) = verdict {
            common::log!("{peer}: refused: {why}");
        }
        let Some(log) = &self.log else { return };
        let line = audit::record(SystemTime::now(), peer, name, verdict);
        // One write for a line, with the lock held, so that lines of two clients do not mix.
        let written = log.lock().map_or(Ok(()), |mut log| log.write_all(line.as_bytes()));
        if let Err(error) = written {
            common::log!("cannot write the log: {}", reason(&error));
        }
    }
}

/// The text of an error: that of rustls if it has one, else the system's reason.
fn why(error: &io::Error) -> String {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    tls.map_or_else(|| reason(error), ToString::to_string)
}
