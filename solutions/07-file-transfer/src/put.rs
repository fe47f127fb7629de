//! Step upload: the client's side.
//!
//! ```text
//!   C: /put SIZE SHA256 NAME \n  ─▶  S: GO \n  ─▶  C: SIZE bytes  ─▶  S: OK \n
//! ```

use crate::copy;
use crate::dialog::Dialog;
use crate::given::errors::ClientError;
use crate::names::Name;
use crate::progress;
use crate::sum::Sum;
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
    let (size, sum) = (file.metadata()?.len(), Sum::of(file)?);
    let mut dialog = Dialog::connect(address)?;
    dialog.ask(&format!("/put {size} {sum} {name}"))?;
    expect(&mut dialog, "GO")?;

    file.rewind()?;
    let bar = progress::bar(0, size);
    let sent = copy::send(file, dialog.stream(), size, |count| bar.inc(count));
    bar.finish_and_clear();
    match sent {
        Ok(sent) if sent < size => return Err(ClientError::Shrank),
        Ok(_) => (),
        // The server hung up while we talked. Did it say why?
        Err(error) => return Err(last_words(&mut dialog).unwrap_or(error.into())),
    }
    expect(&mut dialog, "OK")?;
    Ok(size)
}

fn expect(dialog: &mut Dialog, due: &'static str) -> Result<(), ClientError> {
    let answer = dialog.answer()?;
    if answer == due { Ok(()) } else { Err(ClientError::Nonsense { answer, due }) }
}

fn last_words(dialog: &mut Dialog) -> Option<ClientError> {
    dialog.answer().err().filter(|error| matches!(error, ClientError::Refused(_)))
}
