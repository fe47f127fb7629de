//! Step resolve: a name is a question with several answers.
//!
//! ```text
//!   localhost:http ─▶ host "localhost" ─▶ getaddrinfo ─▶ ::1, 127.0.0.1 ─▶ [::1]:80 ipv6
//!                  └▶ port "http"      ─▶ services    ─▶ 80             └▶ 127.0.0.1:80 ipv4
//! ```

use crate::given::errors::{AddressError, ResolveError};
use crate::text;
use common::services;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};

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
/// # Errors
///
/// * [`ResolveError::NoPort`]: nothing is behind the colon or the bracket, or there is no colon.
/// * [`ResolveError::NoHost`]: nothing is in front of it.
/// * [`ResolveError::NoBrackets`]: without brackets there is more than one colon, or a bracket is
///   not closed.
pub fn divide(text: &str) -> Result<Parts<'_>, ResolveError> {
    let (host, port, has_brackets) = match text.strip_prefix('[') {
        Some(inside) => {
            let (host, port) = inside.split_once(']').ok_or(ResolveError::NoBrackets)?;
            (host, port.strip_prefix(':').ok_or(ResolveError::NoPort)?, true)
        }
        None => {
            let (host, port) = text.split_once(':').ok_or(ResolveError::NoPort)?;
            (host, port, false)
        }
    };
    if port.contains(':') {
        return Err(ResolveError::NoBrackets);
    }
    if port.is_empty() {
        return Err(ResolveError::NoPort);
    }
    if host.is_empty() {
        return Err(ResolveError::NoHost);
    }
    Ok(Parts { host, port, has_brackets })
}

/// The number of a port.
///
/// # Contract
///
/// * Digits only are a number from 0 to 65535, however many zeros are in front. Anything else is
///   the name of a service (`common::services::port_of`).
///
/// # Errors
///
/// [`ResolveError::UnknownPort`].
pub fn port(text: &str) -> Result<u16, ResolveError> {
    let number = match text.bytes().all(|byte| byte.is_ascii_digit()) {
        true => text.parse().ok(),
        false => services::port_of(text),
    };
    number.ok_or(ResolveError::UnknownPort)
}

/// Whether `host` looks like a number to some programs: inet_aton(3) takes `127.1`, `0x7f.1` and
/// `2130706433` for 127.0.0.1.
///
/// # Contract
///
/// * It does if its last part has digits only, or `0x` (or `0X`) and hexadecimal digits only.
///   Parts are separated by dots, and one dot at the end does not count.
pub fn ends_in_number(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    let last = host.rsplit('.').next().unwrap_or(host);
    let hexadecimal = last.strip_prefix("0x").or(last.strip_prefix("0X"));
    match hexadecimal {
        Some(digits) => digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None => !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()),
    }
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
/// # Errors
///
/// Those of [`divide`], [`port`] and [`text::parse`](crate::text::parse),
/// [`ResolveError::NotAName`], and [`ResolveError::NotFound`].
pub fn resolve(target: &str) -> Result<Vec<SocketAddr>, ResolveError> {
    let Parts { host, port, has_brackets } = divide(target)?;
    let port = self::port(port)?;
    if has_brackets {
        if !host.contains(':') {
            return Err(ResolveError::Address(AddressError::NotIpv6));
        }
        text::parse(host).map_err(ResolveError::Address)?;
        return look_up(host, port);
    }
    if host == "*" {
        return Ok(vec![
            SocketAddr::from((Ipv6Addr::UNSPECIFIED, port)),
            SocketAddr::from((Ipv4Addr::UNSPECIFIED, port)),
        ]);
    }
    match text::parse_ipv4(host) {
        Ok(ip) => Ok(vec![SocketAddr::from((ip, port))]),
        Err(_) if ends_in_number(host) => Err(ResolveError::NotAName),
        Err(_) => look_up(host, port),
    }
}

/// Asks the resolver of the system (getaddrinfo(3)). It knows zones, too.
fn look_up(host: &str, port: u16) -> Result<Vec<SocketAddr>, ResolveError> {
    let mut addresses: Vec<SocketAddr> = Vec::new();
    for address in (host, port).to_socket_addrs().map_err(ResolveError::NotFound)? {
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    Ok(addresses)
}

/// The line of `resolve` about one address: `127.0.0.1:80 ipv4`, `[::1]:80 ipv6`.
pub fn describe(address: &SocketAddr) -> String {
    let family = if address.is_ipv4() { "ipv4" } else { "ipv6" };
    format!("{address} {family}")
}
