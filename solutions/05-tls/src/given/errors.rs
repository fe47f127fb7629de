//! The errors and their texts. Given.

use rustls::AlertDescription;
use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why certificates could not be made, written or read.
#[derive(Debug)]
pub enum FileError {
    /// The file exists, and `--force` was not given.
    Exists(PathBuf),
    /// The operating system refused.
    Io(PathBuf, io::Error),
    /// The file does not hold what it should.
    Malformed(PathBuf, String),
    /// No certificate can hold such a name or date.
    Impossible(String),
}

impl fmt::Display for FileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FileError::Exists(path) => {
                write!(formatter, "{} exists (--force replaces it)", path.display())
            }
            FileError::Io(path, error) => {
                write!(formatter, "cannot use {}: {}", path.display(), common::net::reason(error))
            }
            FileError::Malformed(path, why) => {
                write!(formatter, "{} is of no use: {why}", path.display())
            }
            FileError::Impossible(why) => write!(formatter, "cannot make certificates: {why}"),
        }
    }
}

impl std::error::Error for FileError {}

/// Why the client does not send to this server, or sends no more.
#[derive(Debug)]
pub enum SendError {
    /// No CA that we trust has issued the server's certificate.
    UnknownIssuer,
    /// The certificate is for other names.
    WrongName {
        /// The name that the certificate should have.
        name: String,
    },
    /// The certificate has no name, because it has no subjectAltName.
    NoName,
    /// The certificate was valid until a date in the past.
    Expired,
    /// The certificate will be valid from a date in the future.
    NotValidYet,
    /// The server shows the certificate of a CA as its own.
    CaUsedAsServer,
    /// Any other error of the certificate.
    BadCertificate(String),
    /// The key to show is not that of the certificate to show.
    WrongKey(String),
    /// The server requires a certificate from us, or refused ours.
    CertificateRefused(AlertDescription),
    /// The server's bytes are not TLS, or it has no TLS version or algorithm in common with us, or its
    /// answer has no end.
    NotTls(String),
    /// The server refused our token.
    NotAuthorised,
    /// The connection ended without close_notify.
    Cut,
    /// The server sent close_notify instead of an answer.
    ClosedEarly,
    /// The text to send is not one line.
    SeveralLines,
    /// The connection failed.
    Io(io::Error),
}

impl fmt::Display for SendError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self {
            SendError::UnknownIssuer => "the server's certificate was not issued by this CA",
            SendError::WrongName { name } => {
                return write!(formatter, "the server's certificate is not for {name}");
            }
            SendError::NoName => "the server's certificate has no names (no subjectAltName)",
            SendError::Expired => "the server's certificate has expired",
            SendError::NotValidYet => "the server's certificate is not valid yet",
            SendError::CaUsedAsServer => "the server uses a CA's certificate as its own",
            SendError::BadCertificate(why) => {
                return write!(formatter, "the server's certificate is bad: {why}");
            }
            SendError::WrongKey(why) => {
                return write!(formatter, "the key does not belong to our certificate: {why}");
            }
            SendError::CertificateRefused(alert) => {
                return write!(formatter, "the server refused our certificate ({alert:?})");
            }
            SendError::NotTls(why) => {
                return write!(formatter, "the server does not speak our TLS: {why}");
            }
            SendError::NotAuthorised => "the server refused our token (not authorised)",
            SendError::Cut => "the connection was cut before the server sent close_notify",
            SendError::ClosedEarly => "the server closed the connection before it answered",
            SendError::SeveralLines => "a text is one line, and this one contains a newline",
            SendError::Io(error) => return write!(formatter, "{}", common::net::reason(error)),
        };
        formatter.write_str(words)
    }
}

impl std::error::Error for SendError {}
