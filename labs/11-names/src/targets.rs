//! Step ports: which machines are scanned, and which must not be.
//!
//! ```text
//!   "localhost"      ── getaddrinfo ──▶  ::1, 127.0.0.1   ─┐
//!   "127.0.0.0/29"   ── hosts ────────▶  127.0.0.1 to .6  ─┼─▶ guard ─▶ the first packet
//!   "192.0.2.7"      ── parse ────────▶  192.0.2.7        ─┘      └───▶ error: not this machine
//! ```

use crate::given::errors::TargetError;
use common::network::Network;
use std::net::IpAddr;

/// Most addresses of a network: those of a /16.
pub const MAX_HOSTS: usize = 65_536;

/// A machine to scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// As the user named it. An address of a network is its own name.
    pub host: String,
    /// Its address. A mapped address is an IPv4 address here.
    pub ip: IpAddr,
}

/// The hosts of `network`, in order.
///
/// # Contract
///
/// * An IPv4 network with a prefix of 30 or less has two addresses that are no hosts: its first
///   and its last one. Every other network has hosts only (RFC 3021).
///
/// # Steps
///
/// 1. Take one address more than the limit from `network.addresses()`.
/// 2. Which networks have two addresses that are no hosts?
///
/// # Errors
///
/// [`TargetError::TooMany`] if the network has more than [`MAX_HOSTS`] addresses.
pub fn hosts(network: &Network) -> Result<Vec<IpAddr>, TargetError> {
    todo!("lab11, step ports: hosts")
}

/// The machines that `text` stands for: a network, an address, or a name.
///
/// # Contract
///
/// * A name stands for all its addresses, in the order of the resolver, each once. It is resolved
///   here and never again, so the scan tries the addresses that were checked.
/// * Mapped addresses become IPv4 addresses.
///
/// # Steps
///
/// 1. If `text` is a network, its hosts are the targets.
/// 2. Else ask the resolver: `(text, 0).to_socket_addrs()`. It reads addresses, too.
/// 3. Make each address canonical, and keep each once.
///
/// # Errors
///
/// Those of [`hosts`], and [`TargetError::NotFound`].
pub fn targets(text: &str) -> Result<Vec<Target>, TargetError> {
    todo!("lab11, step ports: targets")
}

/// Refuses to scan a machine that is not the user's.
///
/// # Contract
///
/// * Each address is loopback, or in one of the networks `allowed`.
///
/// # Steps
///
/// 1. Find the first target that is neither loopback nor in a network of `allowed`.
///
/// # Errors
///
/// [`TargetError::NotOurs`] with the first address that is neither.
pub fn guard(targets: &[Target], allowed: &[Network]) -> Result<(), TargetError> {
    todo!("lab11, step ports: guard")
}
