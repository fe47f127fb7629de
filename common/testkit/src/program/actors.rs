//! The peers of the program under test, and what else a test needs.

use super::subject::Subject;
use crate::tcp::{ClosedPort, ScriptedServer};
use crate::udp::{self, ClosedUdpPort, MulticastGroup, UdpPeer};
use std::net::SocketAddr;
use tempfile::TempDir;

impl Subject {
    /// A server of ours, for clients to talk to; `name` is its name in the ladder.
    pub fn scripted_server(&self, name: &str) -> ScriptedServer {
        ScriptedServer::listen(&self.context, name)
    }

    /// A server of ours at a port that was closed until now; `name` is its name in the ladder.
    pub fn scripted_server_at(&self, port: ClosedPort, name: &str) -> ScriptedServer {
        ScriptedServer::over(&self.context, name, port.open())
    }

    /// A UDP server of ours, for clients to ask: it answers the last sender.
    pub fn udp_server(&self, name: &str) -> UdpPeer {
        UdpPeer::server(&self.context, name, udp::open())
    }

    /// The same at a port that was closed until now.
    pub fn udp_server_at(&self, port: ClosedUdpPort, name: &str) -> UdpPeer {
        UdpPeer::server(&self.context, name, port.open())
    }

    /// A peer that sends to `target` from a port that the program has nothing to do with.
    pub fn unrelated_sender(&self, name: &str, target: SocketAddr) -> UdpPeer {
        UdpPeer::sender(&self.context, name, udp::open(), target)
    }

    /// The multicast group `ip`, on loopback and a free port; `None` where that does not work.
    pub fn multicast_group(&self, ip: &str) -> Option<MulticastGroup> {
        let ip = ip.parse().expect("the test gives an IPv4 address");
        MulticastGroup::on_loopback(&self.context, ip)
    }

    /// A folder of this test's own, gone with it.
    pub fn folder(&self) -> TempDir {
        TempDir::new().expect("the system's folder for temporary files can be written")
    }
}
