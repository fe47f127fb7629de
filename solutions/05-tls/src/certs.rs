//! Step certs: a small certificate authority.
//!
//! ```text
//!   ca.pem       CA:TRUE    self-signed; whoever trusts it trusts what it has signed
//!    ├─ server.pem  CA:FALSE   names: localhost, 127.0.0.1, ::1    for server authentication
//!    └─ client.pem  CA:FALSE   name: client                        for client authentication
//!   ca.key, server.key, client.key: for their owners' eyes only
//! ```

use crate::given::errors::FileError;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use time::{Duration, OffsetDateTime};

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
/// # Errors
///
/// [`FileError::Impossible`]: a name that no certificate can hold, or days beyond all calendars.
pub fn issue(names: &[String], days: u32) -> Result<Issued, FileError> {
    let names = names.iter().cloned().chain(["127.0.0.1".to_owned(), "::1".to_owned()]);
    let (ca, issuer) = authority(days)?;
    let server = signed(names.collect(), days, ExtendedKeyUsagePurpose::ServerAuth, &issuer)?;
    let client =
        signed(vec![CLIENT_NAME.to_owned()], days, ExtendedKeyUsagePurpose::ClientAuth, &issuer)?;
    Ok(Issued { ca, server, client })
}

fn authority(days: u32) -> Result<(Pair, Issuer<'static, KeyPair>), FileError> {
    let mut params = params(Vec::new(), "Wirelab CA", days)?;
    // Path length 0: it may sign servers and clients, but no further authorities.
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let key = KeyPair::generate().map_err(impossible)?;
    let certificate = params.self_signed(&key).map_err(impossible)?;
    let pair = Pair { certificate: certificate.pem(), key: key.serialize_pem() };
    Ok((pair, Issuer::new(params, key)))
}

fn signed(
    names: Vec<String>,
    days: u32,
    purpose: ExtendedKeyUsagePurpose,
    issuer: &Issuer<'_, KeyPair>,
) -> Result<Pair, FileError> {
    let title = names.first().cloned().unwrap_or_default();
    let mut params = params(names, &title, days)?;
    // Said aloud: a certificate that could sign others would make its owner an authority.
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![purpose];
    // Which of the issuer's keys has signed: strict verifiers ask for it (RFC 5280, 4.2.1.1).
    params.use_authority_key_identifier_extension = true;
    let key = KeyPair::generate().map_err(impossible)?;
    let certificate = params.signed_by(&key, issuer).map_err(impossible)?;
    Ok(Pair { certificate: certificate.pem(), key: key.serialize_pem() })
}

/// What all certificates have: names, a title for people, and dates.
fn params(names: Vec<String>, title: &str, days: u32) -> Result<CertificateParams, FileError> {
    // rcgen sorts them out: what reads as an IP address becomes one.
    let mut params = CertificateParams::new(names).map_err(impossible)?;
    // Verifiers look at subjectAltName; the common name is for people (RFC 9525, section 2).
    params.distinguished_name.remove(DnType::CommonName);
    params.distinguished_name.push(DnType::CommonName, title);
    let now = OffsetDateTime::now_utc();
    params.not_before = now - CLOCK_SKEW;
    params.not_after = now
        .checked_add(Duration::days(days.into()))
        .filter(|end| end.year() < 10_000)
        .ok_or_else(|| FileError::Impossible(format!("{days} days are beyond all calendars")))?;
    Ok(params)
}

fn impossible(error: rcgen::Error) -> FileError {
    FileError::Impossible(error.to_string())
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
/// # Errors
///
/// [`FileError::Exists`]; else [`FileError::Io`], which names the file.
pub fn write(folder: &Path, issued: &Issued, existing: Existing) -> Result<(), FileError> {
    fs::create_dir_all(folder).map_err(|error| FileError::Io(folder.to_owned(), error))?;
    let pairs = [("ca", &issued.ca), ("server", &issued.server), ("client", &issued.client)];
    let files = pairs.map(|(name, pair)| {
        [
            (folder.join(format!("{name}.pem")), &pair.certificate, 0o644),
            (folder.join(format!("{name}.key")), &pair.key, 0o600),
        ]
    });
    let files = files.as_flattened();
    if existing == Existing::Keep {
        // All are looked at before the first is written: half a set is of no use.
        files.iter().try_for_each(|(path, ..)| must_be_missing(path))?;
        return files.iter().try_for_each(|(path, text, mode)| write_new(path, text, *mode));
    }
    // Beside the old ones, which stay as they are until all of the new ones are on the disk.
    for (path, text, mode) in files {
        let beside = beside(path);
        remove_leftover(&beside)?;
        write_new(&beside, text, *mode)?;
    }
    // rename(2) puts the new file in the old one's place at once: never none, never half of one,
    // and with the mode that the new one was made with.
    files.iter().try_for_each(|(path, ..)| {
        fs::rename(beside(path), path).map_err(|error| FileError::Io(path.clone(), error))
    })
}

fn must_be_missing(path: &Path) -> Result<(), FileError> {
    // Not `exists`, which follows a link that leads nowhere.
    match fs::symlink_metadata(path) {
        Ok(_) => Err(FileError::Exists(path.to_owned())),
        Err(_) => Ok(()),
    }
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

fn write_new(path: &Path, text: &str, mode: u32) -> Result<(), FileError> {
    let file = create_new(path, mode).and_then(|mut file| file.write_all(text.as_bytes()));
    file.map_err(|error| FileError::Io(path.to_owned(), error))
}

/// The mode is given to open(2): a chmod afterwards would leave a moment for others.
#[cfg(unix)]
fn create_new(path: &Path, mode: u32) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().write(true).create_new(true).mode(mode).open(path)
}

#[cfg(not(unix))]
fn create_new(path: &Path, _mode: u32) -> std::io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}
