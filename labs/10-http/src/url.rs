//! Step client: a URL, and a redirect from one to another.
//!
//! ```text
//!   http://localhost:7010/notes.txt?page=2#top
//!          HOST      PORT TARGET            cut
//! ```

use crate::given::errors::GetError;

/// A URL of the scheme `http`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    /// HOST, or HOST:PORT, as the Host field has it.
    pub authority: String,
    /// The path and the query, as the request line has them. It begins with `/`.
    pub target: String,
}

impl Url {
    /// Parses `http://HOST[:PORT][/PATH][?QUERY]`.
    ///
    /// # Contract
    ///
    /// * The scheme may have any case. A missing path is `/`. A fragment (`#…`) is cut off.
    /// * HOST is not empty and passes `is_host`. An IPv6 address is in brackets. PORT is 0 to 65535
    ///   in decimal digits.
    /// * Only visible ASCII characters. A space or a line end would end the request line, and the
    ///   rest would be the next line of our request.
    ///
    /// # Steps
    ///
    /// 1. Check all bytes, then the scheme. Cut the fragment off.
    /// 2. The authority ends before the first `/` or `?`. Check it with [`Url::address`].
    ///
    /// # Errors
    ///
    /// [`GetError::Url`] with [`CHARACTERS`], [`SCHEME`], or [`AUTHORITY`].
    pub fn parse(text: &str) -> Result<Url, GetError> {
        todo!("lab10, step client: parse")
    }

    /// The host without brackets, and the port, 80 if there is none.
    ///
    /// # Contract
    ///
    /// * As in [`Url::parse`].
    ///
    /// # Steps
    ///
    /// 1. In `[…]`, colons belong to the host. Otherwise the first colon ends it.
    /// 2. Check the host and the digits of the port.
    ///
    /// # Errors
    ///
    /// [`GetError::Url`] with [`AUTHORITY`].
    pub fn address(&self) -> Result<(&str, u16), GetError> {
        todo!("lab10, step client: address")
    }

    /// The URL that a Location field of an answer from this URL names (RFC 3986, section 5).
    ///
    /// # Contract
    ///
    /// * A whole URL; `//HOST/PATH` with this scheme; `/PATH` with this host; `?QUERY` with this
    ///   path; `#FRAGMENT` or nothing for this URL; otherwise a path from the folder of this path.
    /// * `.` and `..` as parts of a path from this folder are resolved. `..` does not leave the root.
    ///
    /// # Steps
    ///
    /// 1. A scheme ends at a colon that is before any `/`, `?` and `#`.
    /// 2. Build the text of the new URL for each case, and call [`Url::parse`].
    ///
    /// # Errors
    ///
    /// Those of [`Url::parse`]. So another scheme is refused.
    pub fn join(&self, location: &str) -> Result<Url, GetError> {
        todo!("lab10, step client: join")
    }
}
/// Why a text with other characters is no URL.
pub const CHARACTERS: &str = "a URL has only visible ASCII characters";
/// Why a text with another scheme is no URL for us.
pub const SCHEME: &str = "only http:// URLs are supported";
/// Why a host or port is wrong.
pub const AUTHORITY: &str = "after http:// a host and perhaps a port must follow";
