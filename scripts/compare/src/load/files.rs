//! Downloads of one file (lab 07). The clients read it and throw it away.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::Arc;

use super::client::{Client, Load, wrong_answer};
use super::clock::Clock;
use super::served::ServedFile;
use super::wire::Wire;
use crate::plan::Plan;

/// The file's name.
const NAME: &str = "large";

/// Bytes of one read.
const BUFFER: usize = 256 * 1024;

pub struct Files {
    file: ServedFile,
    len: usize,
}

impl Files {
    pub fn new(plan: &Plan) -> io::Result<Files> {
        let bytes: Vec<u8> = (0..251).cycle().take(plan.message_bytes).collect();
        Ok(Files { file: ServedFile::new(NAME, bytes)?, len: plan.message_bytes })
    }
}

impl Load for Files {
    fn unit(&self) -> &'static str {
        "bytes"
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
        Ok(Box::new(Downloader { wire, len: self.len, buffer: vec![0; BUFFER] }))
    }
}

struct Downloader {
    wire: Wire,
    len: usize,
    buffer: Vec<u8>,
}

impl Client for Downloader {
    fn exchange(&mut self) -> io::Result<u64> {
        self.wire.write_all(format!("{NAME}\n").as_bytes())?;
        let mut unread = Vec::new();
        if self.wire.read_line(&mut unread)? != self.len.to_string().as_bytes() {
            return Err(wrong_answer("the server sent a wrong size"));
        }
        self.wire.skip(self.len.saturating_sub(unread.len()), &mut self.buffer)?;
        Ok(self.len as u64)
    }
}
