//! Step ports: a list of ports, such as `22,80,8000-8100`.

use crate::given::errors::PortsError;

/// A port as a number.
///
/// # Contract
///
/// * A number from 1 to 65535, with decimal digits only.
///
/// # Steps
///
/// 1. Look at the characters first, because `parse` takes a sign, too.
/// 2. `parse::<u16>` refuses a number that is too large. Refuse 0, too.
///
/// # Errors
///
/// [`PortsError::NotAPort`].
pub fn parse_port(text: &str) -> Result<u16, PortsError> {
    todo!("lab11, step ports: parse_port")
}

/// A list of ports.
///
/// # Contract
///
/// * Parts are separated by commas. Each is a port, or a range `FIRST-LAST` with both ends.
/// * The result is in ascending order, and each port is in it once.
///
/// # Steps
///
/// 1. Split at commas, and each part at its `-`, if it has one.
/// 2. Collect all ports in a `BTreeSet`, which sorts them. Take an inclusive range, because no
///    `u16` is more than 65535.
///
/// # Errors
///
/// Those of [`parse_port`], and [`PortsError::Descending`] for a range that ends in front of its
/// start.
pub fn parse(text: &str) -> Result<Vec<u16>, PortsError> {
    todo!("lab11, step ports: parse")
}
