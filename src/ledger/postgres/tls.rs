//! TLS on the way to a server, as `sslmode` asks for it.
//!
//! The crate knows three modes and no certificates, so mode and roots are taken from the address before it sees that.

use crate::ledger::server::ServerError;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use std::sync::Arc;
use tokio_postgres_rustls::MakeRustlsConnect;

/// What is asked of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// In clear.
    Disable,
    /// With TLS where the server speaks it.
    Prefer,
    /// With TLS, whoever the other side is.
    Require,
    /// With TLS, and a certificate for this host from one of the roots.
    VerifyFull(Roots),
}

/// Who is trusted to say which server a certificate is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Roots {
    /// Those of the system.
    System,
    /// Those of a file.
    File(String),
}

impl Mode {
    /// What `sslmode` and `sslrootcert` say.
    pub(super) fn of(mode: Option<&str>, roots: Option<&str>) -> Result<Self, ServerError> {
        let roots_of = match roots {
            None | Some("system") => Roots::System,
            Some(file) => Roots::File(file.to_owned()),
        };
        let mode = match mode {
            Some("disable") => Self::Disable,
            None | Some("prefer") => Self::Prefer,
            Some("require") => Self::Require,
            Some("verify-full") => return Ok(Self::VerifyFull(roots_of)),
            Some(_) => return Err(ServerError::SslMode),
        };
        match roots {
            None => Ok(mode),
            // it would be believed to be checked
            Some(_) => Err(ServerError::Roots("sslrootcert goes with sslmode=verify-full".into())),
        }
    }

    /// What connects so.
    pub(super) fn connector(&self) -> Result<MakeRustlsConnect, ServerError> {
        let provider = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
        let builder = builder.map_err(|error| ServerError::Unreachable(error.into()))?;
        let config = match self {
            Self::VerifyFull(roots) => builder.with_root_certificates(roots.load()?).with_no_client_auth(),
            _ => builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(AnyServer(provider)))
                .with_no_client_auth(),
        };
        Ok(MakeRustlsConnect::new(config))
    }
}

impl Roots {
    fn load(&self) -> Result<RootCertStore, ServerError> {
        let mut store = RootCertStore::empty();
        match self {
            Self::System => {
                let found = rustls_native_certs::load_native_certs();
                store.add_parsable_certificates(found.certs);
            }
            Self::File(path) => {
                let unreadable = |error: rustls::pki_types::pem::Error| ServerError::Roots(error.to_string().into());
                for certificate in CertificateDer::pem_file_iter(path).map_err(unreadable)? {
                    let added = store.add(certificate.map_err(unreadable)?);
                    added.map_err(|error| ServerError::Roots(error.into()))?;
                }
            }
        }
        match store.is_empty() {
            true => Err(ServerError::Roots("there is no certificate in it".into())),
            false => Ok(store),
        }
    }
}

/// Takes any certificate, as `require` does: nobody reads along, but the other side may be anybody. Signatures are checked
/// all the same.
#[derive(Debug)]
struct AnyServer(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyServer {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
