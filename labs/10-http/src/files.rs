//! Step files: the answer to a request for a file.

use crate::given::errors::MessageError;
use crate::given::status::Status;
use crate::request::{Method, Request};
use crate::response::{Body, Response};
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
/// # Steps
///
/// 1. Check the method.
/// 2. Call [`find`], and build an answer for each case. [`Response::error`] makes 301, 404 and 405,
///    and [`failed`] a 500.
///
/// # Errors
///
/// Those of [`find`].
pub fn answer(root: &Root, request: &Request) -> Result<Response, MessageError> {
    // Given, so that earlier steps run. One page for all.
    if request.method == Method::Get && request.target.path == "/" {
        return Ok(Response::new(Status::OK, Body::Bytes(b"hello\n".to_vec())));
    }
    todo!("lab10, step files: answer")
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
/// # Steps
///
/// 1. Append `index.html` if the path ends in `/`, and call `name_of`.
/// 2. Call `root.open_file`. Most requests are for a file, so this comes first.
/// 3. After an error, ask `root.resolve` whether the name is a folder. Encode `/NAME/` with
///    `percent_encode`.
///
/// # Errors
///
/// Those of `name_of`.
pub fn find(root: &Root, path: &str) -> Result<Found, MessageError> {
    todo!("lab10, step files: find")
}
