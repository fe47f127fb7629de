//! What a bad network does, written down packet by packet: never by chance, so that a failure
//! repeats.
//!
//! ```ignore
//! use testkit::faults::{drop, hold, swap, twice};
//! let relay = server.relay([drop(1), twice(2), swap(3, 4), hold(5).until(7)]);
//! ```
//!
//! Packets are counted from 0 in the order in which they come, requests and answers alike: the
//! first request is 0, its answer 1, and so on. What no fault names is delivered.

use std::fmt;

/// What happens to one packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    packet: usize,
    fate: Fate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Delivered,
    Dropped,
    Twice,
    /// Until this one has been delivered.
    HeldUntil(usize),
}

/// Delivers packet number `packet`: what happens anyway, written down.
pub fn deliver(packet: usize) -> Fault {
    Fault { packet, fate: Fate::Delivered }
}

/// Loses it.
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
            Fate::Delivered => write!(formatter, "deliver({packet})"),
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

/// All that can happen to `packet`. Held until `packets`, it comes after all is over.
fn faults_of(packet: usize, packets: usize) -> impl Iterator<Item = Fault> {
    let held = (packet + 1..=packets).map(move |later| hold(packet).until(later));
    [drop(packet), twice(packet)].into_iter().chain(held)
}

fn with(script: &[Fault], fault: Fault) -> Vec<Fault> {
    script.iter().copied().chain([fault]).collect()
}

/// A line on which a script happens to what passes.
#[derive(Debug)]
pub(super) struct Wire<P> {
    script: Vec<Fault>,
    passed: usize,
    held: Vec<(usize, P)>,
}

/// What the line did with one packet.
#[derive(Debug)]
pub(super) struct Passage<P> {
    /// For the ladder: `#3`, or `#3, lost`.
    pub remark: String,
    /// How often it is delivered now.
    pub copies: usize,
    /// Packets held so far that come after it.
    pub released: Vec<P>,
}

impl<P> Wire<P> {
    pub fn new(script: &[Fault]) -> Wire<P> {
        Wire { script: script.to_owned(), passed: 0, held: Vec::new() }
    }

    /// Puts the next packet on the line.
    pub fn pass(&mut self, packet: P) -> Passage<P>
    where
        P: Clone,
    {
        let number = self.passed;
        self.passed += 1;
        let (what, copies) = match self.fate_of(number) {
            Fate::Delivered => ("", 1),
            Fate::Dropped => (", lost", 0),
            Fate::Twice => (", twice", 2),
            Fate::HeldUntil(later) => {
                self.held.push((later, packet));
                (", held up", 0)
            }
        };
        let due = self.held.extract_if(.., |(later, _)| *later == number);
        let released = due.map(|(_, packet)| packet).collect();
        Passage { remark: format!("#{number}{what}"), copies, released }
    }

    /// How many packets have come so far.
    pub fn passed(&self) -> usize {
        self.passed
    }

    /// What is still held up, when all is over.
    pub fn rest(&mut self) -> Vec<P> {
        self.held.drain(..).map(|(_, packet)| packet).collect()
    }

    fn fate_of(&self, number: usize) -> Fate {
        let fault = self.script.iter().find(|fault| fault.packet == number);
        fault.map_or(Fate::Delivered, |fault| fault.fate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What arrives, in order, when the packets 0 to `count` - 1 pass.
    fn arrivals(script: &[Fault], count: usize) -> Vec<usize> {
        let mut wire = Wire::new(script);
        let mut arrived = Vec::new();
        for number in 0..count {
            let passage = wire.pass(number);
            arrived.extend(vec![number; passage.copies]);
            arrived.extend(passage.released);
        }
        arrived.extend(wire.rest());
        arrived
    }

    #[test]
    fn a_script_happens_as_it_is_written() {
        let script = [deliver(0), drop(1), twice(2), swap(3, 4), hold(5).until(7)];
        assert_eq!(arrivals(&script, 9), [0, 2, 2, 4, 3, 6, 7, 5, 8]);
        assert_eq!(written(&script), "deliver(0), drop(1), twice(2), swap(3, 4), hold(5).until(7)");
    }

    #[test]
    fn a_packet_held_until_one_that_never_comes_is_late_or_lost() {
        assert_eq!(arrivals(&[hold(0).until(9)], 2), [1, 0]);
    }

    #[test]
    fn all_scripts_are_all_of_them_and_the_smallest_come_first() {
        let scripts = all_scripts(6, 6);
        // Packet 0 has nine fates, packet 1 eight, and so on; "delivered" is one of each.
        assert_eq!(scripts.len(), 9 * 8 * 7 * 6 * 5 * 4);
        assert!(scripts.is_sorted_by_key(Vec::len));
        assert_eq!(scripts[0], []);
        assert_eq!(all_scripts(2, 1).len(), 1 + 4 + 3);
    }
}
