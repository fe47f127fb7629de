//! Reads the PEM files that step certs writes. Given.

use super::errors::FileError;
use rustls::RootCertStore;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::path::Path;

/// A certificate (with those that lead from it to its issuer), and its private key.
#[derive(Debug)]
pub struct Identity {
    /// The certificate itself comes first.
    pub chain: Vec<CertificateDer<'static>>,
    /// Never printed. Its `Debug` output shows no bytes.
    pub key: PrivateKeyDer<'static>,
}

impl Identity {
    /// Reads both from PEM files.
    ///
    /// # Errors
    ///
    /// [`FileError`], which names the file.
    pub fn read(certificate: &Path, key: &Path) -> Result<Identity, FileError> {
        let chain = certificates(certificate)?;
        let key = PrivateKeyDer::from_pem_file(key).map_err(|error| malformed(key, &error))?;
        Ok(Identity { chain, key })
    }
}

/// Reads the certificates of the CAs that we trust.
///
/// # Errors
///
/// [`FileError`], which names the file.
pub fn trusted(path: &Path) -> Result<RootCertStore, FileError> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(path)? {
        roots.add(certificate).map_err(|error| malformed(path, &error))?;
    }
    Ok(roots)
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, FileError> {
    let found: Result<Vec<_>, _> =
        CertificateDer::pem_file_iter(path).and_then(|certificates| certificates.collect());
    let found = found.map_err(|error| malformed(path, &error))?;
    if found.is_empty() {
        return Err(FileError::Malformed(path.to_owned(), "it holds no certificate".to_owned()));
    }
    Ok(found)
}

fn malformed(path: &Path, error: &dyn std::fmt::Display) -> FileError {
    FileError::Malformed(path.to_owned(), error.to_string())
}
