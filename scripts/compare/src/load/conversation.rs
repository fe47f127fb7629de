//! The loads in which a client always sends the same bytes, and expects the same answer.

use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::sync::Arc;

use super::client::{Client, Load, line_of, wrong_answer};
use super::clock::Clock;
use super::wire::Wire;
use crate::plan::Plan;

/// What each client sends in a batch, and what it expects.
#[derive(Clone)]
pub struct Conversation {
    unit: &'static str,
    /// How the line begins with which the server greets a client.
    greeting: Option<&'static [u8]>,
    question: Vec<u8>,
    wanted: Vec<u8>,
    messages: u64,
}

impl Conversation {
    /// Bytes that come back (lab 01).
    pub fn echo(plan: &Plan) -> Conversation {
        let message: Vec<u8> = (0..=255).cycle().take(plan.message_bytes).collect();
        Conversation::new(plan, &message, &message)
    }

    /// Lines, each answered by `accepted` (lab 02).
    pub fn lines(plan: &Plan) -> Conversation {
        Conversation::new(plan, &line_of(plan.message_bytes), b"accepted\n")
    }

    /// Frames `ECHO TEXT`, each answered by a frame `OK TEXT` (lab 04).
    pub fn frames(plan: &Plan) -> Conversation {
        let text = "m".repeat(plan.message_bytes - "ECHO ".len());
        let (question, wanted) = (frame(&format!("ECHO {text}")), frame(&format!("OK {text}")));
        Conversation { unit: "frames", ..Conversation::new(plan, &question, &wanted) }
    }

    /// The server greets a client. Lines that are no command have any length, and each is answered
    /// by the same error (lab 08).
    pub fn greeted(plan: &Plan) -> Conversation {
        let question = line_of(plan.message_bytes);
        let conversation = Conversation::new(plan, &question, b"ERROR expected me or in NETWORK\n");
        Conversation { greeting: Some(b"you "), ..conversation }
    }

    /// Lines `echo TEXT`, each answered by `TEXT` (lab 09).
    pub fn repeated(plan: &Plan) -> Conversation {
        let question = [b"echo ", &line_of(plan.message_bytes - "echo ".len())[..]].concat();
        Conversation::new(plan, &question, &question["echo ".len()..])
    }

    fn new(plan: &Plan, question: &[u8], wanted: &[u8]) -> Conversation {
        Conversation {
            unit: "messages",
            greeting: None,
            question: question.repeat(plan.in_flight),
            wanted: wanted.repeat(plan.in_flight),
            messages: plan.in_flight as u64,
        }
    }
}

/// A length (u32, big-endian) and that many bytes.
fn frame(payload: &str) -> Vec<u8> {
    let len = u32::try_from(payload.len()).expect("a plan limits the length of a message");
    [&len.to_be_bytes(), payload.as_bytes()].concat()
}

impl Load for Conversation {
    fn unit(&self) -> &'static str {
        self.unit
    }

    fn connect(
        &self,
        server: SocketAddr,
        _: usize,
        clock: &Arc<Clock>,
    ) -> io::Result<Box<dyn Client>> {
        let mut wire = Wire::connect(server, clock)?;
        if let Some(greeting) = self.greeting {
            expect_line(&mut wire, greeting)?;
        }
        let answer = vec![0; self.wanted.len()];
        Ok(Box::new(Speaker { wire, conversation: self.clone(), answer }))
    }
}

/// Reads one line that begins with `beginning`, and behind it nothing.
fn expect_line(wire: &mut Wire, beginning: &[u8]) -> io::Result<()> {
    let mut text = Vec::new();
    if !wire.read_line(&mut text)?.starts_with(beginning) || !text.is_empty() {
        return Err(wrong_answer("the server did not greet its client in one line"));
    }
    Ok(())
}

struct Speaker {
    wire: Wire,
    conversation: Conversation,
    answer: Vec<u8>,
}

impl Client for Speaker {
    fn exchange(&mut self) -> io::Result<u64> {
        self.wire.write_all(&self.conversation.question)?;
        self.wire.read_exact(&mut self.answer)?;
        if self.answer != self.conversation.wanted {
            return Err(wrong_answer("the server sent a wrong answer"));
        }
        Ok(self.conversation.messages)
    }
}
