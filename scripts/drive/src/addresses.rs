//! Addresses in the bytes of a recording. A port of the recorded run is another one now, and some servers
//! send their client's address back.
//!
//! ```text
//!   recorded   "you 127.0.0.1:40112 at 127.0.0.1:41000"
//!   now        "you 127.0.0.1:52260 at 127.0.0.1:38222"
//! ```

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::command::{Command, Expected, Line};

/// The two ends of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ends {
    /// The peer's address.
    pub peer: SocketAddr,
    /// The program's address.
    pub program: SocketAddr,
}

impl Ends {
    /// To `program`, and from this machine alone if the program can be reached so.
    pub fn any_to(program: SocketAddr) -> Ends {
        let is_here = program.ip().is_loopback() || program.ip().is_unspecified();
        let peer: IpAddr = match (program, is_here) {
            (SocketAddr::V4(_), true) => Ipv4Addr::LOCALHOST.into(),
            (SocketAddr::V4(_), false) => Ipv4Addr::UNSPECIFIED.into(),
            (SocketAddr::V6(_), true) => Ipv6Addr::LOCALHOST.into(),
            (SocketAddr::V6(_), false) => Ipv6Addr::UNSPECIFIED.into(),
        };
        Ends { peer: SocketAddr::new(peer, 0), program }
    }
}

/// The addresses of the recorded run, and what they are now.
#[derive(Debug, Default)]
pub struct Addresses {
    /// The ends of each peer's connection in the recorded run.
    recorded: Vec<(String, Ends)>,
    /// Then and now, as text in a message. A later pair is about a later connection, so it comes first.
    pairs: Vec<(String, String)>,
}

impl Addresses {
    /// Of a run in which the peers had these ends.
    pub fn new(recorded: Vec<(String, Ends)>) -> Addresses {
        Addresses { recorded, pairs: Vec::new() }
    }

    fn recorded(&self, name: &str) -> Option<Ends> {
        self.recorded.iter().find(|(peer, _)| peer == name).map(|(_, ends)| *ends)
    }

    /// The ends that the peer `name` should have at a server that listens at `listening`: the IP addresses
    /// of the recorded run, and as its own port any.
    pub fn ends_for(&self, name: &str, listening: SocketAddr) -> Ends {
        match self.recorded(name) {
            Some(Ends { peer, program }) => Ends {
                peer: SocketAddr::new(peer.ip(), 0),
                program: SocketAddr::new(program.ip(), listening.port()),
            },
            None => Ends::any_to(listening),
        }
    }

    /// The peer `name` is open with the ends `now`.
    pub fn opened(&mut self, name: &str, now: Ends) {
        let Some(recorded) = self.recorded(name) else { return };
        for (then, now) in [(recorded.peer, now.peer), (recorded.program, now.program)] {
            self.pairs.insert(0, (then.to_string(), now.to_string()));
        }
    }

    /// `line` with the addresses of now.
    pub fn of_now(&self, line: &Line) -> Line {
        let command = match &line.command {
            Command::Send(pieces) => {
                Command::Send(pieces.iter().map(|piece| self.replaced(piece)).collect())
            }
            Command::Expect(Expected::Bytes(bytes)) => {
                Command::Expect(Expected::Bytes(self.replaced(bytes)))
            }
            other => other.clone(),
        };
        Line { peer: line.peer.clone(), command }
    }

    fn replaced(&self, bytes: &[u8]) -> Vec<u8> {
        let mut replaced = Vec::with_capacity(bytes.len());
        let mut rest = bytes;
        while let Some(first) = rest.first() {
            let is_begin = !replaced.last().is_some_and(is_part);
            let found = self.pairs.iter().find(|(then, _)| is_begin && begins_with(rest, then));
            let (new, length) = match found {
                Some((then, now)) => (now.as_bytes(), then.len()),
                None => (std::slice::from_ref(first), 1),
            };
            replaced.extend_from_slice(new);
            rest = &rest[length..];
        }
        replaced
    }
}

/// Whether `bytes` begin with `address`, and not with a longer one.
fn begins_with(bytes: &[u8], address: &str) -> bool {
    let after = bytes.strip_prefix(address.as_bytes());
    after.is_some_and(|after| !after.first().is_some_and(u8::is_ascii_digit))
}

/// Whether an address could begin before `byte`.
fn is_part(byte: &u8) -> bool {
    byte.is_ascii_digit() || *byte == b'.'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(peer: &str, program: &str) -> Ends {
        let address = |text: &str| text.parse().expect("an address");
        Ends { peer: address(peer), program: address(program) }
    }

    /// The addresses after these connections, each with its ends of then and of now.
    fn after(connections: &[(Ends, Ends)]) -> Addresses {
        let names = ["a", "b"].map(str::to_owned).into_iter();
        let recorded = names.clone().zip(connections).map(|(name, (then, _))| (name, *then));
        let mut addresses = Addresses::new(recorded.collect());
        names.zip(connections).for_each(|(name, (_, now))| addresses.opened(&name, *now));
        addresses
    }

    fn replaced(addresses: &Addresses, text: &str) -> String {
        String::from_utf8(addresses.replaced(text.as_bytes())).expect("text")
    }

    #[test]
    fn each_address_is_that_of_now() {
        let then = ends("127.0.0.1:4011", "[::1]:7001");
        let addresses = after(&[(then, ends("127.0.0.1:7", "[::1]:50000"))]);
        let now = |text| replaced(&addresses, text);
        assert_eq!(now("you 127.0.0.1:4011 at [::1]:7001\n"), "you 127.0.0.1:7 at [::1]:50000\n");
        for other in ["127.0.0.1:40112", "1127.0.0.1:4011", "127.0.0.1", "4011", ""] {
            assert_eq!(now(other), other);
        }
    }

    #[test]
    fn no_address_is_replaced_twice() {
        let [one, two] = ["127.0.0.1:1", "127.0.0.1:2"].map(|peer| ends(peer, "127.0.0.1:9"));
        let addresses = after(&[(one, two), (two, one)]);
        assert_eq!(replaced(&addresses, "127.0.0.1:1 127.0.0.1:2"), "127.0.0.1:2 127.0.0.1:1");
    }

    #[test]
    fn a_port_that_was_used_twice_is_that_of_the_later_connection() {
        let [then, two, three] =
            ["127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"].map(|peer| ends(peer, "127.0.0.1:9"));
        let addresses = after(&[(then, two), (then, three)]);
        assert_eq!(replaced(&addresses, "127.0.0.1:1"), "127.0.0.1:3");
    }

    #[test]
    fn a_peer_has_the_ip_addresses_of_the_recorded_run_again() {
        let then = ends("127.0.0.9:4011", "127.0.0.2:7001");
        let addresses = after(&[(then, then)]);
        let listening = "0.0.0.0:50000".parse().expect("an address");
        assert_eq!(addresses.ends_for("a", listening), ends("127.0.0.9:0", "127.0.0.2:50000"));
        assert_eq!(addresses.ends_for("c", listening), ends("127.0.0.1:0", "0.0.0.0:50000"));
    }
}
