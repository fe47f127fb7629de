//! A page, requested again and again on one connection (lab 10).

use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::Arc;

use super::client::{Client, Load, wrong_answer};
use super::clock::Clock;
use super::served::ServedFile;
use super::wire::Wire;
use crate::plan::Plan;

/// The file's name.
const NAME: &str = "page.txt";

/// Bytes of one read.
const BUFFER: usize = 256 * 1024;

pub struct Pages {
    file: ServedFile,
    len: usize,
    in_flight: usize,
}

impl Pages {
    pub fn new(plan: &Plan) -> io::Result<Pages> {
        let file = ServedFile::new(NAME, "x".repeat(plan.message_bytes))?;
        Ok(Pages { file, len: plan.message_bytes, in_flight: plan.in_flight })
    }
}

impl Load for Pages {
    fn unit(&self) -> &'static str {
        "answers"
    }

    fn arguments(&self) -> Vec<String> {
        self.file.arguments()
    }

    fn connect(
        &self,
        server: SocketAddr,
        _: usize,
        clock: &Arc<Clock>,
    ) -> io::Result<Box<dyn Client>> {
        let wire = Wire::connect(server, clock)?;
        let question = format!("GET /{NAME} HTTP/1.1\r\nHost: {server}\r\n\r\n");
        let question = question.repeat(self.in_flight).into_bytes();
        let (len, answers) = (self.len, self.in_flight);
        let buffer = vec![0; BUFFER.min(len)];
        Ok(Box::new(Reader { wire, question, len, answers, unread: Vec::new(), buffer }))
    }
}

struct Reader {
    wire: Wire,
    question: Vec<u8>,
    len: usize,
    answers: usize,
    /// Bytes of the answers that were received with an earlier one.
    unread: Vec<u8>,
    buffer: Vec<u8>,
}

impl Client for Reader {
    fn exchange(&mut self) -> io::Result<u64> {
        self.wire.write_all(&self.question)?;
        for _ in 0..self.answers {
            self.read_answer()?;
        }
        Ok(self.answers as u64)
    }
}

impl Reader {
    fn read_answer(&mut self) -> io::Result<()> {
        let status = self.wire.read_line(&mut self.unread)?;
        if !status.starts_with(b"HTTP/1.1 200 ") {
            return Err(wrong_answer("the server did not answer 200"));
        }
        let mut length = None;
        loop {
            let line = self.wire.read_line(&mut self.unread)?;
            let line = String::from_utf8_lossy(&line).trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            length = line.strip_prefix("content-length: ").map(str::to_owned).or(length);
        }
        if length != Some(self.len.to_string()) {
            return Err(wrong_answer("the server sent a wrong Content-Length"));
        }
        self.skip_body()
    }

    fn skip_body(&mut self) -> io::Result<()> {
        let here = self.unread.len().min(self.len);
        self.unread.drain(..here);
        self.wire.skip(self.len - here, &mut self.buffer)
    }
}
