//! Step head: a request without its body.
//!
//! ```text
//!   GET /notes.txt?page=2 HTTP/1.1     METHOD SP TARGET SP VERSION
//!   Host: localhost:7010               fields
//!                                      the empty line
//! ```

use crate::fields::Fields;
use crate::given::errors::Refusal;
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
/// # Steps
///
/// 1. Read a line of at most [`MAX_REQUEST_LINE`] bytes. Read another one if it is empty.
/// 2. Call [`parse_request_line`], `Fields::read` and [`check_host`], in this order.
///
/// # Errors
///
/// * 414: the request line is too long. 431: the fields are too many or too long.
/// * Those of the functions above.
pub fn read_request(input: &mut impl BufRead) -> Result<Request, Refusal> {
    todo!("lab10, step head: read_request")
}

/// Parses `METHOD SP TARGET SP VERSION`.
///
/// # Contract
///
/// * Exactly one space divides the three parts, and none of them is empty.
/// * The method is one of [`Method`], in upper case.
/// * The version is `HTTP/1.` and one digit.
///
/// # Steps
///
/// 1. Split the line at each space. Check that there are three parts, and that the method is a
///    token.
/// 2. Look the method up with [`Method::from_name`], and parse the version.
/// 3. Call [`Target::parse`].
///
/// # Errors
///
/// * 400 with [`REQUEST_LINE`]: not three parts, a method that is no token, or a version that is not
///   `HTTP/`, a digit, a dot and a digit.
/// * 501: any other method. 505: any other version of that form. A 501 comes before a 505.
/// * Those of [`Target::parse`].
pub fn parse_request_line(line: &[u8]) -> Result<(Method, Target, Version), Refusal> {
    todo!("lab10, step head: parse_request_line")
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
    /// # Steps
    ///
    /// 1. Check the bytes with [`u8::is_ascii_graphic`].
    /// 2. Take `http://HOST` off the front. HOST ends before the first `/` or `?`.
    /// 3. Split the rest at its first `?`, and check that the path begins with `/`.
    ///
    /// # Errors
    ///
    /// 400 with [`TARGET`].
    pub fn parse(text: &[u8], method: Method) -> Result<Target, Refusal> {
        todo!("lab10, step head: parse")
    }
}

/// Checks the Host field (RFC 9112, section 3.2).
///
/// # Contract
///
/// * A request of HTTP/1.1 has exactly one. One of HTTP/1.0 has at most one.
/// * Its value passes [`is_host`].
///
/// # Steps
///
/// 1. Collect the values of `host`.
/// 2. Check their number, then the value.
///
/// # Errors
///
/// 400 with [`HOST`].
pub fn check_host(version: Version, fields: &Fields) -> Result<(), Refusal> {
    todo!("lab10, step head: check_host")
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
