//! Lab 02: lines, each answered by `accepted`.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use super::client::{Client, Load, line_of};
use super::clock::Clock;
use super::conversation::Conversation;
use super::wire::Wire;
use crate::plan::Plan;

pub struct Lines {
    question: Vec<u8>,
    in_flight: usize,
}

impl Lines {
    pub fn new(plan: &Plan) -> Lines {
        let question = line_of(plan.message_bytes).repeat(plan.in_flight);
        Lines { question, in_flight: plan.in_flight }
    }
}

impl Load for Lines {
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
            b"accepted\n".repeat(self.in_flight),
            self.in_flight as u64,
        )))
    }
}
