//! Step output: what the kernel has not taken yet.
//!
//! ```text
//!   answers ─▶ [ "hello\n" ][ bytes 4000000: made while it is sent ][ "bye\n" ]
//!                  │ write: the kernel takes a part, and says how much
//!                  ▼
//!              send buffer ─▶ the client, if it reads
//! ```

use socket2::Socket;
use std::collections::VecDeque;
use std::io::{self, Write};

/// Most bytes that are written to one client in one turn of the loop: 64 KiB. Then the other clients
/// have their turn.
pub const TURN_BYTES: usize = 64 * 1024;

/// The answers to one client, in order, that the kernel has not taken yet.
#[derive(Debug, Default)]
pub struct Output {
    pieces: VecDeque<Piece>,
    /// The bytes of all pieces that are not sent yet.
    owed: u64,
}

/// A part of the output.
#[derive(Debug)]
pub enum Piece {
    /// Bytes, of which so many are sent.
    Text {
        /// The bytes.
        bytes: Vec<u8>,
        /// How many of them are sent.
        sent: usize,
    },
    /// The answer to `bytes N`: the letters a to z over and over, and at last a newline. It takes no
    /// memory, whatever N is.
    Letters {
        /// How many bytes are sent.
        sent: u64,
        /// How many bytes there are.
        total: u64,
    },
}

impl Output {
    /// How many bytes are owed.
    pub fn owed(&self) -> u64 {
        self.owed
    }

    /// Whether nothing is owed.
    pub fn is_empty(&self) -> bool {
        self.owed == 0
    }

    /// Adds `line` and its newline. Lines that follow each other are one piece, so that one write
    /// takes all of them.
    pub fn push_line(&mut self, line: &[u8]) {
        self.owed += line.len() as u64 + 1;
        if !matches!(self.pieces.back(), Some(Piece::Text { .. })) {
            let bytes = Vec::with_capacity(line.len() + 1);
            self.pieces.push_back(Piece::Text { bytes, sent: 0 });
        }
        if let Some(Piece::Text { bytes, .. }) = self.pieces.back_mut() {
            bytes.extend_from_slice(line);
            bytes.push(b'\n');
        }
    }

    /// Adds the answer to `bytes TOTAL`.
    pub fn push_letters(&mut self, total: u64) {
        if total > 0 {
            self.owed += total;
            self.pieces.push_back(Piece::Letters { sent: 0, total });
        }
    }

    /// The next bytes to send, of the first piece. They are at most `most`, and at least one unless
    /// nothing is owed.
    ///
    /// # Contract
    ///
    /// * A text continues behind the bytes that are sent.
    /// * Byte number n of letters (from 0) is letter n modulo 26. The last byte is a newline.
    ///
    /// # Steps
    ///
    /// 1. Look at `self.pieces.front()`. Without a piece, return an empty slice.
    /// 2. Of a text, return the bytes behind `sent`, at most `most`.
    /// 3. Of letters, return a part of `LETTERS` that begins at letter `sent % 26` and ends before
    ///    the last byte. If only the last byte is left, return the newline.
    pub fn next_bytes(&self, most: usize) -> &[u8] {
        todo!("lab09, step output: next_bytes")
    }

    /// Notes that the kernel has taken `count` bytes of the first piece.
    ///
    /// # Contract
    ///
    /// * A piece of which everything is sent is dropped, with its memory.
    ///
    /// # Steps
    ///
    /// 1. Subtract `count` from `self.owed`.
    /// 2. Add it to `sent` of the first piece, and drop the piece (`pop_front`) if all of it is
    ///    sent.
    pub fn consume(&mut self, count: usize) {
        todo!("lab09, step output: consume")
    }

    /// Writes to `socket`, which is non-blocking, until the kernel takes no more, nothing is owed,
    /// or [`TURN_BYTES`] are written. Returns how many bytes the kernel took.
    ///
    /// # Contract
    ///
    /// * A write may take a part. The next one begins behind it.
    /// * `WouldBlock` is no error. The kernel's buffer is full, and the next event tells when there
    ///   is room. A write that a signal interrupts is repeated.
    ///
    /// # Steps
    ///
    /// 1. While something is owed and less than [`TURN_BYTES`] is written, write
    ///    [`Output::next_bytes`].
    /// 2. [`Output::consume`] what the kernel took.
    /// 3. Stop at `WouldBlock`, repeat after `Interrupted`, and return any other error.
    ///
    /// # Errors
    ///
    /// Those of write(2) that end the connection.
    pub fn flush(&mut self, mut socket: &Socket) -> io::Result<usize> {
        // Given: a short answer, of which the kernel takes all.
        if self.is_empty() {
            return Ok(0);
        }
        if let Some(Piece::Text { bytes, sent: 0 }) = self.pieces.front()
            && self.pieces.len() == 1
            && bytes.len() <= TURN_BYTES / 4
        {
            let written = socket.write(bytes)?;
            if written == bytes.len() {
                *self = Output::default();
                return Ok(written);
            }
        }
        todo!("lab09, step output: flush")
    }
}

/// The letters of `bytes N`, from any letter on, and long enough for one turn.
static LETTERS: [u8; TURN_BYTES + 26] = letters();

const fn letters() -> [u8; TURN_BYTES + 26] {
    let mut letters = [0; TURN_BYTES + 26];
    let mut index = 0;
    while index < letters.len() {
        letters[index] = b'a' + (index % 26) as u8;
        index += 1;
    }
    letters
}
