//! A CA for tests, with good and bad certificates. It is made when it is needed, so it cannot go
//! out of date.
//!
//! ```text
//!   the CA ──▶ server.pem    for localhost, 127.0.0.1, ::1
//!          ──▶ client.pem    for alice
//!          ──▶ flawed(...)   each wrong in just one way
//! ```

use crate::config::Identity;
use crate::tls::Tls;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use std::fs;
use std::path::PathBuf;
use testkit::{TempDir, temporary_folder};
use time::{Duration, OffsetDateTime};

/// The names of a good server.
const SERVER_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// The fault of a server's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertDefect {
    /// Another CA has issued it.
    UnknownIssuer,
    /// It is for other.example.
    WrongName,
    /// It was valid until yesterday.
    Expired,
    /// It will be valid tomorrow.
    NotYetValid,
    /// It is the CA's own.
    CaAsServer,
    /// localhost is its common name, and it has no subjectAltName.
    NoSan,
    /// A server of the CA has issued it, which is no CA.
    IssuedByServer,
}

/// A CA, what it has signed, and a folder with all of it, named as `lab05 certs` names them.
#[derive(Debug)]
pub struct TestCa {
    folder: TempDir,
    authority: Identity,
    issuer: Issuer<'static, KeyPair>,
}

impl TestCa {
    /// Makes a CA, and writes `ca.pem`, `server.pem`, `client.pem` and the keys.
    #[expect(clippy::new_without_default, reason = "it writes files")]
    pub fn new() -> TestCa {
        let (authority, issuer) = authority("TestCa CA");
        // Ctrl-C removes it, too, because there are private keys in it.
        let folder = temporary_folder().expect("the folder for temporary files can be written");
        let test_ca = TestCa { folder, authority, issuer };
        test_ca.write("ca", &test_ca.authority);
        test_ca.write("server", &test_ca.server());
        test_ca.write("client", &test_ca.client_identity("alice"));
        test_ca
    }

    /// Where its files are, as text for a command line.
    pub fn folder(&self) -> String {
        self.folder.path().to_string_lossy().into_owned()
    }

    /// One of its files, as text for a command line.
    pub fn file(&self, name: &str) -> String {
        self.folder.path().join(name).to_string_lossy().into_owned()
    }

    /// Writes `NAME.pem` and `NAME.key` into its folder.
    pub fn write(&self, name: &str, identity: &Identity) {
        let place =
            |ending: &str| -> PathBuf { self.folder.path().join(format!("{name}.{ending}")) };
        fs::write(place("pem"), &identity.certificate).expect("a folder of ours");
        fs::write(place("key"), &identity.key).expect("a folder of ours");
    }

    /// The CA's certificate (PEM): what its clients trust.
    pub fn ca(&self) -> &str {
        &self.authority.certificate
    }

    /// A good server.
    pub fn server(&self) -> Identity {
        signed(names(&SERVER_NAMES), ExtendedKeyUsagePurpose::ServerAuth, &self.issuer)
    }

    /// A client's certificate, for `name`.
    pub fn client_identity(&self, name: &str) -> Identity {
        self.client_identity_with(&[name])
    }

    /// A client's certificate, for several names.
    pub fn client_identity_with(&self, all: &[&str]) -> Identity {
        signed(names(all), ExtendedKeyUsagePurpose::ClientAuth, &self.issuer)
    }

    /// A client's certificate that an intermediate CA has issued, and then that of the
    /// intermediate CA.
    pub fn client_of_intermediate(&self, name: &str) -> Identity {
        let mut params = names(&["intermediate.example"]);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::generate().expect("ring makes keys");
        let intermediate = params.signed_by(&key, &self.issuer).expect("a CA can sign").pem();
        let issuer = Issuer::new(params, key);
        let mut client = signed(names(&[name]), ExtendedKeyUsagePurpose::ClientAuth, &issuer);
        client.certificate += &intermediate;
        client
    }

    /// A server's certificate that is wrong in one way.
    pub fn with_defect(&self, defect: CertDefect) -> Identity {
        let day = Duration::days(1);
        let mut params = names(&SERVER_NAMES);
        match defect {
            CertDefect::CaAsServer => return self.authority.clone(),
            CertDefect::UnknownIssuer => {
                return signed(
                    params,
                    ExtendedKeyUsagePurpose::ServerAuth,
                    &authority("Another CA").1,
                );
            }
            CertDefect::WrongName => params = names(&["other.example"]),
            CertDefect::Expired => params.not_after = OffsetDateTime::now_utc() - day,
            CertDefect::NotYetValid => params.not_before = OffsetDateTime::now_utc() + day,
            CertDefect::NoSan => params.subject_alt_names.clear(),
            CertDefect::IssuedByServer => return self.issued_by_server(),
        }
        signed(params, ExtendedKeyUsagePurpose::ServerAuth, &self.issuer)
    }

    fn issued_by_server(&self) -> Identity {
        let purpose = ExtendedKeyUsagePurpose::ServerAuth;
        let server = names(&["other.example"]);
        let other = signed(server.clone(), purpose.clone(), &self.issuer);
        let key = KeyPair::from_pem(&other.key).expect("a key of ours");
        let mut identity = signed(names(&SERVER_NAMES), purpose, &Issuer::new(server, key));
        identity.certificate += &other.certificate;
        identity
    }

    /// A client that trusts this CA and dials localhost.
    pub fn client(&self) -> Tls {
        Tls::client(self.ca(), "localhost", None)
    }

    /// The same, with a certificate.
    pub fn client_with(&self, identity: &Identity) -> Tls {
        Tls::client(self.ca(), "localhost", Some(identity))
    }
}

fn authority(title: &str) -> (Identity, Issuer<'static, KeyPair>) {
    // As a recipe that makes one self-signed certificate for everything would name it.
    let mut params = names(&SERVER_NAMES);
    params.distinguished_name.push(DnType::CommonName, title);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    let key = KeyPair::generate().expect("ring makes keys");
    let certificate = params.self_signed(&key).expect("a CA can sign itself").pem();
    let identity = Identity { certificate, key: key.serialize_pem() };
    (identity, Issuer::new(params, key))
}

fn names(names: &[&str]) -> CertificateParams {
    let list: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(list).expect("valid names");
    params.distinguished_name.push(DnType::CommonName, names[0]);
    let now = OffsetDateTime::now_utc();
    params.not_before = now - Duration::days(30);
    params.not_after = now + Duration::days(30);
    params
}

fn signed(
    mut params: CertificateParams,
    purpose: ExtendedKeyUsagePurpose,
    issuer: &Issuer<'static, KeyPair>,
) -> Identity {
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![purpose];
    params.use_authority_key_identifier_extension = true;
    let key = KeyPair::generate().expect("ring makes keys");
    let certificate = params.signed_by(&key, issuer).expect("a CA can sign").pem();
    Identity { certificate, key: key.serialize_pem() }
}
