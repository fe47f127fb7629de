//! A script of faults, as it happens to the packets that pass.

use super::faults::{Fate, Fault};

/// A script, as it happens to the packets that pass.
#[derive(Debug)]
pub struct FaultScript<P> {
    faults: Vec<Fault>,
    passed: usize,
    held: Vec<(usize, P)>,
}

/// What the line did with one packet.
#[derive(Debug)]
pub struct Passage<P> {
    /// For the ladder: `#3`, or `#3, lost`.
    pub remark: String,
    /// How often it is delivered now.
    pub copies: usize,
    /// Packets held so far that come after it.
    pub released: Vec<P>,
}

impl<P> FaultScript<P> {
    pub fn new(faults: &[Fault]) -> FaultScript<P> {
        FaultScript { faults: faults.to_owned(), passed: 0, held: Vec::new() }
    }

    /// Puts the next packet on the line.
    pub fn pass(&mut self, packet: P) -> Passage<P>
    where
        P: Clone,
    {
        let number = self.passed;
        self.passed += 1;
        let (what, copies) = match self.fate_of(number) {
            None => ("", 1),
            Some(Fate::Dropped) => (", lost", 0),
            Some(Fate::Twice) => (", twice", 2),
            Some(Fate::HeldUntil(later)) => {
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

    /// The packets that are still held up at the end.
    pub fn rest(&mut self) -> Vec<P> {
        self.held.drain(..).map(|(_, packet)| packet).collect()
    }

    /// `None`: it is delivered, as what no fault names.
    fn fate_of(&self, number: usize) -> Option<Fate> {
        self.faults.iter().find(|fault| fault.packet == number).map(|fault| fault.fate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::udp::faults::{drop, hold, swap, twice, written};

    /// What arrives, in order, when the packets 0 to `count` - 1 pass.
    fn arrivals(script: &[Fault], count: usize) -> Vec<usize> {
        let mut script_run = FaultScript::new(script);
        let mut arrived = Vec::new();
        for number in 0..count {
            let passage = script_run.pass(number);
            arrived.extend(vec![number; passage.copies]);
            arrived.extend(passage.released);
        }
        arrived.extend(script_run.rest());
        arrived
    }

    #[test]
    fn a_script_happens_as_it_is_written() {
        let script = [drop(1), twice(2), swap(3, 4), hold(5).until(7)];
        assert_eq!(arrivals(&script, 9), [0, 2, 2, 4, 3, 6, 7, 5, 8]);
        assert_eq!(written(&script), "drop(1), twice(2), swap(3, 4), hold(5).until(7)");
    }

    #[test]
    fn a_packet_held_until_one_that_never_comes_is_late_or_lost() {
        assert_eq!(arrivals(&[hold(0).until(9)], 2), [1, 0]);
    }
}
