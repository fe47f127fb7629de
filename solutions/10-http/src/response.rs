//! Step head: an answer, and its head.
//!
//! ```text
//!   HTTP/1.1 200 OK               VERSION SP CODE SP PHRASE
//!   Date: ...                     when it was made
//!   Content-Length: 5             where it ends
//!                                 the empty line
//!   hello
//! ```

use crate::given::status::Status;
use crate::request::Version;
use std::fmt;
use std::fs::File;
use std::io::{self, Write};
use std::time::SystemTime;

/// An answer.
#[derive(Debug)]
pub struct Response {
    /// Its status.
    pub status: Status,
    /// Its fields, except those that [`Response::head`] adds.
    pub fields: Vec<(&'static str, String)>,
    /// Its body.
    pub body: Body,
}

/// What happens to the connection after an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Persistence {
    /// The next request follows.
    KeepAlive,
    /// The server closes it.
    Close,
}

/// The body of an answer.
pub enum Body {
    /// These bytes.
    Bytes(Vec<u8>),
    /// This many bytes of a file, from its position on.
    File(File, u64),
    /// The bytes that this function writes. Their number is not known before.
    Stream(Producer),
}

/// Writes the bytes of a body.
pub type Producer = Box<dyn Fn(&mut dyn Write) -> io::Result<()>>;

impl fmt::Debug for Body {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Body::Bytes(bytes) => write!(formatter, "{} bytes", bytes.len()),
            Body::File(_, length) => write!(formatter, "{length} bytes of a file"),
            Body::Stream(_) => formatter.write_str("a stream"),
        }
    }
}

impl Response {
    /// An answer with this body. (Given.)
    pub fn new(status: Status, body: Body) -> Response {
        Response { status, fields: Vec::new(), body }
    }

    /// An answer with a status and the body `404 Not Found\n`. It tells nothing else. (Given.)
    pub fn error(status: Status) -> Response {
        let text = format!("{} {}\n", status.code, status.phrase);
        Response::new(status, Body::Bytes(text.into_bytes())).with("Content-Type", "text/plain")
    }

    /// The same with one more field. (Given.)
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Response {
        self.fields.push((name, value.into()));
        self
    }

    /// The bytes of its head, up to the empty line.
    ///
    /// # Contract
    ///
    /// * The status line is `HTTP/1.1 CODE PHRASE`, also for a client of HTTP/1.0. All lines end in
    ///   CR LF.
    /// * It has `Date`, in the form of RFC 9110, section 5.6.7 (`httpdate::fmt_http_date`).
    /// * `Content-Length` counts the bytes of the body. A [`Body::Stream`] has
    ///   `Transfer-Encoding: chunked` instead, but neither for a client of HTTP/1.0. A status
    ///   without a body ([`Status::has_body`]) has neither.
    /// * `Connection: close` if the connection closes. `Connection: keep-alive` if it stays open for
    ///   a client of HTTP/1.0, which must be told. Otherwise no `Connection`.
    /// * The other fields follow in their order.
    pub fn head(&self, version: Version, persistence: Persistence) -> Vec<u8> {
        let mut lines = vec![
            format!("HTTP/1.1 {} {}", self.status.code, self.status.phrase),
            format!("Date: {}", httpdate::fmt_http_date(SystemTime::now())),
        ];
        match &self.body {
            _ if !self.status.has_body() => (),
            Body::Bytes(bytes) => lines.push(format!("Content-Length: {}", bytes.len())),
            Body::File(_, length) => lines.push(format!("Content-Length: {length}")),
            Body::Stream(_) if version == Version::Http10 => (),
            Body::Stream(_) => lines.push("Transfer-Encoding: chunked".to_owned()),
        }
        match (persistence, version) {
            (Persistence::Close, _) => lines.push("Connection: close".to_owned()),
            (Persistence::KeepAlive, Version::Http10) => {
                lines.push("Connection: keep-alive".to_owned());
            }
            (Persistence::KeepAlive, Version::Http11) => (),
        }
        lines.extend(self.fields.iter().map(|(name, value)| format!("{name}: {value}")));
        let lines = lines.into_iter().map(|line| line + "\r\n");
        lines.chain(["\r\n".to_owned()]).collect::<String>().into_bytes()
    }
}
