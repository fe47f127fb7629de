//! The statuses that the server sends (RFC 9110, section 15). (Given.)

/// A status code and its phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// Three digits.
    pub code: u16,
    /// For people. Programs read only the code.
    pub phrase: &'static str,
}

macro_rules! statuses {
    ($($name:ident $code:literal $phrase:literal)*) => {
        impl Status {
            $(pub const $name: Status = Status { code: $code, phrase: $phrase };)*
        }
    };
}

statuses! {
    OK 200 "OK"
    NO_CONTENT 204 "No Content"
    PARTIAL_CONTENT 206 "Partial Content"
    MOVED_PERMANENTLY 301 "Moved Permanently"
    NOT_MODIFIED 304 "Not Modified"
    BAD_REQUEST 400 "Bad Request"
    NOT_FOUND 404 "Not Found"
    METHOD_NOT_ALLOWED 405 "Method Not Allowed"
    REQUEST_TIMEOUT 408 "Request Timeout"
    CONTENT_TOO_LARGE 413 "Content Too Large"
    URI_TOO_LONG 414 "URI Too Long"
    RANGE_NOT_SATISFIABLE 416 "Range Not Satisfiable"
    EXPECTATION_FAILED 417 "Expectation Failed"
    FIELDS_TOO_LARGE 431 "Request Header Fields Too Large"
    INTERNAL_SERVER_ERROR 500 "Internal Server Error"
    NOT_IMPLEMENTED 501 "Not Implemented"
    SERVICE_UNAVAILABLE 503 "Service Unavailable"
    VERSION_NOT_SUPPORTED 505 "HTTP Version Not Supported"
}

impl Status {
    /// Whether its answer has a body. 204 and 304 have none (RFC 9110, section 6.4.1).
    pub fn has_body(self) -> bool {
        self != Status::NO_CONTENT && self != Status::NOT_MODIFIED
    }
}
