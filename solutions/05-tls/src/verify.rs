//! Step verify: which servers the client trusts, and why it refuses the others.
//!
//! ```text
//!   did a CA that I trust sign it?     no: unknown issuer
//!   is it for the name that I want?    no: wrong name, or no name at all
//!   is it valid now?                   no: expired, not valid yet
//!   is it a server's?                  no: a CA's own certificate
//! ```

use crate::given::errors::SendError;
use crate::given::files::Identity;
use common::line::{self, Line};
use rustls::pki_types::ServerName;
use rustls::{
    AlertDescription, CertificateError, ClientConfig, ClientConnection, RootCertStore, StreamOwned,
};
use std::io::{self, BufReader, ErrorKind, Write};
use std::net::TcpStream;
use std::sync::Arc;

/// Longest answer, in bytes: `Echo: ` and the longest line that a server takes.
pub const MAX_ANSWER: usize = "Echo: ".len() + line::MAX_LINE;

/// A server's connection after the handshake, to read lines from.
pub type ClientStream = BufReader<StreamOwned<ClientConnection, TcpStream>>;

/// The certificates that the client trusts, and the one that it shows.
///
/// # Contract
///
/// * The client trusts certificates that lead to one of `trusted`, and no others.
/// * It speaks TLS 1.3 and 1.2.
/// * It shows the whole chain of `identity` to a server that asks for a certificate (step mutual).
///
/// # Errors
///
/// [`SendError::WrongKey`], if our key does not belong to our certificate.
pub fn client_config(
    trusted: RootCertStore,
    identity: Option<Identity>,
) -> Result<Arc<ClientConfig>, SendError> {
    let builder = ClientConfig::builder().with_root_certificates(trusted);
    let config = match identity {
        None => builder.with_no_client_auth(),
        Some(Identity { chain, key }) => builder
            .with_client_auth_cert(chain, key)
            .map_err(|error| SendError::WrongKey(error.to_string()))?,
    };
    Ok(Arc::new(config))
}

/// Does the client's part of the handshake with the server that should have the name `name`.
///
/// # Contract
///
/// * It returns after the handshake. From then on the connection is encrypted, and the server's
///   certificate is for `name`.
/// * Before that is certain, the client sends none of its texts.
///
/// # Errors
///
/// [`SendError::WrongName`] if `name` can be no name of a server; else as [`explain`] returns it.
pub fn connect(
    mut stream: TcpStream,
    config: Arc<ClientConfig>,
    name: &str,
) -> Result<ClientStream, SendError> {
    let server = ServerName::try_from(name.to_owned())
        .map_err(|_| SendError::WrongName { name: name.to_owned() })?;
    let mut connection = ClientConnection::new(config, server)
        .map_err(|error| SendError::NotTls(error.to_string()))?;
    connection.complete_io(&mut stream).map_err(|error| explain(error, name))?;
    Ok(BufReader::new(StreamOwned::new(connection, stream)))
}

/// Sends `text` as a line, and reads the line that answers it.
///
/// # Contract
///
/// * The answer is returned without its ending, and otherwise unchanged. It has at most
///   [`MAX_ANSWER`] bytes.
/// * A text with a newline in it is not sent. The server would read two lines, and each later
///   answer would belong to the text before.
///
/// # Errors
///
/// [`SendError::SeveralLines`]; [`SendError::NotTls`] for a longer answer;
/// [`SendError::ClosedEarly`] if the server sends close_notify instead; [`SendError::Cut`] if the
/// connection ends without it; else as [`explain`] returns it.
pub fn ask(stream: &mut ClientStream, name: &str, text: &str) -> Result<Vec<u8>, SendError> {
    if text.contains('\n') {
        return Err(SendError::SeveralLines);
    }
    let exchange = |stream: &mut ClientStream| {
        let connection = stream.get_mut();
        connection.write_all(format!("{text}\n").as_bytes())?;
        connection.flush()?;
        line::read_within(stream, MAX_ANSWER)
    };
    match exchange(stream) {
        Ok(Line::Whole(line)) => Ok(line),
        Ok(Line::TooLong) => Err(SendError::NotTls("a line without an end".to_owned())),
        Ok(Line::End) => Err(SendError::ClosedEarly),
        Err(error) => Err(explain(error, name)),
    }
}

/// The meaning of `error`, an error of the connection to the server `name`.
///
/// # Contract
///
/// * Each case of [`SendError`] has its own errors. A certificate that is wrong in another way is
///   [`SendError::BadCertificate`], and any other error of rustls is [`SendError::NotTls`].
/// * [`SendError::NoName`] is a wrong name of a certificate that has none: the list `presented` of
///   `NotValidForNameContext` is empty.
/// * [`SendError::CertificateRefused`] is an alert about a certificate (RFC 8446, section 6):
///   `BadCertificate`, `UnsupportedCertificate`, `CertificateRevoked`, `CertificateExpired`,
///   `CertificateUnknown`, `UnknownCA`, `CertificateRequired`, and `HandshakeFailure`, which TLS 1.2
///   has for a missing one. Every other alert is [`SendError::NotTls`].
/// * [`SendError::Cut`] is an end without close_notify, also in the handshake. A reset is
///   [`SendError::Io`].
pub fn explain(error: io::Error, name: &str) -> SendError {
    // rustls works behind Read and Write, so its own error is inside an io::Error.
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match inner {
        Some(rustls::Error::InvalidCertificate(why)) => bad_certificate(why, name),
        Some(rustls::Error::AlertReceived(alert)) => refused(*alert),
        Some(other) => SendError::NotTls(other.to_string()),
        // With TLS the end of the stream is an end only if close_notify came before it.
        None if error.kind() == ErrorKind::UnexpectedEof => SendError::Cut,
        None => SendError::Io(error),
    }
}

fn bad_certificate(why: &CertificateError, name: &str) -> SendError {
    use CertificateError as Why;
    match why {
        // BadSignature: a CA of the same name with another key, after a second `lab05 certs`.
        Why::UnknownIssuer | Why::BadSignature => SendError::UnknownIssuer,
        Why::NotValidForNameContext { presented, .. } if presented.is_empty() => SendError::NoName,
        Why::NotValidForName | Why::NotValidForNameContext { .. } => {
            SendError::WrongName { name: name.to_owned() }
        }
        Why::Expired | Why::ExpiredContext { .. } => SendError::Expired,
        Why::NotValidYet | Why::NotValidYetContext { .. } => SendError::NotValidYet,
        // rustls has no variant for this error of its verifier, webpki, and passes it on.
        Why::Other(other)
            if matches!(other.0.downcast_ref(), Some(webpki::Error::CaUsedAsEndEntity)) =>
        {
            SendError::CaUsedAsServer
        }
        other => SendError::BadCertificate(other.to_string()),
    }
}

fn refused(alert: AlertDescription) -> SendError {
    use AlertDescription as Alert;
    match alert {
        Alert::CertificateRequired
        | Alert::BadCertificate
        | Alert::CertificateRevoked
        | Alert::CertificateExpired
        | Alert::CertificateUnknown
        | Alert::UnknownCA
        | Alert::UnsupportedCertificate
        | Alert::HandshakeFailure => SendError::CertificateRefused(alert),
        other => SendError::NotTls(format!("alert {other:?}")),
    }
}
