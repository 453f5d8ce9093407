//! A certificate for localhost, and the authority that it is from.

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

/// All in PEM.
pub(crate) struct Made {
    pub(crate) authority: String,
    pub(crate) certificate: String,
    pub(crate) key: String,
}

impl Made {
    pub(crate) fn new() -> Self {
        let of_authority = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = params.self_signed(&of_authority).expect("a certificate").pem();
        let key = KeyPair::generate().expect("a key");
        let own = CertificateParams::new(vec!["localhost".to_owned()]).expect("a name");
        let issuer = Issuer::new(params, of_authority);
        Self {
            authority,
            certificate: own.signed_by(&key, &issuer).expect("a certificate").pem(),
            key: key.serialize_pem(),
        }
    }
}
