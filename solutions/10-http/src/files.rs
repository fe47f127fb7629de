//! Step files: the answer to a request for a file.

use crate::conditions;
use crate::given::errors::MessageError;
use crate::given::media_types;
use crate::given::status::Status;
use crate::path::{name_of, percent_encode};
use crate::request::{Method, Request};
use crate::response::Response;
use common::names::{Name, Root};
use common::net::reason;
use std::fs::File;
use std::io;

/// The methods that files take.
pub const ALLOWED: &str = "GET, HEAD, OPTIONS";

/// What a path leads to.
#[derive(Debug)]
pub enum Found {
    /// An open regular file.
    File(Name, File),
    /// A folder without a `/` behind it. The text is its right path, encoded for a Location field.
    Folder(String),
    /// A file that is not served, for any reason.
    Nothing,
}

/// Answers a request for a file.
///
/// # Contract
///
/// * 405 with `Allow: `[`ALLOWED`], unless the method is GET or HEAD.
/// * 301 with `Location` for a folder without a `/` behind it.
/// * 404 for a file that is not served.
/// * For a file, the answer of `conditions::answer_file`, with the media type of its name
///   (`media_types::of`) and the field `X-Content-Type-Options: nosniff`.
///
/// # Errors
///
/// Those of [`find`].
pub fn answer(root: &Root, request: &Request) -> Result<Response, MessageError> {
    if request.method != Method::Get && request.method != Method::Head {
        return Ok(Response::error(Status::METHOD_NOT_ALLOWED).with("Allow", ALLOWED));
    }
    Ok(match find(root, &request.target.path)? {
        Found::File(name, file) => {
            let media_type = media_types::of(name.file_name());
            let answer = conditions::answer_file(request, file, media_type);
            answer
                .unwrap_or_else(|error| failed(&name, &error))
                .with("X-Content-Type-Options", "nosniff")
        }
        Found::Folder(location) => {
            Response::error(Status::MOVED_PERMANENTLY).with("Location", location)
        }
        Found::Nothing => Response::error(Status::NOT_FOUND),
    })
}

/// The answer when the disk fails. The log has the reason, and the answer does not. (Given.)
pub fn failed(name: &Name, error: &io::Error) -> Response {
    common::log!("cannot read {:?}: {}", name.as_str(), reason(error));
    Response::error(Status::INTERNAL_SERVER_ERROR)
}

/// Finds the file at `path`.
///
/// # Contract
///
/// * A path that ends in `/` is that of the file `index.html` in it.
/// * A folder without `/` at the end is [`Found::Folder`]. That path begins with exactly one `/`.
///   A browser would take `//name/` for another server.
/// * All else that `name_of` or [`Root`] does not give is [`Found::Nothing`].
///
/// # Errors
///
/// Those of `name_of`.
pub fn find(root: &Root, path: &str) -> Result<Found, MessageError> {
    let index = if path.ends_with('/') { "index.html" } else { "" };
    let Some(name) = name_of(&format!("{path}{index}"))? else { return Ok(Found::Nothing) };
    Ok(match root.open_file(&name) {
        Ok(file) => Found::File(name, file),
        Err(_) if root.resolve(&name).is_ok_and(|path| path.is_dir()) => {
            Found::Folder(percent_encode(&format!("/{name}/")))
        }
        Err(_) => Found::Nothing,
    })
}
