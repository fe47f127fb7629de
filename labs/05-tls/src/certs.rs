//! Step certs: a small certificate authority (CA).
//!
//! ```text
//!   ca.pem       CA:TRUE    self-signed; a client that trusts it trusts what it has signed
//!    ├─ server.pem  CA:FALSE   names: localhost, 127.0.0.1, ::1    for server authentication
//!    └─ client.pem  CA:FALSE   name: client                        for client authentication
//!   ca.key, server.key, client.key: readable for their owner only
//! ```
//!
//! ```text
//!   issue ─▶ authority, then twice signed       each of them takes its dates from validity
//!   write ─▶ create_all or replace_all          both of them make each file with create
//! ```

use crate::given::errors::FileError;
use rcgen::{ExtendedKeyUsagePurpose, Issuer, KeyPair};
use std::path::{Path, PathBuf};
use time::{Duration, OffsetDateTime};

/// How long before now a certificate begins to be valid: five minutes. Clocks differ, and a client
/// refuses a certificate from the future.
pub const CLOCK_SKEW: Duration = Duration::minutes(5);

/// The name in the client's certificate.
pub const CLIENT_NAME: &str = "client";

/// The certificates and keys that `lab05 certs` writes, as PEM text.
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
    /// Public: every peer receives it in the handshake.
    pub certificate: String,
    /// For its owner only.
    pub key: String,
}

/// One of the six files.
pub struct PemFile<'a> {
    /// Its place.
    pub path: PathBuf,
    /// Its content.
    pub text: &'a str,
    /// Its mode on Unix: 0644 for a certificate, 0600 for a key.
    pub mode: u32,
}

impl Issued {
    /// The six files in `folder`. Given.
    pub fn files(&self, folder: &Path) -> Vec<PemFile<'_>> {
        let file = |name: String, text, mode| PemFile { path: folder.join(name), text, mode };
        let pairs = [("ca", &self.ca), ("server", &self.server), ("client", &self.client)];
        let files = pairs.map(|(name, pair)| {
            [
                file(format!("{name}.pem"), pair.certificate.as_str(), 0o644),
                file(format!("{name}.key"), pair.key.as_str(), 0o600),
            ]
        });
        files.into_iter().flatten().collect()
    }
}

/// Whether `lab05 certs` may replace existing files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// An existing file is an error, and no file is written.
    Keep,
    /// `--force`.
    Replace,
}

/// Makes a CA, and the certificates that it signs for a server and for a client.
///
/// # Contract
///
/// * The server's certificate is for `names`, 127.0.0.1 and ::1. Its purpose (extended key usage)
///   is server authentication.
/// * The client's certificate is for [`CLIENT_NAME`]. Its purpose is client authentication.
/// * Each of the three has its own key.
///
/// # Steps
///
/// 1. [`authority`] makes the CA, and the issuer for the other two.
/// 2. [`signed`] makes the server's certificate, then the client's.
///
/// # Errors
///
/// Those of [`authority`] and [`signed`].
pub fn issue(names: &[String], days: u32) -> Result<Issued, FileError> {
    todo!("lab05, step certs: issue")
}

/// The CA: its certificate, which it signs itself, and the issuer that signs the others.
///
/// # Contract
///
/// * CA:TRUE (basic constraints), and the key usages to sign certificates (keyCertSign) and lists of
///   revoked ones (cRLSign). It need not sign other CAs, so its path length may be 0.
/// * Valid as [`validity`] says.
///
/// # Steps
///
/// 1. `CertificateParams::new` without names, and `KeyPair::generate()`.
/// 2. Set `is_ca`, `key_usages`, `not_before` and `not_after`. Give the CA a common name in
///    `distinguished_name`. Otherwise rcgen calls it `rcgen self signed cert`.
/// 3. `self_signed`, and then an `Issuer` of the same params and key.
///
/// # Errors
///
/// Those of [`validity`].
pub fn authority(days: u32) -> Result<(Pair, Issuer<'static, KeyPair>), FileError> {
    todo!("lab05, step certs: authority")
}

