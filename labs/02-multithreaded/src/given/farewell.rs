//! Given: saying goodbye, so that it is heard, without end to nobody.
//!
//! An orderly close waits for the peer, for as long as a second (`common::close`). Whoever waits
//! takes a thread and a descriptor, and a rude peer could make many of us wait. So those who are
//! leaving have a list of their own, and it is not endless either.

use crate::accounting::{Client, Clients};
use crate::framing::Framing;
use common::close;
use std::io::Write;
use std::net::{SocketAddr, TcpStream};

/// How many may be leaving at once: 64. Who is one too many hears the last words, but if it keeps
/// on talking it may lose them.
pub const MAX_LEAVING: usize = 64;

/// Those who are leaving. Clones share one list.
#[derive(Clone, Debug)]
pub struct Farewells {
    leaving: Clients,
    framing: Framing,
}

impl Farewells {
    /// Says goodbye in `framing`.
    pub fn new(framing: Framing) -> Farewells {
        Farewells { leaving: Clients::default(), framing }
    }

    /// Sends `last_words` if there are any, then closes `stream` in order: FIN, and what the peer
    /// still sends is read and thrown away, for a second at most.
    pub fn say(&self, stream: TcpStream, peer: SocketAddr, last_words: &str) {
        if let Some(farewell) = self.begin(stream, peer, last_words) {
            farewell.finish();
        }
    }

    /// Sends `last_words` if there are any. The rest, which takes time, is left to the
    /// [`Farewell`]; `None` if too many are leaving, and the connection is closed already.
    pub fn begin(
        &self,
        mut stream: TcpStream,
        peer: SocketAddr,
        last_words: &str,
    ) -> Option<Farewell> {
        if !last_words.is_empty() {
            let line = [last_words, self.framing.ending()].concat();
            // A peer that does not read has had its time. If it is gone, that is all right too.
            let _ = stream
                .set_write_timeout(Some(close::DRAIN_TIME))
                .and_then(|()| stream.write_all(line.as_bytes()));
        }
        let has_room = self.leaving.count() < MAX_LEAVING;
        has_room.then(|| Farewell { client: self.leaving.arrive(stream, peer) })
    }
}

/// One who has heard its last words.
#[derive(Debug)]
pub struct Farewell {
    client: Client,
}

impl Farewell {
    /// FIN, then waits until the peer has closed its side too, for a second at most.
    pub fn finish(self) {
        close::goodbye(self.client.stream());
    }
}
