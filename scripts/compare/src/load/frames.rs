//! Lab 04: frames `ECHO TEXT`, each answered by a frame `OK TEXT`. A frame is a length (u32,
//! big-endian) and that many bytes.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use super::client::{Client, Load};
use super::clock::Clock;
use super::conversation::Conversation;
use super::wire::Wire;
use crate::plan::Plan;

pub struct Frames {
    question: Vec<u8>,
    wanted: Vec<u8>,
    in_flight: usize,
}

impl Frames {
    pub fn new(plan: &Plan) -> Frames {
        let text = "m".repeat(plan.message_bytes - "ECHO ".len());
        let batch = |payload: String| frame(&payload).repeat(plan.in_flight);
        Frames {
            question: batch(format!("ECHO {text}")),
            wanted: batch(format!("OK {text}")),
            in_flight: plan.in_flight,
        }
    }
}

fn frame(payload: &str) -> Vec<u8> {
    let len = u32::try_from(payload.len()).expect("a plan limits the length of a message");
    [&len.to_be_bytes(), payload.as_bytes()].concat()
}

impl Load for Frames {
    fn unit(&self) -> &'static str {
        "frames"
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
            self.wanted.clone(),
            self.in_flight as u64,
        )))
    }
}
