//! What the kernel keeps of the bytes that a program sends, while no peer reads them.

use std::fs;
use terminal::thousands;

/// The first size of a send buffer up to which some hundred kilobytes stop a program in a write.
const SMALL: usize = 64 << 10;

/// Why clients that do not read stop no program on this machine: its send buffers begin large
/// (tcp(7), `tcp_wmem`). `None` where they do not, or where that cannot be seen.
pub fn large_send_buffers() -> Option<String> {
    let sizes = fs::read_to_string("/proc/sys/net/ipv4/tcp_wmem").ok()?;
    let first: usize = sizes.split_whitespace().nth(1)?.parse().ok()?;
    let size = thousands(first);
    (first > SMALL)
        .then(|| format!("send buffers of this machine begin at {size} bytes (net.ipv4.tcp_wmem)"))
}
