//! The peers of the program under test, ours and those of other authors, and what else a test
//! needs.

use super::subject::Subject;
use crate::child::{output_of, temporary_folder};
use crate::tcp::{ClosedPort, ScriptedServer};
use crate::udp::{self, ClosedUdpPort, MulticastGroup, UdpPeer};
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;
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

    /// A server of ours at an address of the test's choice. `None` if the address cannot be had,
    /// because its port is taken, or this machine does not have it.
    pub fn scripted_server_on(&self, address: SocketAddr, name: &str) -> Option<ScriptedServer> {
        let listener = TcpListener::bind(address).ok()?;
        Some(ScriptedServer::over(&self.context, name, listener))
    }

    /// A UDP server of ours, for clients to ask. It answers the last sender.
    pub fn udp_server(&self, name: &str) -> UdpPeer {
        UdpPeer::server(&self.context, name, udp::open())
    }

    /// The same at an address of the test's choice; `None` if it cannot be had.
    pub fn udp_server_on(&self, address: SocketAddr, name: &str) -> Option<UdpPeer> {
        Some(UdpPeer::server(&self.context, name, UdpSocket::bind(address).ok()?))
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

    /// A program in Python 3, in the same test: `script` is its text. `None` where there is no
    /// Python; the test is then noted as skipped.
    pub fn python(&self, script: &str) -> Option<Subject> {
        let Some(python) = python() else {
            self.skip("this machine has no python3");
            return None;
        };
        // Without its site packages (-S) it starts several times faster.
        Some(self.another([python.as_str(), "-S", "-u", "-c", script]))
    }

    /// The netcat of OpenBSD, in the same test. With `-N` it ends when its input does. `None` where
    /// there is none; the test is then noted as skipped.
    pub fn netcat(&self) -> Option<Subject> {
        if !printed_by("nc", &["-h"]).contains("-N") {
            self.skip("this machine has no nc that knows -N");
            return None;
        }
        Some(self.another(["nc"]))
    }

    /// A folder of this test's own, gone with it. The program may read and write it, whatever its
    /// user is.
    pub fn folder(&self) -> TempDir {
        let folder = temporary_folder();
        let folder = folder.expect("the system's folder for temporary files can be written");
        self.context.add_folder(folder.path());
        folder
    }
}

/// Where Python 3 is; `None` where it is not.
///
/// Its own path, for `python3` may be a script that takes its time to find it.
pub fn python() -> Option<String> {
    static PYTHON: OnceLock<Option<String>> = OnceLock::new();
    let find = || {
        let path = printed_by("python3", &["-S", "-c", "import sys; print(sys.executable)"]);
        Path::new(path.trim()).is_file().then(|| path.trim().to_owned())
    };
    PYTHON.get_or_init(find).clone()
}

/// What `program` prints; nothing, if it cannot be started.
fn printed_by(program: &str, arguments: &[&str]) -> String {
    let output = output_of(Command::new(program).args(arguments));
    let printed = output.map(|output| [output.stdout, output.stderr].concat()).unwrap_or_default();
    String::from_utf8_lossy(&printed).into_owned()
}
