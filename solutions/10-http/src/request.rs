//! Step head: a request without its body.
//!
//! ```text
//!   GET /notes.txt?page=2 HTTP/1.1     METHOD SP TARGET SP VERSION
//!   Host: localhost:7010               fields
//!                                      the empty line
//! ```

use crate::fields::{Fields, is_token};
use crate::given::errors::{MessageError, Refusal};
use crate::given::status::Status;
use crate::line::{LineEnding, read_line};
use std::io::BufRead;

/// Most bytes of a request line, without its ending.
pub const MAX_REQUEST_LINE: usize = 8192;
/// Most bytes of the fields, with their endings and the empty line.
pub const MAX_FIELD_BYTES: usize = 16_384;

/// A request without its body.
#[derive(Debug)]
pub struct Request {
    /// What the client wants to do.
    pub method: Method,
    /// With what.
    pub target: Target,
    /// Which protocol the client speaks.
    pub version: Version,
    /// Its fields.
    pub fields: Fields,
}

/// The methods of RFC 9110, section 9, and RFC 5789.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// A file or an answer.
    Get,
    /// The same without the body.
    Head,
    /// Something for a handler.
    Post,
    /// A file to store.
    Put,
    /// A file to delete.
    Delete,
    /// A tunnel, for proxies.
    Connect,
    /// Which methods apply.
    Options,
    /// The request as it arrived.
    Trace,
    /// A change to a file.
    Patch,
}

/// The version of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// `HTTP/1.0`: the connection closes unless the client asks to keep it.
    Http10,
    /// `HTTP/1.1` to `HTTP/1.9`: the connection stays open unless the client asks to close it.
    Http11,
}

/// What a request is about.
#[derive(Debug, PartialEq, Eq)]
pub struct Target {
    /// The host of `http://HOST/PATH`.
    pub host: Option<String>,
    /// `/PATH`, still percent-encoded, or `*`.
    pub path: String,
    /// The text behind the first `?`, still percent-encoded.
    pub query: Option<String>,
}

/// Reads a request up to the empty line that ends its head.
///
/// # Contract
///
/// * One empty line before the request line is skipped (RFC 9112, section 2.2), and no more.
///
/// # Errors
///
/// * 414: the request line is too long. 431: the fields are too many or too long.
/// * Those of the functions above.
pub fn read_request(input: &mut impl BufRead) -> Result<Request, Refusal> {
    let mut line = read_request_line(input)?;
    if line.is_empty() {
        line = read_request_line(input)?;
    }
    let (method, target, version) = parse_request_line(&line)?;
    let fields = Fields::read(input, MAX_FIELD_BYTES, LineEnding::CrLf)?;
    check_host(version, &fields)?;
    Ok(Request { method, target, version, fields })
}

fn read_request_line(input: &mut impl BufRead) -> Result<Vec<u8>, Refusal> {
    read_line(input, MAX_REQUEST_LINE, LineEnding::CrLf).map_err(|error| match error {
        MessageError::TooLong => Refusal::Answer(Status::URI_TOO_LONG, ""),
        error => error.into(),
    })
}

/// Parses `METHOD SP TARGET SP VERSION`.
///
/// # Contract
///
/// * Exactly one space divides the three parts, and none of them is empty.
/// * The method is one of [`Method`], in upper case.
/// * The version is `HTTP/1.` and one digit.
///
/// # Errors
///
/// * 400 with [`REQUEST_LINE`]: not three parts, a method that is no token, or a version that is not
///   `HTTP/`, a digit, a dot and a digit.
/// * 501: any other method. 505: any other version of that form. A 501 comes before a 505.
/// * Those of [`Target::parse`].
pub fn parse_request_line(line: &[u8]) -> Result<(Method, Target, Version), Refusal> {
    let parts: Vec<&[u8]> = line.split(|byte| *byte == b' ').collect();
    let [method, target, version] = parts[..] else { return Err(bad(REQUEST_LINE)) };
    let b"HTTP/" = &version[..version.len().min(5)] else { return Err(bad(REQUEST_LINE)) };
    let [major @ b'0'..=b'9', b'.', minor @ b'0'..=b'9'] = version[5..] else {
        return Err(bad(REQUEST_LINE));
    };
    if !is_token(method) || target.is_empty() {
        return Err(bad(REQUEST_LINE));
    }
    let method = Method::from_name(method).ok_or(refuse(Status::NOT_IMPLEMENTED))?;
    let version = match (major, minor) {
        (b'1', b'0') => Version::Http10,
        (b'1', _) => Version::Http11,
        _ => return Err(refuse(Status::VERSION_NOT_SUPPORTED)),
    };
    Ok((method, Target::parse(target, method)?, version))
}

