//! Why TLS was not agreed on, in a sentence that says what to do.

use std::io::{Error, ErrorKind};

use tokio_rustls::rustls::{self, AlertDescription, CertificateError};

/// What went wrong between the tap and that server.
pub(super) fn refusal(server: &str, error: &Error) -> String {
    let of_tls = error.get_ref().and_then(|error| error.downcast_ref());
    let (why, advice) = match of_tls {
        Some(rustls::Error::InvalidCertificate(error)) => return certificate(server, error),
        Some(rustls::Error::InvalidMessage(_)) => (
            "it does not answer in TLS".to_owned(),
            "If it has none, begin its address with http://",
        ),
        Some(rustls::Error::AlertReceived(AlertDescription::NoApplicationProtocol)) => (
            "it does not speak HTTP/2 (ALPN h2)".to_owned(),
            "Is it a gRPC server, or does a proxy stand before it?",
        ),
        Some(rustls::Error::AlertReceived(
            AlertDescription::CertificateRequired | AlertDescription::HandshakeFailure,
        )) => (
            "it refuses the handshake".to_owned(),
            "If it wants a certificate of its client, let it do without for the test: the tap has none",
        ),
        Some(other) => (other.to_string(), "Its log may say more"),
        None if is_closed(error) => (
            "it closes the connection instead of answering in TLS".to_owned(),
            "If it has none, begin its address with http://",
        ),
        None => (error.to_string(), "Its log may say more"),
    };
    format!("no TLS with {server}: {why}. {advice}.").replace("?.", "?")
}

fn is_closed(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe
    )
}

/// What is wrong with the server's certificate.
fn certificate(server: &str, error: &CertificateError) -> String {
    let host = server.rsplit_once(':').map_or(server, |(host, _)| host);
    let (why, advice) = match error {
        // The last two: an authority of this machine has the name of the right one, and another key.
        CertificateError::UnknownIssuer
        | CertificateError::BadSignature
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => (
            "is signed by an authority that is not trusted here".to_owned(),
            "Name a file with that authority's certificate: --ca FILE",
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => (
            format!("is not for {host}"),
            "Give the tap the server by a name that its certificate has",
        ),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            ("has expired".to_owned(), "Make a new one")
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => (
            "is not valid yet".to_owned(),
            "Correct the clock of this machine, or make a new one",
        ),
        // What has no case of its own is found by its name.
        other if format!("{other:?}").contains("CaUsedAsEndEntity") => (
            "is one of an authority (CA:TRUE), which no server may have".to_owned(),
            "Make it with openssl's -addext basicConstraints=critical,CA:FALSE",
        ),
        other => (format!("is refused: {other:?}"), "Make a new one"),
    };
    format!("the certificate of {server} {why}. {advice}.")
}
