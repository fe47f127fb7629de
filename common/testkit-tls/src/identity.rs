//! A certificate with its key.

use std::fs;
use std::path::Path;

/// A certificate and its key, both as PEM text.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The certificate, and those that lead to its issuer.
    pub certificate: String,
    /// The key that belongs to it.
    pub key: String,
}

impl Identity {
    /// Reads `NAME.pem` and `NAME.key` in `folder`; what is not there is empty.
    pub fn read(folder: &Path, name: &str) -> Identity {
        let read = |ending: &str| {
            fs::read_to_string(folder.join(format!("{name}.{ending}"))).unwrap_or_default()
        };
        Identity { certificate: read("pem"), key: read("key") }
    }
}
