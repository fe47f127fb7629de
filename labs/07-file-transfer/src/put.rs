//! Step upload: the client's side.
//!
//! ```text
//!   C: /put SIZE SHA256 NAME \n  ─▶  S: GO \n  ─▶  C: SIZE bytes  ─▶  S: OK \n
//! ```

use crate::given::errors::ClientError;
use crate::names::Name;
use std::fs::File;

/// Stores `file` as `name` on the server at `address`, and returns its size, for `lab07 put`.
///
/// # Contract
///
/// * Connects after it has computed the sum, because the sum of a large file takes longer than a
///   server waits for a request.
/// * Sends the bytes only after `GO`, and succeeds only with `OK`.
/// * Sends exactly as many bytes as it announced, even if the file grows in the meantime.
/// * Uses the same memory for a file of any size, and shows the progress (`progress::bar`).
///
/// # Steps
///
/// 1. Compute size and sum, then connect and send the request line.
/// 2. Wait for `GO`, send the bytes (`copy::send`, from the beginning), wait for `OK`.
/// 3. If sending fails, read the server's last line, which may give the reason.
///
/// # Errors
///
/// * A refusal of the server, also while the bytes are sent. Then the write fails, and the reason
///   is in the line that the server sent before it closed.
/// * [`ClientError::Nonsense`] for any other answer than `GO` and `OK`.
/// * [`ClientError::Shrank`] when the file becomes shorter in the meantime.
pub fn put(address: &str, file: &File, name: &Name) -> Result<u64, ClientError> {
    todo!("lab07, step upload: put")
}
