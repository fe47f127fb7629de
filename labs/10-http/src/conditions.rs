//! Step conditions: a client that has the file already gets less.
//!
//! ```text
//!   200  Last-Modified, ETag        the client keeps them with the file
//!   If-None-Match: "ETAG"  ─▶ 304   the file is still the same
//!   Range: bytes=5-        ─▶ 206   the rest of it
//! ```

use crate::fields::Fields;
use crate::given::status::Status;
use crate::range::Range;
use crate::request::Request;
use crate::response::{Body, Response};
use std::fs::{File, Metadata};
use std::io::{self};

/// What tells one version of a file from another.
#[derive(Debug)]
pub struct Validators {
    /// An ETag with its quotes.
    pub etag: String,
    /// The value of Last-Modified.
    pub last_modified: String,
}

impl Validators {
    /// The validators of a file.
    ///
    /// # Contract
    ///
    /// * `etag`: a strong one, in quotes. It differs when the size differs, or the time of the last
    ///   change by a nanosecond. The form is free, without quotes, commas or spaces inside.
    /// * `last_modified`: the time of the last change, to the second.
    ///
    /// # Steps
    ///
    /// 1. Call `metadata.modified()`, and `duration_since(UNIX_EPOCH)`.
    /// 2. Format nanoseconds and size in hex.
    ///
    /// # Errors
    ///
    /// A system without times of files.
    pub fn of(metadata: &Metadata) -> io::Result<Validators> {
        todo!("lab10, step conditions: of")
    }

    /// Whether the client has this version already.
    ///
    /// # Contract
    ///
    /// * `If-None-Match`: `*`, or a list of ETags with this one in it. `W/` before an ETag is
    ///   ignored here (RFC 9110, section 13.1.2).
    /// * Only without `If-None-Match`, `If-Modified-Since` counts. Its date must not be before
    ///   `last_modified`. Text that is no date is ignored.
    ///
    /// # Steps
    ///
    /// 1. If there is a value of `if-none-match`, it decides.
    /// 2. Otherwise parse both dates with `httpdate::parse_http_date`, and compare them.
    pub fn is_known_to(&self, fields: &Fields) -> bool {
        todo!("lab10, step conditions: is_known_to")
    }
}

/// Answers GET or HEAD for an open file.
///
/// # Contract
///
/// * Each answer has `ETag`, `Last-Modified` and `Accept-Ranges: bytes`. One with bytes of the file
///   has `Content-Type: MEDIA_TYPE`.
/// * 304 without a body if the client has this version ([`Validators::is_known_to`]).
/// * A part ([`wanted_range`]) is 206 with `Content-Range: bytes FIRST-LAST/SIZE`. No part is 416
///   with `Content-Range: bytes */SIZE`.
/// * Otherwise 200 with the whole file.
///
/// # Steps
///
/// 1. Call `file.metadata()`, [`Validators::of`], and [`wanted_range`].
/// 2. Build the answer of each case. Seek to the start of a part.
/// 3. Add the three fields.
///
/// # Errors
///
/// The errors of the file. The caller answers 500.
pub fn answer_file(request: &Request, file: File, media_type: &str) -> io::Result<Response> {
    // Given, so that earlier steps run. The whole file, without conditions.
    let size = file.metadata()?.len();
    if !request.fields.iter().any(|(name, _)| name.starts_with("if-") || name == "range") {
        let whole = Response::new(Status::OK, Body::File(file, size));
        return Ok(whole.with("Content-Type", media_type));
    }
    todo!("lab10, step conditions: answer_file")
}

/// The part of a file that `request` asks for.
///
/// # Contract
///
/// * Only GET asks for a part, by its first `Range` field (`parse_range`).
/// * An `If-Range` that is neither this ETag nor this Last-Modified makes the range void.
///
/// # Steps
///
/// 1. Check the method, and look for `range`.
/// 2. Compare `if-range` with both validators, as texts.
pub fn wanted_range(request: &Request, validators: &Validators, size: u64) -> Range {
    todo!("lab10, step conditions: wanted_range")
}
