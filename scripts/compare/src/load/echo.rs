//! Lab 01: bytes that come back.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use super::client::{Client, Load};
use super::clock::Clock;
use super::conversation::Conversation;
use super::wire::Wire;
use crate::plan::Plan;

pub struct Echo {
    question: Vec<u8>,
    messages: u64,
}

impl Echo {
    pub fn new(plan: &Plan) -> Echo {
        let message: Vec<u8> = (0..=255).cycle().take(plan.message_bytes).collect();
        Echo { question: message.repeat(plan.in_flight), messages: plan.in_flight as u64 }
    }
}

impl Load for Echo {
    fn unit(&self) -> &'static str {
        "messages"
    }

    fn connect(
        &self,
        server: SocketAddr,
        _: usize,
        clock: &Arc<Clock>,
    ) -> io::Result<Box<dyn Client>> {
        Ok(Box::new(Conversation::new(
            Wire::connect(server, clock)?,
            self.question.clone(),
            self.question.clone(),
            self.messages,
        )))
    }
}
