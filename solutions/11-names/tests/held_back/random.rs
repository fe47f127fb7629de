//! Many random messages, the same in each run.

use super::dns::{
    A, MX, SOA, TXT, header, hex, name, name_with_pointer, pointer, question, record,
};
use testkit::{Subject, answers, subject};

/// A generator of pseudo-random numbers (xorshift, by Marsaglia). Its numbers are the same in each
/// run, so a failure repeats.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }
}

/// A response with records of many types.
fn response() -> Vec<u8> {
    let mail = [&[0, 1], &name_with_pointer("mail", 12)[..]].concat();
    let soa = [name("ns.test"), pointer(12), vec![0; 20]].concat();
    let records = [
        record(&pointer(12), A, &[192, 0, 2, 7]),
        record(&name_with_pointer("www", 12), MX, &mail),
        record(&pointer(14), TXT, b"\x02hi\x00"),
        record(&name("."), SOA, &soa),
    ];
    [header(77, 0x8180, [1, 2, 1, 1]), question("a.test", A), records.concat()].concat()
}

/// Fails unless each of `count` responses, cut and changed at random places, gets one line.
pub fn each_wrong_message_gets_a_line(lab: Subject, count: usize) {
    let mut numbers = Numbers(11);
    let good = response();
    let mutated = |_| {
        let mut message = good.clone();
        for _ in 0..=numbers.below(4) {
            let place = numbers.below(message.len());
            match numbers.below(4) {
                0 => message.truncate(place.max(1)),
                1 => message.insert(place, numbers.next() as u8),
                2 => message[place] = 0xc0 | numbers.below(64) as u8,
                _ => message[place] = numbers.next() as u8,
            }
        }
        hex(&message)
    };
    let questions: Vec<String> = (0..count).map(mutated).collect();
    for (question, line) in questions.iter().zip(answers(&lab, &["decode"], &questions, 1)) {
        let is_line = line.starts_with("{\"id\":") || line.starts_with("ERROR ");
        lab.check(
            is_line,
            &format!("The answer to {question} is {line:?}."),
            "a-line-for-each-message",
            "In `decode::message`, return an error for whatever is no message.",
        );
    }
}

#[test]
fn no_message_makes_it_panic() {
    each_wrong_message_gets_a_line(subject!("11").with_large_output(64 << 20), 20_000);
}

/// As many chains of pointers as fit into 64 KiB.
pub fn chains_of_pointers_cost_little(lab: Subject, count: usize) {
    let chain: Vec<u8> = (0..126_u16).flat_map(|number| pointer(24 + 11 + 2 * number)).collect();
    let first = record(&name("."), 65280, &[pointer(12), chain].concat());
    let records = (u16::MAX as usize - 24 - first.len()) / 16;
    let rest = record(&pointer(24 + 11 + 2 * 125), A, &[0; 4]).repeat(records);
    let counts = [1, 1 + records as u16, 0, 0];
    let message = [header(77, 0x8180, counts), question("a.test", A), first, rest].concat();
    let questions = vec![hex(&message); count];
    let found = answers(&lab, &["decode"], &questions, 0);
    let all =
        found.iter().filter(|line| line.matches("a.test. 60 IN A").count() == records).count();
    lab.check(
        all == count,
        &format!("{all} of {count} messages full of pointers were read."),
        "pointers-in-a-loop",
        "In `read_name`, follow up to 127 pointers.",
    );
}

#[test]
fn a_message_full_of_pointers_is_read() {
    chains_of_pointers_cost_little(subject!("11").with_large_output(64 << 20), 1);
}
