//! A quick look at the machine: what every lab needs.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener};

use serde::Serialize;

use terminal::Style;

/// What a quick look shows.
#[derive(Debug, Serialize)]
pub struct Machine {
    /// The compiler, as in `rustc 1.95.0`.
    pub toolchain: String,
    pub loopback_ipv4: bool,
    pub loopback_ipv6: bool,
}

/// Looks at the machine without starting another program.
pub fn look() -> Machine {
    Machine {
        toolchain: toolchain(),
        loopback_ipv4: can_listen(Ipv4Addr::LOCALHOST),
        loopback_ipv6: can_listen(Ipv6Addr::LOCALHOST),
    }
}

/// The compiler that built this program. It is the one that builds the labs: `cargo run` has built this
/// program again if the toolchain has changed.
pub fn toolchain() -> String {
    let version = env!("WIRELAB_RUSTC");
    version.split_once(" (").map_or(version, |(name, _)| name).to_owned()
}

/// Whether a server can listen on `address`.
pub fn can_listen(address: impl Into<IpAddr>) -> bool {
    TcpListener::bind((address.into(), 0)).is_ok()
}

impl Machine {
    pub fn page(&self, style: &Style) -> String {
        let mark = |well| {
            if well { style.good("✓") } else { style.careful("✗") }
        };
        let facts = format!(
            "This machine: {} {}  IPv4 {}  IPv6 {}",
            self.toolchain,
            mark(true),
            mark(self.loopback_ipv4),
            mark(self.loopback_ipv6),
        );
        if self.loopback_ipv4 && self.loopback_ipv6 {
            return facts + &style.dim("  (more: cargo lab doctor)");
        }
        facts + "  What to do: cargo lab doctor"
    }
}
