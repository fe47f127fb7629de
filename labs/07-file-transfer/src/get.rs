//! Step get: a file from the server, whole or not at all.
//!
//! ```text
//!   NAME ─▶ NAME.part grows ─▶ as long as promised? ─▶ the same sum? ─▶ rename: NAME
//! ```
//!
//! rename(2) is one step: whoever looks finds the old file or the new one, never half of it.
//! (It is not synced to the disk before: after a power failure the file can be fetched again.)

use crate::dialog::Dialog;
use crate::given::errors::ClientError;
use crate::names::Name;
use std::path::{Path, PathBuf};

/// What has been saved.
#[derive(Debug)]
pub struct Saved {
    /// Where.
    pub path: PathBuf,
    /// How many bytes.
    pub size: u64,
}

/// `lab07 get`: fetches the file `name` into `folder`.
///
/// # Contract
///
/// * It is called there as the last part of `name`: what *we* asked for, nothing that the server
///   says. A file of that name is replaced, when the new one is whole.
/// * Until then the bytes are in a file of that name with `.part` behind it. One that an earlier
///   try has left (`resume::already_there`) is not fetched again: `/get OFFSET NAME` asks for
///   the rest. When there is none, `NAME` asks for all.
/// * The file gets its name when as many bytes have come as promised, and `/sum NAME` is answered
///   with the sum of what is here.
/// * A bar on stderr shows the progress, if that is a terminal (`progress::bar`).
///
/// # Steps
///
/// 1. Ask for the file (all of it, as long as there is no `.part`), and read the size.
/// 2. Open the `.part` to append to it (`OpenOptions`); only now, when the server has it.
/// 3. `copy::receive`; fewer bytes than promised are [`ClientError::CutShort`].
/// 4. Ask for the sum, compute yours (`Sum::of`), compare.
/// 5. `fs::rename`. On the way, think for each `?` of what it leaves behind.
///
/// # Errors
///
/// * Nothing stands under the final name but what stood there before.
/// * What came before the server closed or the connection failed is kept as `.part`. A server
///   that refuses leaves no new `.part`.
/// * [`ClientError::WrongSum`], and [`ClientError::NoBeginning`] when the server answers
///   `BEYOND_END`: then the `.part` is removed, or no later try could succeed.
pub fn get(dialog: &mut Dialog, name: &Name, folder: &Path) -> Result<Saved, ClientError> {
    todo!("lab07, step get: get")
}
