//! What an upload returned, and what is expected of that.

use std::io::ErrorKind;

use tonic::Status;
use workbook::grade::{Finding, Verdict, ended, ensure};
use workbook::proto::files::UploadResponse;

use super::super::chunks::UploadError;
use super::file::BROKEN;

/// What an upload returns.
pub type Uploaded = Result<UploadResponse, UploadError>;

/// Expects the server's answer, unchanged.
pub fn answered(result: Uploaded, sent: &Result<UploadResponse, Status>) -> Verdict {
    match (result, sent) {
        (Ok(got), Ok(sent)) => ensure(got == *sent, || format!("{sent:?} came back as {got:?}")),
        (Err(UploadError::Call(got)), Err(sent)) => ended(&Err::<(), _>(got)).as_sent(sent),
        (Ok(_), Err(_)) => Err(Finding::seen(
            "the server refused, and the upload returned Ok",
        )),
        (Err(error), Ok(_)) => Err(Finding::seen(format!(
            "the server answered OK, and the upload returned {error:?}"
        ))
        .hint("The server decides how the call ends, and how long that takes.")),
        (Err(error), Err(sent)) => Err(Finding::seen(format!("{sent:?} came back as {error:?}"))),
    }
}

/// Expects the reader's error, unchanged.
pub fn failed_as_read(result: Uploaded, kind: ErrorKind) -> Verdict {
    match result {
        Ok(_) => Err(Finding::seen("the reader's error was not returned")),
        Err(UploadError::Read(error)) => {
            ensure(error.kind() == kind && error.to_string() == BROKEN, || {
                format!("{kind:?} {BROKEN:?} came back as {error:?}")
            })
        }
        Err(UploadError::Call(status)) => Err(Finding::seen(format!(
            "the reader failed, and the upload returned the status {status:?}"
        ))),
    }
}
