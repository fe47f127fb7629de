//! One request and its answer. (Given. It calls your functions.)

use super::errors::Refusal;
use super::handlers;
use super::status::Status;
use crate::body::{self, Expectation};
use crate::deadlines::Input;
use crate::framing::Framing;
use crate::places::Places;
use crate::request::{Method, Request, Version, read_request};
use crate::response::{Body, Persistence, Response};
use crate::send;
use common::names::Root;
use common::shutdown::Shutdown;
use std::fs::File;
use std::io::{self, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Mutex;
use std::time::Duration;

/// The values that all conversations share.
#[derive(Debug)]
pub struct Shared {
    /// The folder with the files.
    pub root: Root,
    /// How long a head may take.
    pub header_timeout: Duration,
    /// How long a client may be silent between two requests.
    pub idle_timeout: Duration,
    /// How long a body may take.
    pub body_timeout: Duration,
    /// How long a write may wait.
    pub stall_timeout: Duration,
    /// Most bytes of a body.
    pub max_body: u64,
    /// A place for each client.
    pub places: Places,
    /// Where the lines about answers go. `None` is stderr.
    pub log: Option<Mutex<File>>,
    /// Whether the server was asked to stop.
    pub shutdown: Shutdown,
}

/// The conversation with one client.
#[derive(Debug)]
pub struct Session<'a> {
    /// The values that all conversations share.
    pub shared: &'a Shared,
    /// The connection.
    pub stream: &'a TcpStream,
    /// The client's address.
    pub peer: SocketAddr,
}

impl Session<'_> {
    /// From now on, all reads together may take the idle timeout.
    pub fn start_idle_time(&self, input: &mut Input<'_>) {
        input.get_mut().restart(self.shared.idle_timeout);
    }

    /// Reads one request with its body, and answers it. `decide` says what follows.
    pub fn exchange(
        &self,
        input: &mut Input<'_>,
        decide: impl Fn(&Request, &Response) -> Persistence,
    ) -> Result<Persistence, Refusal> {
        input.get_mut().restart(self.shared.header_timeout);
        let request = read_request(input)?;
        let outcome = self.exchange_after_head(input, &request, decide);
        outcome.map_err(|refusal| match refusal {
            Refusal::Answer(status, why) => {
                // A client that has left does not need the answer.
                let _ = self.refuse(Some(&request), status, why);
                Refusal::Answered
            }
            other => other,
        })
    }

    fn exchange_after_head(
        &self,
        input: &mut Input<'_>,
        request: &Request,
        decide: impl Fn(&Request, &Response) -> Persistence,
    ) -> Result<Persistence, Refusal> {
        input.get_mut().restart(self.shared.body_timeout);
        let framing = Framing::of_request(request.version, &request.fields)?;
        let expectation = body::expectation(request.version, &request.fields, framing)?;
        let is_wanted = handlers::wants_body(request);
        let is_ready = self.invite_body(expectation, framing, is_wanted)?;
        let body = match is_ready {
            true => body::receive_body(input, framing, self.shared.max_body, is_wanted)?,
            false => Vec::new(),
        };
        let response = handlers::respond(&self.shared.root, request, body)?;
        // The body of a client that got no `100 Continue` may come or not. So nothing follows.
        let must_close = !is_ready || self.shared.shutdown.is_requested();
        let persistence = match must_close {
            true => Persistence::Close,
            false => decide(request, &response),
        };
        self.answer(request, &response, persistence)?;
        Ok(persistence)
    }

    /// Sends `100 Continue` before a wanted body. `false`: an unwanted one is not read.
    fn invite_body(
        &self,
        expectation: Expectation,
        framing: Framing,
        is_wanted: bool,
    ) -> Result<bool, Refusal> {
        let is_too_long =
            matches!(framing, Framing::Length(length) if length > self.shared.max_body);
        match expectation {
            Expectation::None => Ok(true),
            Expectation::Continue if is_too_long => Ok(true),
            Expectation::Continue if !is_wanted => Ok(false),
            Expectation::Continue => {
                let mut stream = self.stream;
                stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").map_err(Refusal::Broken)?;
                Ok(true)
            }
        }
    }

    fn answer(
        &self,
        request: &Request,
        response: &Response,
        persistence: Persistence,
    ) -> Result<(), Refusal> {
        let outcome = send::send(self.stream, request, response, persistence);
        let count = outcome.map_err(Refusal::Broken)?;
        self.log(&first_line(request), response.status, count);
        Ok(())
    }

    /// The last answer to a client. `request` is `None` if no head was read.
    pub fn refuse(&self, request: Option<&Request>, status: Status, why: &str) -> io::Result<()> {
        let mut response = Response::error(status);
        if let (Body::Bytes(text), false) = (&mut response.body, why.is_empty()) {
            text.extend_from_slice(format!("{why}\n").as_bytes());
        }
        let mut bytes = response.head(Version::Http11, Persistence::Close);
        let head_len = bytes.len();
        let is_head = request.is_some_and(|request| request.method == Method::Head);
        if let (Body::Bytes(text), false) = (&response.body, is_head) {
            bytes.extend_from_slice(text);
        }
        let mut stream = self.stream;
        stream.write_all(&bytes)?;
        let line = request.map_or("-".to_owned(), first_line);
        self.log(&line, status, (bytes.len() - head_len) as u64);
        Ok(())
    }

    /// `PEER "GET /x HTTP/1.1" 200 1234`.
    fn log(&self, line: &str, status: Status, count: u64) {
        let (peer, code, line) = (self.peer, status.code, line.escape_default());
        match &self.shared.log {
            None => common::log!("{peer} \"{line}\" {code} {count}"),
            Some(file) => {
                let time = common::log::utc(std::time::SystemTime::now());
                let text = format!("{time} {peer} \"{line}\" {code} {count}\n");
                let mut file = file.lock().expect("no panic under the lock");
                // A full disk must not end the server.
                let _ = file.write_all(text.as_bytes());
            }
        }
    }
}

fn first_line(request: &Request) -> String {
    let method = match request.method {
        Method::Get => "GET",
        Method::Head => "HEAD",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Delete => "DELETE",
        Method::Connect => "CONNECT",
        Method::Options => "OPTIONS",
        Method::Trace => "TRACE",
        Method::Patch => "PATCH",
    };
    let version = if request.version == Version::Http10 { "1.0" } else { "1.1" };
    let query = request.target.query.as_ref().map_or(String::new(), |query| format!("?{query}"));
    format!("{method} {}{query} HTTP/{version}", request.target.path)
}
