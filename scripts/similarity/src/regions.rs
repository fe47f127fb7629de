//! The ranges that two answers share, for a page that shows them side by side.

use std::collections::HashMap;
use std::ops::Range;

use crate::answer::{Answer, SourceFile};
use crate::fingerprints::LENGTH;

/// A range that is in both answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Where it is in the first answer, and in the second.
    pub places: [Place; 2],
    /// How many tokens it has.
    pub tokens: usize,
}

/// A range of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which file of the answer.
    pub file: usize,
    /// The bytes.
    pub bytes: Range<usize>,
}

/// All sequences of tokens that both answers have and the stub has not. No token of the first answer
/// is in two regions.
pub fn regions(one: &Answer, other: &Answer) -> Vec<Region> {
    let index = index(other);
    let mut regions = Vec::new();
    for (file, source) in one.files.iter().enumerate() {
        let mut start = 0;
        while start < source.hashes.len() {
            let Some((place, count)) = longest(source, start, other, &index) else {
                start += 1;
                continue;
            };
            let tokens = count + LENGTH - 1;
            let first = Place { file, bytes: bytes(source, start, tokens) };
            let second =
                Place { file: place.0, bytes: bytes(&other.files[place.0], place.1, tokens) };
            regions.push(Region { places: [first, second], tokens });
            start += tokens;
        }
    }
    regions
}

/// Where each hash is: the file and the token.
type Index = HashMap<u64, Vec<(usize, usize)>>;

/// Places of a hash that are tried. A flood of equal lines must not take quadratic time.
const MOST_PLACES: usize = 20;

fn index(answer: &Answer) -> Index {
    let mut index = Index::new();
    for (file, source) in answer.files.iter().enumerate() {
        let own = source.hashes.iter().enumerate();
        for (token, hash) in own.filter_map(|(token, hash)| Some((token, (*hash)?))) {
            let places = index.entry(hash).or_default();
            if places.len() < MOST_PLACES {
                places.push((file, token));
            }
        }
    }
    index
}

/// The place in `other` where most hashes in a row are those of `source` from `start` on, and how
/// many these are.
fn longest(
    source: &SourceFile,
    start: usize,
    other: &Answer,
    index: &Index,
) -> Option<((usize, usize), usize)> {
    let own = &source.hashes[start..];
    let count = |(file, token): (usize, usize)| {
        let theirs = &other.files[file].hashes[token..];
        own.iter().zip(theirs).take_while(|(one, two)| one.is_some() && one == two).count()
    };
    let places = index.get(own.first()?.as_ref()?)?;
    let best =
        places.iter().map(|place| (*place, count(*place))).max_by_key(|(_, count)| *count)?;
    (best.1 > 0).then_some(best)
}

fn bytes(source: &SourceFile, first: usize, tokens: usize) -> Range<usize> {
    source.tokens[first].place.start..source.tokens[first + tokens - 1].place.end
}
