//! How grpcurl prints a failure.

use tonic::{Code, Status};

/// The lines that a failed call ends with.
pub(super) fn error(status: &Status) -> String {
    format!(
        "ERROR:\n  Code: {}\n  Message: {}\n",
        code(status.code()),
        status.message()
    )
}

/// grpcurl's spelling is Go's, which writes Canceled with one l.
fn code(code: Code) -> String {
    match code {
        Code::Ok => "OK".to_owned(),
        Code::Cancelled => "Canceled".to_owned(),
        other => format!("{other:?}"),
    }
}
