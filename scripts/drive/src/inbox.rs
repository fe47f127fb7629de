//! What a peer has received and did not expect yet.

use std::collections::VecDeque;

/// The most bytes that are kept. Of a longer stream, the session shows all and keeps these.
const KEPT: usize = 1 << 20;

/// The received bytes.
#[derive(Debug)]
pub enum Inbox {
    /// A stream has no messages.
    Stream(Vec<u8>),
    /// A datagram is whole.
    Datagrams(VecDeque<Vec<u8>>),
}

/// Whether the expected bytes have arrived.
#[derive(Debug, PartialEq, Eq)]
pub enum Match {
    /// They have, and are taken out.
    Yes,
    /// What has arrived is their beginning.
    NotYet,
    /// These have arrived instead.
    No(Vec<u8>),
}

impl Inbox {
    /// Adds what one read returned.
    pub fn add(&mut self, bytes: &[u8]) {
        match self {
            Inbox::Stream(stream) => {
                let room = KEPT - stream.len().min(KEPT);
                stream.extend_from_slice(&bytes[..bytes.len().min(room)]);
            }
            Inbox::Datagrams(datagrams) if datagrams.len() < KEPT / (1 << 16) => {
                datagrams.push_back(bytes.to_owned());
            }
            Inbox::Datagrams(_) => (),
        }
    }

    /// Takes `wanted` out if it comes next.
    pub fn take(&mut self, wanted: &[u8]) -> Match {
        match self {
            Inbox::Stream(stream) if stream.starts_with(wanted) => {
                stream.drain(..wanted.len());
                Match::Yes
            }
            Inbox::Stream(stream) if wanted.starts_with(stream) => Match::NotYet,
            Inbox::Stream(stream) => Match::No(stream.clone()),
            Inbox::Datagrams(datagrams) => match datagrams.pop_front() {
                None => Match::NotYet,
                Some(datagram) if datagram == wanted => Match::Yes,
                Some(other) => Match::No(other),
            },
        }
    }

    /// Forgets what has arrived.
    pub fn clear(&mut self) {
        match self {
            Inbox::Stream(stream) => stream.clear(),
            Inbox::Datagrams(datagrams) => datagrams.clear(),
        }
    }

    /// What has arrived.
    pub fn received(&self) -> Vec<u8> {
        match self {
            Inbox::Stream(stream) => stream.clone(),
            Inbox::Datagrams(datagrams) => datagrams.iter().flatten().copied().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_stream_the_next_bytes_are_taken() {
        let mut inbox = Inbox::Stream(Vec::new());
        inbox.add(b"he");
        assert_eq!(inbox.take(b"hel"), Match::NotYet);
        inbox.add(b"llo");
        assert_eq!(inbox.take(b"hel"), Match::Yes);
        assert_eq!(inbox.take(b"x"), Match::No(b"lo".into()));
        assert_eq!(inbox.take(b"lo"), Match::Yes);
    }

    #[test]
    fn a_datagram_is_taken_whole() {
        let mut inbox = Inbox::Datagrams(VecDeque::new());
        assert_eq!(inbox.take(b"a"), Match::NotYet);
        inbox.add(b"ab");
        assert_eq!(inbox.take(b"a"), Match::No(b"ab".into()));
        inbox.add(b"a");
        assert_eq!(inbox.take(b"a"), Match::Yes);
    }
}
