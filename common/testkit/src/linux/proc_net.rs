//! All TCP sockets of this machine: `/proc/net/tcp` and `tcp6` (proc(5)).

use super::socket::{Socket, TcpState};
use std::fs;
use std::net::{IpAddr, SocketAddr};

/// All TCP sockets, by `/proc/net/tcp` and `tcp6` (proc(5)): slow. `None` where the kernel has no
/// such table.
pub fn tcp_sockets() -> Option<Vec<Socket>> {
    let mut sockets = parse(&fs::read_to_string("/proc/net/tcp").ok()?);
    if let Ok(table) = fs::read_to_string("/proc/net/tcp6") {
        sockets.extend(parse(&table));
    }
    Some(sockets)
}

fn parse(table: &str) -> Vec<Socket> {
    table.lines().skip(1).filter_map(parse_row).collect()
}

/// `sl local_address rem_address st tx_queue:rx_queue ...`, all in hex.
fn parse_row(row: &str) -> Option<Socket> {
    let mut columns = row.split_ascii_whitespace().skip(1);
    let (local, remote) = (parse_address(columns.next()?)?, parse_address(columns.next()?)?);
    let state = TcpState(u8::from_str_radix(columns.next()?, 16).ok()?);
    let (send, receive) = columns.next()?.split_once(':')?;
    let number = |hex| usize::from_str_radix(hex, 16).ok();
    Some(Socket {
        local,
        remote,
        state,
        send_queue: number(send)?,
        receive_queue: number(receive)?,
    })
}

/// `0100007F:1B59` is 127.0.0.1:7001: groups of four bytes, each in the machine's order.
fn parse_address(column: &str) -> Option<SocketAddr> {
    let (ip, port) = column.split_once(':')?;
    let mut bytes = Vec::new();
    for group in ip.as_bytes().chunks(8) {
        let group = u32::from_str_radix(std::str::from_utf8(group).ok()?, 16).ok()?;
        bytes.extend(group.to_ne_bytes());
    }
    let ip = match <[u8; 4]>::try_from(bytes.as_slice()) {
        Ok(v4) => IpAddr::from(v4),
        // A dual-stack listener's IPv4 peers stand in tcp6 as ::ffff:a.b.c.d.
        Err(_) => IpAddr::from(<[u8; 16]>::try_from(bytes).ok()?).to_canonical(),
    };
    Some(SocketAddr::new(ip, u16::from_str_radix(port, 16).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_the_kernels_table_is_understood() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when\n   \
                     0: 0100007F:1B59 0100007F:D431 08 00000005:00000A10 00:00000000 00000000";
        let socket = parse(table).pop().expect("one row");
        if cfg!(target_endian = "little") {
            assert_eq!(socket.local.to_string(), "127.0.0.1:7001");
        }
        assert_eq!(socket.state, TcpState(0x08)); // CLOSE_WAIT
        assert_eq!((socket.send_queue, socket.receive_queue), (5, 0xA10));
    }
}
