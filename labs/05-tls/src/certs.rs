//! Step certs: a small certificate authority.
//!
//! ```text
//!   ca.pem       CA:TRUE    self-signed; whoever trusts it trusts what it has signed
//!    ├─ server.pem  CA:FALSE   names: localhost, 127.0.0.1, ::1    for server authentication
//!    └─ client.pem  CA:FALSE   name: client                        for client authentication
//!   ca.key, server.key, client.key: for their owners' eyes only
//! ```

use crate::given::errors::FileError;
use std::path::Path;
use time::Duration;

/// How long before now a certificate begins to be valid: five minutes. Clocks differ, and a
/// certificate from the future is refused.
pub const CLOCK_SKEW: Duration = Duration::minutes(5);

/// The name in the client's certificate.
pub const CLIENT_NAME: &str = "client";

/// What `lab05 certs` writes, as PEM text: certificates, and the keys that belong to them.
pub struct Issued {
    /// `ca.pem`, `ca.key`.
    pub ca: Pair,
    /// `server.pem`, `server.key`.
    pub server: Pair,
    /// `client.pem`, `client.key`.
    pub client: Pair,
}

/// A certificate and its private key, both as PEM text.
pub struct Pair {
    /// For everybody.
    pub certificate: String,
    /// For its owner only.
    pub key: String,
}

/// Whether files that are there may be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// They are an error; nothing is written.
    Keep,
    /// `--force`.
    Replace,
}

/// Makes an authority, and certificates that it has signed for a server and for a client.
///
/// # Contract
///
/// * The authority's certificate is CA:TRUE and may sign certificates; the others are CA:FALSE.
/// * The server's is valid for `names`, 127.0.0.1 and ::1, all of them in subjectAltName; the
///   client's for [`CLIENT_NAME`]. Each says what it is for (extended key usage).
/// * All are valid from [`CLOCK_SKEW`] ago, for `days` from now.
///
/// # Steps
///
/// 1. For each a `CertificateParams` (it takes names and IP addresses as text) and a
///    `KeyPair::generate()`.
/// 2. The authority: `is_ca`, key usages to sign with, `self_signed`; then an `Issuer` of both.
/// 3. The others: `IsCa::ExplicitNoCa`, their extended key usage, the authority's key identifier,
///    `signed_by` that issuer.
///
/// # Errors
///
/// [`FileError::Impossible`]: a name that no certificate can hold, or days beyond all calendars.
pub fn issue(names: &[String], days: u32) -> Result<Issued, FileError> {
    todo!("lab05, step certs: issue")
}

/// Writes all six files into `folder`, which is made if need be.
///
/// # Contract
///
/// * Keys can be read and written by their owner only (mode 0600, on Unix), from the first moment
///   on and also when they replace others.
/// * With [`Existing::Keep`], if any of the files is there, nothing is written at all.
/// * With [`Existing::Replace`], a file is always whole: the old one, or the new one.
///
/// # Steps
///
/// 1. Make the folder. Look at all six files before you write the first.
/// 2. Give the mode to open(2) (`OpenOptionsExt::mode`) together with `create_new`: a file that
///    is written over keeps the mode it has.
/// 3. To replace a file, write another beside it, and `rename` it.
///
/// # Errors
///
/// [`FileError::Exists`]; else [`FileError::Io`], which names the file.
pub fn write(folder: &Path, issued: &Issued, existing: Existing) -> Result<(), FileError> {
    todo!("lab05, step certs: write")
}
