//! Peers that speak UDP, ports, multicast groups, and a network that loses, repeats and delays.
//!
//! ```text
//!   peer ◀── multicast           sends and receives
//!     ▲
//!     └── lossy_exchange ──▶ faults ◀── relay     a script of faults, for servers and for clients
//! ```

mod exchange;
mod fault_script;
pub mod faults;
mod lossy_exchange;
mod multicast;
mod peer;
mod ports;
mod relay;

pub use multicast::MulticastGroup;
pub use peer::UdpPeer;
pub(crate) use ports::open;
pub use ports::{ClosedUdpPort, loopback_carries};
pub use relay::Relay;
