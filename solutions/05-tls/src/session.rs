//! One client's conversation: it calls what you write. Given.

use crate::audit::{self, Verdict};
use crate::server::{self, ServerStream};
use crate::{goodbye, mutual, token};
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
    /// The tokens that it knows, if clients must have one.
    pub tokens: Option<String>,
    /// How long the handshake, and the token, may take.
    pub handshake_timeout: Duration,
    /// Where accepted and refused clients are recorded; stderr without it.
    pub log: Option<Mutex<File>>,
}

/// Talks with one client, from its handshake to its goodbye.
pub fn run(shared: &Shared, stream: TcpStream, peer: SocketAddr) {
    let deadline = Instant::now() + shared.handshake_timeout;
    // A second handle on the same socket, for the close of a connection that never became TLS.
    let plain = stream.try_clone();
    match server::handshake(stream, &shared.config, deadline) {
        Ok(tls) => talk(shared, tls, peer, deadline),
        Err(error) => {
            shared.record(peer, None, Verdict::Refused(&why(&error)));
            if let Ok(plain) = plain {
                common::close::orderly(plain);
            }
        }
    }
}

fn talk(shared: &Shared, tls: ServerStream, peer: SocketAddr, deadline: Instant) {
    let name = if shared.mutual { mutual::certificate_name(&tls) } else { None };
    let mut lines = BufReader::new(tls);
    if let Err(why) = authorise(shared, &mut lines, deadline) {
        shared.record(peer, name.as_deref(), Verdict::Refused(&why));
    } else {
        shared.record(peer, name.as_deref(), Verdict::Accepted);
        if let Err(error) = server::echo_lines(&mut lines) {
            common::log!("{peer}: {}", why(&error));
        }
    }
    if let Err(error) = goodbye::say_goodbye(lines.into_inner()) {
        common::log!("{peer}: {}", why(&error));
    }
}

/// With `--token-env`: the first line must be a token that we know, and come in time.
fn authorise(
    shared: &Shared,
    lines: &mut BufReader<ServerStream>,
    deadline: Instant,
) -> Result<(), String> {
    let Some(tokens) = &shared.tokens else { return Ok(()) };
    let first = first_line(lines, deadline).map_err(|error| why(&error))?;
    let authorised = matches!(first, Line::Whole(line) if token::is_authorised(&line, tokens));
    let answer: &[u8] = if authorised { b"OK\n" } else { b"ERROR not authorised\n" };
    lines.get_mut().write_all(answer).map_err(|error| why(&error))?;
    if authorised { Ok(()) } else { Err("not authorised".to_owned()) }
}

/// The first line, before `deadline`: the timeout is set anew before each byte of it.
fn first_line(lines: &mut BufReader<ServerStream>, deadline: Instant) -> io::Result<Line> {
    let left = deadline.saturating_duration_since(Instant::now());
    let socket = lines.get_ref().sock.try_clone()?;
    socket.set_read_timeout(Some(left.max(Duration::from_millis(1))))?;
    let line = line::read(lines);
    socket.set_read_timeout(None)?;
    line
}

impl Shared {
    fn record(&self, peer: SocketAddr, name: Option<&str>, verdict: Verdict<'_>) {
        let line = audit::record(SystemTime::now(), peer, name, verdict);
        let written = match &self.log {
            // One write for a line, under a lock: lines of two clients do not mix.
            Some(log) => log.lock().map_or(Ok(()), |mut log| log.write_all(line.as_bytes())),
            None => io::stderr().write_all(line.as_bytes()),
        };
        if let Err(error) = written {
            common::log!("cannot write the log: {}", reason(&error));
        }
    }
}

/// An error in words: what rustls says where it says something, else the system's reason.
fn why(error: &io::Error) -> String {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    tls.map_or_else(|| reason(error), ToString::to_string)
}