/// A certificate for `names` with this `purpose`, signed by `issuer`, and its new key.
///
/// # Contract
///
/// * CA:FALSE is in the certificate (basic constraints), and it names its issuer's key (authority
///   key identifier). Its key signs handshakes only (key usage digitalSignature).
/// * All `names` are in subjectAltName, IP addresses as addresses.
/// * Valid as [`validity`] says.
///
/// # Steps
///
/// 1. `CertificateParams::new(names)`. It makes an IP address of a name that reads as one.
/// 2. `IsCa::ExplicitNoCa`, the purpose, the dates, `use_authority_key_identifier_extension`.
/// 3. `KeyPair::generate()`, and `signed_by` the issuer.
///
/// # Errors
///
/// [`FileError::Impossible`]: no certificate can hold one of the names. Those of [`validity`].
pub fn signed(
    names: Vec<String>,
    days: u32,
    purpose: ExtendedKeyUsagePurpose,
    issuer: &Issuer<'_, KeyPair>,
) -> Result<Pair, FileError> {
    todo!("lab05, step certs: signed")
}

/// The dates from which and until which a certificate is valid.
///
/// # Contract
///
/// * From [`CLOCK_SKEW`] ago, until `days` from now.
///
/// # Steps
///
/// 1. `OffsetDateTime::now_utc()`, and `checked_add`, which does not panic.
///
/// # Errors
///
/// [`FileError::Impossible`]: the end is after the year 9999, the last that a certificate can hold.
pub fn validity(days: u32) -> Result<(OffsetDateTime, OffsetDateTime), FileError> {
    todo!("lab05, step certs: validity")
}

/// Writes all six files into `folder`, and creates `folder` and its parents if they are missing.
///
/// # Contract
///
/// * Only the owner can read and write a key (mode 0600, on Unix), from the first moment on and
///   also if the key replaces an older one.
/// * With [`Existing::Keep`]: if any of the files exists, no file is written.
/// * With [`Existing::Replace`]: at each moment, each file is whole, the old one or the new one.
///
/// # Steps
///
/// 1. `fs::create_dir_all`.
/// 2. [`Issued::files`], and [`create_all`] or [`replace_all`].
///
/// # Errors
///
/// [`FileError::Exists`]; else [`FileError::Io`], which names the file.
pub fn write(folder: &Path, issued: &Issued, existing: Existing) -> Result<(), FileError> {
    todo!("lab05, step certs: write")
}

/// Creates `files`, none of which may exist.
///
/// # Contract
///
/// * If any of them exists, no file is written. A symbolic link exists, also if its target does
///   not.
///
/// # Steps
///
/// 1. Look at all files before you write the first. `Path::exists` follows links, and
///    `fs::symlink_metadata` does not.
/// 2. [`create`] each of them.
///
/// # Errors
///
/// [`FileError::Exists`] for the first that exists; those of [`create`].
pub fn create_all(files: &[PemFile<'_>]) -> Result<(), FileError> {
    todo!("lab05, step certs: create_all")
}

/// Creates `files`, and replaces the existing ones.
///
/// # Contract
///
/// * At each moment, each file is whole, the old one or the new one.
/// * If a new file cannot be written, all old files stay as they are. (If a rename fails, files of
///   two runs may be left, because no call renames six files together.)
/// * After success no other file is left, also if an earlier run failed halfway. After an error,
///   temporary files may be left in the folder.
///
/// # Steps
///
/// 1. [`create`] each new file beside the old one (`ca.key.new`). If such a file is left from an
///    earlier run, remove it first.
/// 2. When all of them are written, `fs::rename` each over the old one.
///
/// # Errors
///
/// [`FileError::Io`], which names the file.
pub fn replace_all(files: &[PemFile<'_>]) -> Result<(), FileError> {
    todo!("lab05, step certs: replace_all")
}

/// Creates the file `path` with the text and the mode of `file`.
///
/// # Contract
///
/// * The file has its mode from the first moment on (on Unix).
/// * A file or a link at `path` is an error, and stays as it is.
///
/// # Steps
///
/// 1. `OpenOptions` with `create_new`, and on Unix with `OpenOptionsExt::mode`. Both belong to the
///    one open(2).
/// 2. Write the text.
///
/// # Errors
///
/// [`FileError::Io`], which names the file.
pub fn create(path: &Path, file: &PemFile<'_>) -> Result<(), FileError> {
    todo!("lab05, step certs: create")
}
