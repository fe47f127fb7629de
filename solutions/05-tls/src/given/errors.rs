//! What can go wrong, in words that a person can act on. Given.

use rustls::AlertDescription;
use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why certificates could not be made, written or read.
#[derive(Debug)]
pub enum FileError {
    /// The file is there, and `--force` was not given.
    Exists(PathBuf),
    /// The system refused.
    Io(PathBuf, io::Error),
    /// The file is not what it should be.
    Malformed(PathBuf, String),
    /// No certificate can be made of what was asked for.
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

/// Why the client does not talk to this server, or no longer.
#[derive(Debug)]
pub enum SendError {
    /// Nobody whom we trust has issued the server's certificate.
    UnknownIssuer,
    /// The certificate is for others.
    WrongName {
        /// The name that we dialled.
        name: String,
    },
    /// The certificate is for nobody: it has no subjectAltName.
    NoName,
    /// The certificate's time is over.
    Expired,
    /// The certificate's time has not come.
    NotValidYet,
    /// The server shows the certificate of an authority as its own.
    CaUsedAsServer,
    /// Whatever else is wrong with the certificate.
    BadCertificate(String),
    /// The server wants a certificate of us, or a better one.
    CertificateRefused(AlertDescription),
    /// What the server speaks is not TLS, or not our TLS.
    NotTls(String),
    /// The server does not know our token.
    NotAuthorised,
    /// The connection ended, and nobody said that it should.
    Cut,
    /// The server said goodbye where an answer was due.
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
            SendError::NoName => "the server's certificate names nobody (it has no subjectAltName)",
            SendError::Expired => "the server's certificate has expired",
            SendError::NotValidYet => "the server's certificate is not valid yet",
            SendError::CaUsedAsServer => "the server uses a CA's certificate as its own",
            SendError::BadCertificate(why) => {
                return write!(formatter, "the server's certificate is bad: {why}");
            }
            SendError::CertificateRefused(alert) => {
                return write!(formatter, "the server refused our certificate ({alert:?})");
            }
            SendError::NotTls(why) => {
                return write!(formatter, "the server does not speak our TLS: {why}");
            }
            SendError::NotAuthorised => "the server does not know our token: not authorised",
            SendError::Cut => "the connection was cut before the server said goodbye",
            SendError::ClosedEarly => "the server said goodbye before it answered",
            SendError::SeveralLines => "a text is one line, and this one holds a line ending",
            SendError::Io(error) => return write!(formatter, "{}", common::net::reason(error)),
        };
        formatter.write_str(words)
    }
}

impl std::error::Error for SendError {}
