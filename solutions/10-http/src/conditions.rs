//! Step conditions: a client that has the file already gets less.
//!
//! ```text
//!   200  Last-Modified, ETag        the client keeps them with the file
//!   If-None-Match: "ETAG"  ─▶ 304   the file is still the same
//!   Range: bytes=5-        ─▶ 206   the rest of it
//! ```

use crate::fields::Fields;
use crate::given::status::Status;
use crate::range::{Range, parse_range};
use crate::request::{Method, Request};
use crate::response::{Body, Response};
use std::fs::{File, Metadata};
use std::io::{self, Seek, SeekFrom};
use std::time::{Duration, SystemTime};

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
    /// # Errors
    ///
    /// A system without times of files.
    pub fn of(metadata: &Metadata) -> io::Result<Validators> {
        let modified = metadata.modified()?;
        let since = modified.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let etag = format!("\"{:x}-{:x}\"", since.as_nanos(), metadata.len());
        // A time before 1970 has no form that all clients know.
        let modified = SystemTime::UNIX_EPOCH + Duration::from_secs(since.as_secs());
        Ok(Validators { etag, last_modified: httpdate::fmt_http_date(modified) })
    }

    /// Whether the client has this version already.
    ///
    /// # Contract
    ///
    /// * `If-None-Match`: `*`, or a list of ETags with this one in it. `W/` before an ETag is
    ///   ignored here (RFC 9110, section 13.1.2).
    /// * Only without `If-None-Match`, `If-Modified-Since` counts. Its date must not be before
    ///   `last_modified`. Text that is no date is ignored.
    pub fn is_known_to(&self, fields: &Fields) -> bool {
        let is_ours = |tag: &str| {
            let tag = tag.trim_matches([' ', '\t']);
            tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == self.etag
        };
        if fields.first("if-none-match").is_some() {
            return fields.all("if-none-match").flat_map(|value| value.split(',')).any(is_ours);
        }
        let known = fields.first("if-modified-since").map(httpdate::parse_http_date);
        match (known, httpdate::parse_http_date(&self.last_modified)) {
            (Some(Ok(known)), Ok(modified)) => modified <= known,
            _ => false,
        }
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
/// # Errors
///
/// The errors of the file. The caller answers 500.
pub fn answer_file(request: &Request, file: File, media_type: &str) -> io::Result<Response> {
    let metadata = file.metadata()?;
    let validators = Validators::of(&metadata)?;
    let size = metadata.len();
    let response = match wanted_range(request, &validators, size) {
        _ if validators.is_known_to(&request.fields) => {
            Response::new(Status::NOT_MODIFIED, Body::Bytes(Vec::new()))
        }
        Range::Whole => {
            Response::new(Status::OK, Body::File(file, size)).with("Content-Type", media_type)
        }
        Range::Part { start, length } => {
            part(file, start, length, size)?.with("Content-Type", media_type)
        }
        Range::Beyond => Response::error(Status::RANGE_NOT_SATISFIABLE)
            .with("Content-Range", format!("bytes */{size}")),
    };
    Ok(response
        .with("ETag", validators.etag)
        .with("Last-Modified", validators.last_modified)
        .with("Accept-Ranges", "bytes"))
}

fn part(mut file: File, start: u64, length: u64, size: u64) -> io::Result<Response> {
    file.seek(SeekFrom::Start(start))?;
    let range = format!("bytes {start}-{}/{size}", start + length - 1);
    let response = Response::new(Status::PARTIAL_CONTENT, Body::File(file, length));
    Ok(response.with("Content-Range", range))
}

/// The part of a file that `request` asks for.
///
/// # Contract
///
/// * Only GET asks for a part, by its first `Range` field (`parse_range`).
/// * An `If-Range` that is neither this ETag nor this Last-Modified makes the range void.
pub fn wanted_range(request: &Request, validators: &Validators, size: u64) -> Range {
    let fields = &request.fields;
    let is_ours = |value: &str| value == validators.etag || value == validators.last_modified;
    match fields.first("range") {
        Some(range)
            if request.method == Method::Get && fields.first("if-range").is_none_or(is_ours) =>
        {
            parse_range(range, size)
        }
        _ => Range::Whole,
    }
}
