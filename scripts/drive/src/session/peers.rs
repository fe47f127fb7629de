//! What a peer does: it opens, sends, closes, resets, and stops reading.

use std::time::{Duration, Instant};

use report::Direction::ToProgram;

use super::Session;
use crate::own_test;
use crate::peer::Peer;
use crate::story::Step;

/// So long after a piece the next one is sent, and so long do all pieces of a message take at most.
const PIECE: Duration = Duration::from_millis(25);
const ALL_PIECES: Duration = Duration::from_secs(1);

/// Of more pieces than these, one row gives the number.
const PIECES_SHOWN: usize = 6;

impl Session<'_> {
    pub(super) fn open(&mut self, name: &str, is_udp: bool) -> Result<(), String> {
        if own_test::is_reserved(name) {
            return Err(format!("`{name}` has a meaning in a Rust test; take another name"));
        }
        let name = self.free_name(name);
        let index = self.peers.len();
        let open = if is_udp { Peer::open_udp } else { Peer::connect };
        let began = Instant::now();
        let peer = open(self.addresses.ends_for(&name, self.address), index, &self.sender);
        let peer = peer.map_err(|error| format!("{name} cannot connect: {error}"))?;
        self.addresses.opened(&name, peer.ends);
        if !is_udp {
            self.screen.happened_at(began);
            self.screen.event(&name, ToProgram, "connect");
        }
        self.peers.push(peer);
        self.names.push(name);
        self.current = Some(index);
        self.story.opens(index, is_udp);
        Ok(())
    }

    /// `name`, or for a second peer of that name `name_2`.
    fn free_name(&self, name: &str) -> String {
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let mut names = [name.to_owned()].into_iter().chain(numbered);
        names.find(|name| !self.names.contains(name)).expect("there is always a next number")
    }

    pub(super) fn send(&mut self, pieces: Vec<Vec<u8>>) -> Result<(), String> {
        let (index, name) = self.current()?;
        if self.peers[index].is_gone() {
            return Err(format!("{name} cannot send: it has reset its connection"));
        }
        self.story_of_sending(index, &pieces);
        let is_shown = pieces.len() <= PIECES_SHOWN;
        for (number, piece) in pieces.iter().enumerate() {
            let began = Instant::now();
            let sent = self.peers[index].send(piece);
            let count = sent.map_err(|error| format!("{name} cannot send: {error}"))?;
            if is_shown {
                self.screen.happened_at(began);
                self.screen.bytes(&name, ToProgram, &piece[..count], "");
            } else if number == 0 {
                self.screen.happened_at(began);
                self.screen.pieces(&name, &pieces.concat(), pieces.len());
            }
            if count < piece.len() {
                self.screen.note(&format!("only {count} bytes fit, and {name} waits no longer"));
                return Ok(());
            }
            if pieces.len() > 1 {
                let pause = PIECE.min(ALL_PIECES / u32::try_from(pieces.len()).unwrap_or(u32::MAX));
                self.watch(pause, pause);
            }
        }
        Ok(())
    }

    /// Pieces of a stream are one step. Each datagram is one.
    fn story_of_sending(&mut self, peer: usize, pieces: &[Vec<u8>]) {
        let size = if self.peers[peer].is_udp { 1 } else { pieces.len() };
        for pieces in pieces.chunks(size) {
            self.story.does(peer, Step::Sends { peer, pieces: pieces.to_owned() });
        }
    }

    pub(super) fn fin(&mut self) -> Result<(), String> {
        let (index, name) = self.current()?;
        self.connected(index)?.half_close();
        self.screen.event(&name, ToProgram, "FIN");
        self.story.does(index, Step::Fin { peer: index });
        Ok(())
    }

    pub(super) fn reset(&mut self) -> Result<(), String> {
        let (index, name) = self.current()?;
        self.connected(index)?.reset();
        self.screen.event(&name, ToProgram, "RST");
        self.story.does(index, Step::Resets { peer: index });
        Ok(())
    }

    pub(super) fn set_reading(&mut self, reads: bool) -> Result<(), String> {
        let (index, name) = self.current()?;
        let (set, label): (fn(&Peer), _) = match reads {
            true => (Peer::go_on, "(reads on)"),
            false => (Peer::stop_reading, "(stops reading)"),
        };
        set(&self.peers[index]);
        self.screen.event(&name, ToProgram, label);
        self.story.does(index, Step::Reading { peer: index, goes_on: reads });
        Ok(())
    }

    /// The peer that the command is about.
    pub(super) fn current(&self) -> Result<(usize, String), String> {
        let index = self.current.ok_or("there is no peer yet; `connect` makes one")?;
        Ok((index, self.names[index].clone()))
    }

    /// The peer with this index, if it has a connection.
    pub(super) fn connected(&mut self, index: usize) -> Result<&mut Peer, String> {
        let peer = &mut self.peers[index];
        let is_connected = !peer.is_udp && !peer.is_gone();
        let name = &self.names[index];
        is_connected.then_some(peer).ok_or_else(|| format!("{name} has no connection"))
    }
}
