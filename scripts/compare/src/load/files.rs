//! Lab 07: downloads of one file. The clients read it and throw it away.

use std::fs;
use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::sync::Arc;

use tempfile::TempDir;

use super::client::{Client, Load, wrong_answer};
use super::clock::Clock;
use super::wire::Wire;
use crate::plan::Plan;

/// The file's name.
const NAME: &str = "large";

/// Bytes of one read.
const BUFFER: usize = 256 * 1024;

pub struct Files {
    /// The shared folder. It is removed when this is dropped.
    folder: TempDir,
    len: usize,
}

impl Files {
    pub fn new(plan: &Plan) -> io::Result<Files> {
        let folder = TempDir::new()?;
        let bytes: Vec<u8> = (0..251).cycle().take(plan.message_bytes).collect();
        fs::write(folder.path().join(NAME), bytes)?;
        Ok(Files { folder, len: plan.message_bytes })
    }
}

impl Load for Files {
    fn unit(&self) -> &'static str {
        "bytes"
    }

    fn arguments(&self) -> Vec<String> {
        vec!["--root".to_owned(), self.folder.path().to_string_lossy().into_owned()]
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
        let mut received = unread.len();
        while received < self.len {
            let most = BUFFER.min(self.len - received);
            match self.wire.read(&mut self.buffer[..most])? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                count => received += count,
            }
        }
        Ok(self.len as u64)
    }
}
