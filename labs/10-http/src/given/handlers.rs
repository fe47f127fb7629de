//! The answers that are no files, under `/-/`. (Given. They call your functions.)
//!
//! | path | methods | answer |
//! | --- | --- | --- |
//! | `/-/query?a=1&b=x+y` | GET, HEAD | `a=1\nb=x y\n` |
//! | `/-/echo` | POST | the body, with its Content-Type |
//! | `/-/count?to=N` | GET, HEAD | the lines 1 to N |
//! | `/-/break` | GET, HEAD | a line, and then the handler fails: RST |
//! | `/-/fail` | GET, HEAD | 500 |

use super::errors::MessageError;
use super::status::Status;
use crate::files;
use crate::query::parse_query;
use crate::request::{Method, Request};
use crate::response::{Body, Response};
use crate::stream::or_server_error;
use common::names::Root;
use std::io::{self, Write};

/// Whether the answer to `request` needs its body.
pub fn wants_body(request: &Request) -> bool {
    request.method == Method::Post && request.target.path == "/-/echo"
}

/// Answers a request with a whole `body`.
pub fn respond(root: &Root, request: &Request, body: Vec<u8>) -> Result<Response, MessageError> {
    let path = request.target.path.as_str();
    let allowed = match path {
        "*" => "GET, HEAD, POST, OPTIONS",
        "/-/echo" => "POST, OPTIONS",
        _ => files::ALLOWED,
    };
    if request.method == Method::Options {
        let nothing = Body::Bytes(Vec::new());
        return Ok(Response::new(Status::NO_CONTENT, nothing).with("Allow", allowed));
    }
    if !path.starts_with("/-/") {
        return files::answer(root, request);
    }
    let is_allowed = match path {
        "/-/echo" => request.method == Method::Post,
        _ => matches!(request.method, Method::Get | Method::Head),
    };
    if !is_allowed {
        return Ok(Response::error(Status::METHOD_NOT_ALLOWED).with("Allow", allowed));
    }
    match path {
        "/-/echo" => Ok(echo(request, body)),
        "/-/query" => query(request),
        "/-/count" => count(request),
        "/-/break" => Ok(break_off()),
        "/-/fail" => Ok(or_server_error(fail())),
        _ => Ok(Response::error(Status::NOT_FOUND)),
    }
}

fn echo(request: &Request, body: Vec<u8>) -> Response {
    let media_type = request.fields.first("content-type").unwrap_or("application/octet-stream");
    Response::new(Status::OK, Body::Bytes(body)).with("Content-Type", media_type)
}

fn query(request: &Request) -> Result<Response, MessageError> {
    let pairs = parse_query(request.target.query.as_deref().unwrap_or(""))?;
    let text: String = pairs.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
    Ok(plain(Body::Bytes(text.into_bytes())))
}

/// Most lines of an answer.
const MAX_COUNT: u32 = 1_000_000;

fn count(request: &Request) -> Result<Response, MessageError> {
    let pairs = parse_query(request.target.query.as_deref().unwrap_or(""))?;
    let to = pairs.iter().find(|(name, _)| name == "to").and_then(|(_, text)| text.parse().ok());
    let to: u32 = to.filter(|to| *to <= MAX_COUNT).ok_or(MessageError::Malformed(COUNT))?;
    let lines =
        move |output: &mut dyn Write| (1..=to).try_for_each(|line| writeln!(output, "{line}"));
    Ok(plain(Body::Stream(Box::new(lines))))
}

/// The reason of a 400 for a count without a limit.
const COUNT: &str = "to is a number up to 1000000";

/// A body whose handler fails when a line is written.
fn break_off() -> Response {
    plain(Body::Stream(Box::new(|output| {
        output.write_all(b"1\n")?;
        Err(io::Error::other("the database is gone"))
    })))
}

/// A handler that cannot do its work. Its reason is for the log only.
fn fail() -> Result<Response, &'static str> {
    Err("/srv/secret.db: the database\nis not here")
}

fn plain(body: Body) -> Response {
    Response::new(Status::OK, body).with("Content-Type", "text/plain; charset=utf-8")
}
