//! A client that always sends the same bytes, and expects the same answer.

use std::io::{self, Read, Write};

use super::client::{Client, wrong_answer};

/// A client on a stream.
pub struct Conversation<S> {
    stream: S,
    question: Vec<u8>,
    wanted: Vec<u8>,
    answer: Vec<u8>,
    messages: u64,
}

impl<S: Read + Write> Conversation<S> {
    pub fn new(stream: S, question: Vec<u8>, wanted: Vec<u8>, messages: u64) -> Conversation<S> {
        let answer = vec![0; wanted.len()];
        Conversation { stream, question, wanted, answer, messages }
    }
}

impl<S: Read + Write> Client for Conversation<S> {
    fn exchange(&mut self) -> io::Result<u64> {
        self.stream.write_all(&self.question)?;
        self.stream.read_exact(&mut self.answer)?;
        if self.answer != self.wanted {
            return Err(wrong_answer("the server sent a wrong answer"));
        }
        Ok(self.messages)
    }
}