fn bad(reason: &'static str) -> Refusal {
    MessageError::Malformed(reason).into()
}

fn refuse(status: Status) -> Refusal {
    Refusal::Answer(status, "")
}

impl Method {
    /// The method with this name, in upper case. (Given.)
    pub fn from_name(name: &[u8]) -> Option<Method> {
        Some(match name {
            b"GET" => Method::Get,
            b"HEAD" => Method::Head,
            b"POST" => Method::Post,
            b"PUT" => Method::Put,
            b"DELETE" => Method::Delete,
            b"CONNECT" => Method::Connect,
            b"OPTIONS" => Method::Options,
            b"TRACE" => Method::Trace,
            b"PATCH" => Method::Patch,
            _ => return None,
        })
    }
}

impl Target {
    /// Parses the target of a request.
    ///
    /// # Contract
    ///
    /// * It is `/PATH[?QUERY]`, `http://HOST[/PATH][?QUERY]`, or `*` for OPTIONS. The scheme may have
    ///   any case, a missing PATH is `/`, and HOST passes [`is_host`] and is not empty.
    /// * All its bytes are visible ASCII characters, and none is `#`.
    ///
    /// # Errors
    ///
    /// 400 with [`TARGET`].
    pub fn parse(text: &[u8], method: Method) -> Result<Target, Refusal> {
        let text = str::from_utf8(text).map_err(|_| bad(TARGET))?;
        if text.bytes().any(|byte| !byte.is_ascii_graphic() || byte == b'#') {
            return Err(bad(TARGET));
        }
        if text == "*" && method == Method::Options {
            return Ok(Target { host: None, path: "*".to_owned(), query: None });
        }
        let (host, rest) = take_host(text)?;
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (rest, None),
        };
        let path = if host.is_some() && path.is_empty() { "/" } else { path };
        match path.starts_with('/') {
            true => Ok(Target { host, path: path.to_owned(), query }),
            false => Err(bad(TARGET)),
        }
    }
}

/// The host of an absolute target, and the text behind it.
fn take_host(text: &str) -> Result<(Option<String>, &str), Refusal> {
    const SCHEME: &str = "http://";
    if !text.get(..SCHEME.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCHEME)) {
        return Ok((None, text));
    }
    let rest = &text[SCHEME.len()..];
    let (host, rest) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    match is_host(host) && !host.is_empty() {
        true => Ok((Some(host.to_owned()), rest)),
        false => Err(bad(TARGET)),
    }
}

/// Checks the Host field (RFC 9112, section 3.2).
///
/// # Contract
///
/// * A request of HTTP/1.1 has exactly one. One of HTTP/1.0 has at most one.
/// * Its value passes [`is_host`].
///
/// # Errors
///
/// 400 with [`HOST`].
pub fn check_host(version: Version, fields: &Fields) -> Result<(), Refusal> {
    let hosts: Vec<&str> = fields.all("host").collect();
    let is_right = match hosts[..] {
        [] => version == Version::Http10,
        [host] => is_host(host),
        _ => false,
    };
    if is_right { Ok(()) } else { Err(bad(HOST)) }
}

/// Whether `text` has only the characters of a host and a port. It may be empty. (Given.)
pub fn is_host(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=:[]".contains(&byte))
}

/// The reason of a 400 for a wrong request line.
pub const REQUEST_LINE: &str = "a request line is METHOD TARGET HTTP/1.1, with single spaces";
/// The reason of a 400 for a wrong target.
pub const TARGET: &str = "a target is /PATH or http://HOST/PATH, in visible ASCII characters";
/// The reason of a 400 for a missing, second or wrong Host.
pub const HOST: &str = "HTTP/1.1 needs exactly one Host field";
