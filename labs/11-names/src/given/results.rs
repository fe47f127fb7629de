//! What a scan found, as `--json` writes it.

use serde::Serialize;
use std::net::IpAddr;

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Results {
    /// The machines, in the order in which they were scanned.
    pub hosts: Vec<Host>,
}

/// The result for one address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Host {
    /// As the user named it. An address of a network is its own name.
    pub host: String,
    /// The address.
    pub address: IpAddr,
    /// The open ports.
    pub ports: Vec<OpenPort>,
    /// How many ports refused.
    pub closed: usize,
    /// From how many ports no answer came.
    pub filtered: usize,
}

/// An open port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OpenPort {
    /// Its number.
    pub port: u16,
    /// Always `open`.
    pub state: &'static str,
    /// The service that usually has this port, or `unknown`.
    pub service: &'static str,
    /// The first line of the server, if it was asked for and one came.
    pub banner: Option<String>,
}
