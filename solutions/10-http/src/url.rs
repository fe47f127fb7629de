//! Step client: a URL, and a redirect from one to another.
//!
//! ```text
//!   http://localhost:7010/notes.txt?page=2#top
//!          HOST      PORT TARGET            cut
//! ```

use crate::given::errors::GetError;
use crate::request::is_host;

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
    /// # Errors
    ///
    /// [`GetError::Url`] with [`CHARACTERS`], [`SCHEME`], or [`AUTHORITY`].
    pub fn parse(text: &str) -> Result<Url, GetError> {
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(GetError::Url(CHARACTERS));
        }
        let rest = match text.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => rest,
            _ => return Err(GetError::Url(SCHEME)),
        };
        let rest = rest.split('#').next().unwrap_or(rest);
        let (authority, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let slash = if target.starts_with('/') { "" } else { "/" };
        let url = Url { authority: authority.to_owned(), target: format!("{slash}{target}") };
        url.address().map(|_| url.clone())
    }

    /// The host without brackets, and the port, 80 if there is none.
    ///
    /// # Contract
    ///
    /// * As in [`Url::parse`].
    ///
    /// # Errors
    ///
    /// [`GetError::Url`] with [`AUTHORITY`].
    pub fn address(&self) -> Result<(&str, u16), GetError> {
        const WRONG: GetError = GetError::Url(AUTHORITY);
        let (host, port) = match self.authority.strip_prefix('[') {
            Some(rest) => rest.split_once(']').ok_or(WRONG)?,
            None => {
                self.authority.split_at(self.authority.find(':').unwrap_or(self.authority.len()))
            }
        };
        if host.is_empty() || !is_host(host) {
            return Err(WRONG);
        }
        let digits = match port {
            "" => return Ok((host, 80)),
            port => port.strip_prefix(':').ok_or(WRONG)?,
        };
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse().ok().filter(|_| is_number).map(|port| (host, port)).ok_or(WRONG)
    }

    /// The URL that a Location field of an answer from this URL names (RFC 3986, section 5).
    ///
    /// # Contract
    ///
    /// * A whole URL; `//HOST/PATH` with this scheme; `/PATH` with this host; `?QUERY` with this
    ///   path; `#FRAGMENT` or nothing for this URL; otherwise a path from the folder of this path.
    /// * `.` and `..` as parts of a path from this folder are resolved. `..` does not leave the root.
    ///
    /// # Errors
    ///
    /// Those of [`Url::parse`]. So another scheme is refused.
    pub fn join(&self, location: &str) -> Result<Url, GetError> {
        let authority = &self.authority;
        let path = self.target.split('?').next().unwrap_or("/");
        let start = location.split(['/', '?', '#']).next().unwrap_or("");
        Url::parse(&match location.chars().next() {
            _ if start.contains(':') => location.to_owned(),
            _ if location.starts_with("//") => format!("http:{location}"),
            Some('/') => format!("http://{authority}{location}"),
            Some('?') => format!("http://{authority}{path}{location}"),
            None | Some('#') => format!("http://{authority}{}", self.target),
            Some(_) => format!("http://{authority}{}", from_folder(path, location)),
        })
    }
}

/// `relative` from the folder of `path` on, without the parts `.` and `..`.
fn from_folder(path: &str, relative: &str) -> String {
    let end = relative.find(['?', '#']).unwrap_or(relative.len());
    let (relative, rest) = relative.split_at(end);
    let mut parts: Vec<&str> = path.split('/').skip(1).collect();
    parts.pop();
    let mut names = relative.split('/').peekable();
    while let Some(name) = names.next() {
        let is_last = names.peek().is_none();
        match name {
            "." => (),
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
        if is_last && matches!(name, "." | "..") {
            parts.push("");
        }
    }
    format!("/{}{rest}", parts.join("/"))
}

/// Why a text with other characters is no URL.
pub const CHARACTERS: &str = "a URL has only visible ASCII characters";
/// Why a text with another scheme is no URL for us.
pub const SCHEME: &str = "only http:// URLs are supported";
/// Why a host or port is wrong.
pub const AUTHORITY: &str = "after http:// a host and perhaps a port must follow";
