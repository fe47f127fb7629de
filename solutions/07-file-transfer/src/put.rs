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

/// `lab07 put`: stores `file` as `name` on the server at `address`, and returns its size.
///
/// # Contract
///
/// * Connects when the request can be sent at once: the sum of a large file takes longer than a
///   server waits for a request.
/// * Sends the bytes only after `GO`, and succeeds only with `OK`.
/// * Memory stays flat, and a bar shows the progress (`progress::bar`).
///
/// # Errors
///
/// * What the server says, also when it says it while we send: then our write fails, but why it
///   fails stands in what the server sent before it closed.
/// * [`ClientError::Shrank`] when the file becomes shorter meanwhile.
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
        // The server hung up while we talked. Did it say why?
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
