//! All pairs of answers, sorted by what they share.

use std::collections::HashMap;

use crate::answer::Answer;

/// Two answers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// The places of both in the list of answers.
    pub members: [usize; 2],
    /// How many fingerprints they share beyond the base.
    pub shared: usize,
    /// The same as a part of the smaller answer, from 0 to 1.
    pub share: f64,
}

/// The pairs that share `least` of the smaller answer or more, the most similar first.
///
/// It takes time in proportion to the fingerprints and, for each of them, to the square of the answers
/// that have it.
pub fn pairs(answers: &[Answer], least: f64) -> Vec<Pair> {
    let mut counts = vec![0_usize; answers.len() * answers.len()];
    for members in by_fingerprint(answers).values() {
        for (place, one) in members.iter().enumerate() {
            for other in &members[place + 1..] {
                counts[one * answers.len() + other] += 1;
            }
        }
    }
    let shared = counts.into_iter().enumerate().filter(|(_, shared)| *shared > 0);
    let pair = |(place, shared): (usize, usize)| {
        let members = [place / answers.len(), place % answers.len()];
        let size = members.map(|member| answers[member].fingerprints.len());
        Pair { members, shared, share: shared as f64 / size[0].min(size[1]) as f64 }
    };
    let mut pairs: Vec<Pair> = shared.map(pair).filter(|pair| pair.share >= least).collect();
    pairs.sort_by(|one, other| {
        other.share.total_cmp(&one.share).then(other.shared.cmp(&one.shared))
    });
    pairs
}

/// The answers that have each fingerprint, in order.
pub fn by_fingerprint(answers: &[Answer]) -> HashMap<u64, Vec<usize>> {
    let mut members: HashMap<u64, Vec<usize>> = HashMap::new();
    for (place, answer) in answers.iter().enumerate() {
        for fingerprint in &answer.fingerprints {
            members.entry(*fingerprint).or_default().push(place);
        }
    }
    members
}
