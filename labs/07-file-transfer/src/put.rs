//! Step upload: the client's side.
//!
//! ```text
//!   C: /put SIZE SHA256 NAME \n  ─▶  S: GO \n  ─▶  C: SIZE bytes  ─▶  S: OK \n
//! ```

use crate::given::errors::ClientError;
use crate::names::Name;
use std::fs::File;

/// `lab07 put`: stores `file` as `name` on the server at `address`, and returns its size.
///
/// # Contract
///
/// * Connects when the request can be sent at once: the sum of a large file takes longer than a
///   server waits for a request.
/// * Sends the bytes only after `GO`, and succeeds only with `OK`.
/// * Memory stays flat, and a bar shows the progress (`progress::bar`).
///
/// # Steps
///
/// 1. Size and sum first, then connect and send the request line.
/// 2. Wait for `GO`, send the bytes (`copy::send`, from the beginning), wait for `OK`.
/// 3. If sending fails, look whether the server's last words say why.
///
/// # Errors
///
/// * What the server says, also when it says it while we send: then our write fails, but why it
///   fails stands in what the server sent before it closed.
/// * [`ClientError::Shrank`] when the file becomes shorter meanwhile.
pub fn put(address: &str, file: &File, name: &Name) -> Result<u64, ClientError> {
    todo!("lab07, step upload: put")
}
