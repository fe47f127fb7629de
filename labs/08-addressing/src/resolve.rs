//! Step resolve: a name is a question with several answers.
//!
//! ```text
//!   localhost:http ─▶ host "localhost" ─▶ getaddrinfo ─▶ ::1, 127.0.0.1 ─▶ [::1]:80 ipv6
//!                  └▶ port "http"      ─▶ services    ─▶ 80             └▶ 127.0.0.1:80 ipv4
//! ```

use crate::given::errors::ResolveError;
use std::net::SocketAddr;

/// The two parts of HOST:PORT, as texts and without brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts<'a> {
    /// The host.
    pub host: &'a str,
    /// The port.
    pub port: &'a str,
    /// Whether the host was in brackets, so that it must be an IPv6 address.
    pub has_brackets: bool,
}

/// Divides `text` into host and port.
///
/// # Contract
///
/// * `[HOST]:PORT`, and without brackets `HOST:PORT`, where HOST has no colon.
/// * Neither part is empty.
///
/// # Steps
///
/// 1. With a `[` in front, `split_once(']')`, and a colon must follow.
/// 2. Without it, `split_once(':')`. A second colon means IPv6 without brackets.
///
/// # Errors
///
/// * [`ResolveError::NoPort`]: nothing is behind the colon or the bracket, or there is no colon.
/// * [`ResolveError::NoHost`]: nothing is in front of it.
/// * [`ResolveError::NoBrackets`]: without brackets there is more than one colon, or a bracket is
///   not closed.
pub fn divide(text: &str) -> Result<Parts<'_>, ResolveError> {
    todo!("lab08, step resolve: divide")
}

/// The number of a port.
///
/// # Contract
///
/// * Digits only are a number from 0 to 65535, however many zeros are in front. Anything else is
///   the name of a service (`common::services::port_of`).
///
/// # Steps
///
/// 1. `parse` of a u16 also takes `+80`, so look at the characters first.
///
/// # Errors
///
/// [`ResolveError::UnknownPort`].
pub fn port(text: &str) -> Result<u16, ResolveError> {
    todo!("lab08, step resolve: port")
}

/// Whether `host` looks like a number to some programs: inet_aton(3) takes `127.1`, `0x7f.1` and
/// `2130706433` for 127.0.0.1.
///
/// # Contract
///
/// * It does if its last part has digits only, or `0x` (or `0X`) and hexadecimal digits only.
///   Parts are separated by dots, and one dot at the end does not count.
///
/// # Steps
///
/// 1. Strip one dot at the end, and take the last part by `rsplit('.')`.
pub fn ends_in_number(host: &str) -> bool {
    todo!("lab08, step resolve: ends_in_number")
}

/// The addresses of HOST:PORT.
///
/// # Contract
///
/// * HOST is an IPv4 text, an IPv6 text in brackets (with a zone, if it is of one link), `*`, or a
///   name. `*` stands for `[::]` and `0.0.0.0`, in this order.
/// * A text in brackets without a colon is `AddressError::NotIpv6`, whatever else it is.
/// * A host that ends in a number and is no IPv4 text is refused, and not looked up.
/// * The addresses of a name have the resolver's order, and each comes once.
///
/// # Steps
///
/// 1. Divide, and find the port. Then decide by the host: brackets, `*`, IPv4 text, number, name.
/// 2. `(host, port).to_socket_addrs()` asks the resolver. It takes IPv6 with a zone, too, without
///    brackets.
/// 3. A resolver may return an address twice. Keep the first.
///
/// # Errors
///
/// Those of [`divide`], [`port`] and [`text::parse`](crate::text::parse),
/// [`ResolveError::NotAName`], and [`ResolveError::NotFound`].
pub fn resolve(target: &str) -> Result<Vec<SocketAddr>, ResolveError> {
    todo!("lab08, step resolve: resolve")
}

/// The line of `resolve` about one address: `127.0.0.1:80 ipv4`, `[::1]:80 ipv6`.
pub fn describe(address: &SocketAddr) -> String {
    let family = if address.is_ipv4() { "ipv4" } else { "ipv6" };
    format!("{address} {family}")
}
