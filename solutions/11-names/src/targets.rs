//! Step ports: which machines are scanned, and which must not be.
//!
//! ```text
//!   "localhost"      ── getaddrinfo ──▶  ::1, 127.0.0.1   ─┐
//!   "127.0.0.0/29"   ── hosts ────────▶  127.0.0.1 to .6  ─┼─▶ guard ─▶ the first packet
//!   "192.0.2.7"      ── parse ────────▶  192.0.2.7        ─┘      └───▶ error: not this machine
//! ```

use crate::given::errors::TargetError;
use common::network::Network;
use std::net::{IpAddr, ToSocketAddrs};

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
/// # Errors
///
/// [`TargetError::TooMany`] if the network has more than [`MAX_HOSTS`] addresses.
pub fn hosts(network: &Network) -> Result<Vec<IpAddr>, TargetError> {
    let addresses: Vec<IpAddr> = network.addresses().take(MAX_HOSTS + 1).collect();
    match addresses.as_slice() {
        all if all.len() > MAX_HOSTS => Err(TargetError::TooMany(network.to_string())),
        [_, hosts @ .., _] if network.first().is_ipv4() && network.prefix() <= 30 => {
            Ok(hosts.to_vec())
        }
        all => Ok(all.to_vec()),
    }
}

/// The machines that `text` stands for: a network, an address, or a name.
///
/// # Contract
///
/// * A name stands for all its addresses, in the order of the resolver, each once. It is resolved
///   here and never again, so the scan tries the addresses that were checked.
/// * Mapped addresses become IPv4 addresses.
///
/// # Errors
///
/// Those of [`hosts`], and [`TargetError::NotFound`].
pub fn targets(text: &str) -> Result<Vec<Target>, TargetError> {
    if let Ok(network) = text.parse::<Network>() {
        let target = |ip: IpAddr| Target { host: ip.to_string(), ip };
        return Ok(hosts(&network)?.into_iter().map(target).collect());
    }
    // getaddrinfo(3) reads addresses, too.
    let found = (text, 0).to_socket_addrs();
    let found = found.map_err(|error| TargetError::NotFound(text.to_owned(), error))?;
    let mut targets: Vec<Target> = Vec::new();
    for address in found {
        let target = Target { host: text.to_owned(), ip: address.ip().to_canonical() };
        if !targets.contains(&target) {
            targets.push(target);
        }
    }
    Ok(targets)
}

/// Refuses to scan a machine that is not the user's.
///
/// # Contract
///
/// * Each address is loopback, or in one of the networks `allowed`.
///
/// # Errors
///
/// [`TargetError::NotOurs`] with the first address that is neither.
pub fn guard(targets: &[Target], allowed: &[Network]) -> Result<(), TargetError> {
    let is_ours =
        |ip: IpAddr| ip.is_loopback() || allowed.iter().any(|network| network.contains(ip));
    match targets.iter().find(|target| !is_ours(target.ip)) {
        Some(target) => Err(TargetError::NotOurs(target.ip)),
        None => Ok(()),
    }
}
