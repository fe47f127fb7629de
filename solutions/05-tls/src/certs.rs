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
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
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
/// # Errors
///
/// Those of [`authority`] and [`signed`].
pub fn issue(names: &[String], days: u32) -> Result<Issued, FileError> {
    let names = names.iter().cloned().chain(["127.0.0.1".to_owned(), "::1".to_owned()]);
    let (ca, issuer) = authority(days)?;
    let server = signed(names.collect(), days, ExtendedKeyUsagePurpose::ServerAuth, &issuer)?;
    let client =
        signed(vec![CLIENT_NAME.to_owned()], days, ExtendedKeyUsagePurpose::ClientAuth, &issuer)?;
    Ok(Issued { ca, server, client })
}

/// The CA: its certificate, which it signs itself, and the issuer that signs the others.
///
/// # Contract
///
/// * CA:TRUE (basic constraints), and the key usages to sign certificates (keyCertSign) and lists of
///   revoked ones (cRLSign). It need not sign other CAs, so its path length may be 0.
/// * Valid as [`validity`] says.
///
/// # Errors
///
/// Those of [`validity`].
pub fn authority(days: u32) -> Result<(Pair, Issuer<'static, KeyPair>), FileError> {
    let mut params = params(Vec::new(), "Wirelab CA", days)?;
    // Path length 0: the CA may sign certificates of servers and clients, but no further CA.
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let key = KeyPair::generate().map_err(impossible)?;
    let certificate = params.self_signed(&key).map_err(impossible)?;
    let pair = Pair { certificate: certificate.pem(), key: key.serialize_pem() };
    Ok((pair, Issuer::new(params, key)))
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
/// # Errors
///
/// [`FileError::Impossible`]: no certificate can hold one of the names. Those of [`validity`].
pub fn signed(
    names: Vec<String>,
    days: u32,
    purpose: ExtendedKeyUsagePurpose,
    issuer: &Issuer<'_, KeyPair>,
) -> Result<Pair, FileError> {
    let title = names.first().cloned().unwrap_or_default();
    let mut params = params(names, &title, days)?;
    // Stated, not left out: the owner of a certificate that can sign others is a CA.
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![purpose];
    // Strict verifiers want to know which of the issuer's keys signed (RFC 5280, 4.2.1.1).
    params.use_authority_key_identifier_extension = true;
    let key = KeyPair::generate().map_err(impossible)?;
    let certificate = params.signed_by(&key, issuer).map_err(impossible)?;
    Ok(Pair { certificate: certificate.pem(), key: key.serialize_pem() })
}

/// The dates from which and until which a certificate is valid.
///
/// # Contract
///
/// * From [`CLOCK_SKEW`] ago, until `days` from now.
///
/// # Errors
///
/// [`FileError::Impossible`]: the end is after the year 9999, the last that a certificate can hold.
pub fn validity(days: u32) -> Result<(OffsetDateTime, OffsetDateTime), FileError> {
    let now = OffsetDateTime::now_utc();
    let end = now
        .checked_add(Duration::days(days.into()))
        .filter(|end| end.year() < 10_000)
        .ok_or_else(|| FileError::Impossible(format!("{days} days end after the year 9999")))?;
    Ok((now - CLOCK_SKEW, end))
}

/// What all certificates have: names, a title for people, and dates.
fn params(names: Vec<String>, title: &str, days: u32) -> Result<CertificateParams, FileError> {
    // rcgen makes an IP address of a name that reads as one.
    let mut params = CertificateParams::new(names).map_err(impossible)?;
    // Verifiers look at subjectAltName. The common name is for people (RFC 9525, section 2).
    params.distinguished_name.remove(DnType::CommonName);
    params.distinguished_name.push(DnType::CommonName, title);
    (params.not_before, params.not_after) = validity(days)?;
    Ok(params)
}

fn impossible(error: rcgen::Error) -> FileError {
    FileError::Impossible(error.to_string())
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
/// # Errors
///
/// [`FileError::Exists`]; else [`FileError::Io`], which names the file.
pub fn write(folder: &Path, issued: &Issued, existing: Existing) -> Result<(), FileError> {
    fs::create_dir_all(folder).map_err(|error| FileError::Io(folder.to_owned(), error))?;
    let files = issued.files(folder);
    match existing {
        Existing::Keep => create_all(&files),
        Existing::Replace => replace_all(&files),
    }
}

/// Creates `files`, none of which may exist.
///
/// # Contract
///
/// * If any of them exists, no file is written. A symbolic link exists, also if its target does
///   not.
///
/// # Errors
///
/// [`FileError::Exists`] for the first that exists; those of [`create`].
pub fn create_all(files: &[PemFile<'_>]) -> Result<(), FileError> {
    // Look at all before the first is written, because half a set has no use.
    for file in files {
        // Not `exists`, which follows a link to a missing file.
        if fs::symlink_metadata(&file.path).is_ok() {
            return Err(FileError::Exists(file.path.clone()));
        }
    }
    files.iter().try_for_each(|file| create(&file.path, file))
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
/// # Errors
///
/// [`FileError::Io`], which names the file.
pub fn replace_all(files: &[PemFile<'_>]) -> Result<(), FileError> {
    // The old files stay as they are until all new ones are written.
    for file in files {
        let beside = beside(&file.path);
        remove_leftover(&beside)?;
        create(&beside, file)?;
    }
    // rename(2) replaces the old file in one step. There is always a file of this name, always a
    // whole one, and it has the mode that the new one was created with.
    files.iter().try_for_each(|file| {
        fs::rename(beside(&file.path), &file.path)
            .map_err(|error| FileError::Io(file.path.clone(), error))
    })
}

fn beside(path: &Path) -> PathBuf {
    path.with_added_extension("new")
}

fn remove_leftover(path: &Path) -> Result<(), FileError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(FileError::Io(path.to_owned(), error))
        }
        _ => Ok(()),
    }
}

/// Creates the file `path` with the text and the mode of `file`.
///
/// # Contract
///
/// * The file has its mode from the first moment on (on Unix).
/// * A file or a link at `path` is an error, and stays as it is.
///
/// # Errors
///
/// [`FileError::Io`], which names the file.
pub fn create(path: &Path, file: &PemFile<'_>) -> Result<(), FileError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    // open(2) creates the file with this mode. Before a later chmod, others could read the key.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, file.mode);
    let created = options.open(path).and_then(|mut new| new.write_all(file.text.as_bytes()));
    created.map_err(|error| FileError::Io(path.to_owned(), error))
}
