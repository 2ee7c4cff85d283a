//! Why a connection could not be made.

use std::error::Error;
use std::io::{self, ErrorKind};

/// grpcurl's words where it has some for this cause, which are Go's, and what to do.
pub(super) fn why(addr: &str, error: &(dyn Error + 'static)) -> String {
    let cause = innermost(error);
    let refused = |error: &io::Error| error.kind() == ErrorKind::ConnectionRefused;
    if cause.downcast_ref::<io::Error>().is_some_and(refused) {
        return format!(
            "dial tcp {addr}: connect: connection refused\n\
             Nothing listens at {addr}. Start the server, or correct the address."
        );
    }
    format!("dial tcp {addr}: {cause}")
}

/// tonic wraps the cause several times: "transport error", "tcp connect error", and then it.
fn innermost<'a>(mut error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    while let Some(cause) = error.source() {
        error = cause;
    }
    error
}
