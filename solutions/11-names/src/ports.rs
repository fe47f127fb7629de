//! Step ports: a list of ports, such as `22,80,8000-8100`.

use crate::given::errors::PortsError;
use std::collections::BTreeSet;

/// A port as a number.
///
/// # Contract
///
/// * A number from 1 to 65535, with decimal digits only.
///
/// # Errors
///
/// [`PortsError::NotAPort`].
pub fn parse_port(text: &str) -> Result<u16, PortsError> {
    // `parse` would take a sign, too.
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(PortsError::NotAPort);
    }
    text.parse().ok().filter(|port| *port > 0).ok_or(PortsError::NotAPort)
}

/// A list of ports.
///
/// # Contract
///
/// * Parts are separated by commas. Each is a port, or a range `FIRST-LAST` with both ends.
/// * The result is in ascending order, and each port is in it once.
///
/// # Errors
///
/// Those of [`parse_port`], and [`PortsError::Descending`] for a range that ends in front of its
/// start.
pub fn parse(text: &str) -> Result<Vec<u16>, PortsError> {
    let mut ports = BTreeSet::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (parse_port(first)?, parse_port(last)?);
        if last < first {
            return Err(PortsError::Descending);
        }
        // Inclusive: a u16 cannot be one more than 65535.
        ports.extend(first..=last);
    }
    Ok(ports.into_iter().collect())
}
