//! Requests and answers of the reliable protocol, as bytes.

use testkit::faults::Fault;
use testkit::{UdpPeer, show};

/// A request or an answer: four bytes of id, big-endian, and the text.
pub fn message(id: u32, text: impl AsRef<[u8]>) -> Vec<u8> {
    [&id.to_be_bytes(), text.as_ref()].concat()
}

/// The id and the text.
pub fn parts(datagram: &[u8]) -> Option<(u32, &[u8])> {
    let (id, text) = datagram.split_first_chunk()?;
    Some((u32::from_be_bytes(*id), text))
}

/// For the ladder: `7 "add 5"`.
pub fn shown(datagram: &[u8]) -> String {
    parts(datagram).map_or_else(|| show(datagram), |(id, text)| format!("{id} {}", show(text)))
}

/// For each script: three additions over a line on which it happens, and a look at the total after
/// everything that was held up has arrived too. All with one server and one client.
pub fn add_up_over(peer: &mut UdpPeer, scripts: &[Vec<Fault>]) {
    let mut ids = 1..;
    for (story, script) in scripts.iter().enumerate() {
        let before = story * 111;
        let exchanges = [(1, 1), (10, 11), (100, 111)].map(|(number, sum)| {
            let (id, answer) = (ids.next().unwrap_or(0), format!("total {}", before + sum));
            (message(id, format!("add {number}")), message(id, answer))
        });
        let same_id = |request: &[u8], answer: &[u8]| request.get(..4) == answer.get(..4);
        peer.start_scenario(&format!("story {}", story + 1))
            .expect_over(script, &exchanges, same_id);
        let look = ids.next().unwrap_or(0);
        let total = format!("total {}", before + 111);
        peer.send(&message(look, "add 0")).expect(&message(look, total));
    }
}
