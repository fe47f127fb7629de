//! Lab 08: the server greets a client. Lines that are no command have any length, and each is
//! answered by the same error.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use super::client::{Client, Load, line_of, wrong_answer};
use super::clock::Clock;
use super::conversation::Conversation;
use super::wire::Wire;
use crate::plan::Plan;

/// The answer to a line that is no command.
const ANSWER: &[u8] = b"ERROR expected me or in NETWORK\n";

pub struct Greeted {
    question: Vec<u8>,
    in_flight: usize,
}

impl Greeted {
    pub fn new(plan: &Plan) -> Greeted {
        let question = line_of(plan.message_bytes).repeat(plan.in_flight);
        Greeted { question, in_flight: plan.in_flight }
    }
}

impl Load for Greeted {
    fn unit(&self) -> &'static str {
        "messages"
    }

    fn connect(
        &self,
        server: SocketAddr,
        _: usize,
        clock: &Arc<Clock>,
    ) -> io::Result<Box<dyn Client>> {
        let mut wire = Wire::connect(server, clock)?;
        let mut text = Vec::new();
        if !wire.read_line(&mut text)?.starts_with(b"you ") || !text.is_empty() {
            return Err(wrong_answer("the server did not greet its client in one line"));
        }
        let wanted = ANSWER.repeat(self.in_flight);
        let messages = self.in_flight as u64;
        Ok(Box::new(Conversation::new(wire, self.question.clone(), wanted, messages)))
    }
}
