//! Step upload: the client's side.
//!
//! ```text
//!   C: /put SIZE SHA256 NAME \n  ─▶  S: GO \n  ─▶  C: SIZE bytes  ─▶  S: OK \n
//! ```

use crate::client::FileClient;
use crate::copy;
use crate::digest::Digest;
use crate::given::errors::ClientError;
use crate::names::Name;
use crate::progress;
use std::fs::File;
use std::io::Seek;

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
/// # Errors
///
/// * A refusal of the server, also while the bytes are sent. Then the write fails, and the reason
///   is in the line that the server sent before it closed.
/// * [`ClientError::Nonsense`] for any other answer than `GO` and `OK`.
/// * [`ClientError::Shrank`] when the file becomes shorter in the meantime.
pub fn put(address: &str, mut file: &File, name: &Name) -> Result<u64, ClientError> {
    let size = file.metadata()?.len();
    let digest = Digest::of(file)?;
    let mut client = FileClient::connect(address)?;
    client.send_request(&format!("/put {size} {digest} {name}"))?;
    expect(&mut client, "GO")?;

    file.rewind()?;
    let bar = progress::bar(0, size);
    let sent = copy::send(file, client.stream(), size, |count| bar.inc(count));
    bar.finish_and_clear();
    match sent {
        Ok(sent) if sent < size => return Err(ClientError::Shrank),
        Ok(_) => (),
        // The server closed the connection. It may have sent the reason before that.
        Err(error) => return Err(last_words(&mut client).unwrap_or(error.into())),
    }
    expect(&mut client, "OK")?;
    Ok(size)
}

fn expect(client: &mut FileClient, due: &'static str) -> Result<(), ClientError> {
    let answer = client.read_answer()?;
    if answer == due { Ok(()) } else { Err(ClientError::Nonsense { answer, due }) }
}

fn last_words(client: &mut FileClient) -> Option<ClientError> {
    client.read_answer().err().filter(|error| matches!(error, ClientError::Refused(_)))
}
