//! What a bad network does, written down packet by packet: never by chance, so that a failure
//! repeats.
//!
//! ```ignore
//! use testkit::faults::{drop, hold, swap, twice};
//! let relay = server.relay([drop(1), twice(2), swap(3, 4), hold(5).until(7)]);
//! ```
//!
//! Requests and answers are counted together, from 0, in the order in which they come. The first
//! request is 0, its answer 1, and so on. A packet that no fault names is delivered.

use std::fmt;

/// What happens to one packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    pub(super) packet: usize,
    pub(super) fate: Fate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Dropped,
    Twice,
    /// Until this one has been delivered.
    HeldUntil(usize),
}

/// Loses packet number `packet`.
pub fn drop(packet: usize) -> Fault {
    Fault { packet, fate: Fate::Dropped }
}

/// Delivers it two times.
pub fn twice(packet: usize) -> Fault {
    Fault { packet, fate: Fate::Twice }
}

/// Delivers it after the next one.
pub fn swap(packet: usize, next: usize) -> Fault {
    assert_eq!(packet + 1, next, "packets that follow each other can be swapped");
    hold(packet).until(next)
}

/// Delivers it later: `hold(5).until(7)`.
pub fn hold(packet: usize) -> Hold {
    Hold { packet }
}

/// See [`hold`].
#[derive(Clone, Copy, Debug)]
pub struct Hold {
    packet: usize,
}

impl Hold {
    /// Delivers it after packet number `later`, and never if there is no such packet.
    pub fn until(self, later: usize) -> Fault {
        assert!(later > self.packet, "a packet can be held until a later one");
        Fault { packet: self.packet, fate: Fate::HeldUntil(later) }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let packet = self.packet;
        match self.fate {
            Fate::Dropped => write!(formatter, "drop({packet})"),
            Fate::Twice => write!(formatter, "twice({packet})"),
            Fate::HeldUntil(next) if next == packet + 1 => {
                write!(formatter, "swap({packet}, {next})")
            }
            Fate::HeldUntil(later) => write!(formatter, "hold({packet}).until({later})"),
        }
    }
}

/// A script as one writes it: `drop(1), twice(2)`.
pub fn written(script: &[Fault]) -> String {
    let faults: Vec<String> = script.iter().map(Fault::to_string).collect();
    if faults.is_empty() { "no faults".to_owned() } else { faults.join(", ") }
}

/// Every script for the first `packets` packets with at most `most` faults, those with fewer
/// faults first: so the first that fails is a smallest one.
pub fn all_scripts(packets: usize, most: usize) -> Vec<Vec<Fault>> {
    let mut scripts = vec![Vec::new()];
    for packet in 0..packets {
        let longer: Vec<Vec<Fault>> = scripts
            .iter()
            .filter(|script| script.len() < most)
            .flat_map(|script| faults_of(packet, packets).map(|fault| with(script, fault)))
            .collect();
        scripts.extend(longer);
    }
    scripts.sort_by_key(Vec::len);
    scripts
}

/// Every fault that `packet` can have. Held until `packets`, it comes after every other packet.
fn faults_of(packet: usize, packets: usize) -> impl Iterator<Item = Fault> {
    let held = (packet + 1..=packets).map(move |later| hold(packet).until(later));
    [drop(packet), twice(packet)].into_iter().chain(held)
}

fn with(script: &[Fault], fault: Fault) -> Vec<Fault> {
    script.iter().copied().chain([fault]).collect()
}
