//! The answer to an upload, and what is expected of it and of the store.

use std::sync::Arc;

use tonic::{Code, Status};
use workbook::grade::{Finding, Verdict, ended, ensure};
use workbook::proto::files::UploadResponse;

use super::super::store::Store;

/// The answer to an upload, and what was in the store when it came.
pub struct Uploaded {
    pub answer: Result<UploadResponse, Status>,
    pub names: Vec<String>,
    pub store: Arc<Store>,
}

impl Uploaded {
    /// The client has a receipt, and the file is there.
    pub fn is_stored(&self, name: &str, chunks: &[Vec<u8>]) -> Verdict {
        ended(&self.answer).well()?;
        if let Ok(receipt) = &self.answer {
            let (id, size) = (&receipt.file_id, receipt.total_size);
            let length = i64::try_from(chunks.concat().len()).unwrap_or(i64::MAX);
            ensure(id == name && size == length, || {
                format!("the receipt has {id:?} and {size} bytes instead of {name:?} and {length}")
            })?;
        }
        ensure(self.names.iter().any(|there| there == name), || {
            format!(
                "the client had a receipt, and the folder held {:?}",
                self.names
            )
        })?;
        holds(&self.store, name, chunks)
    }

    /// The client has an error, and nothing is left.
    pub fn is_refused(&self) -> Verdict {
        self.failed()?;
        match self.names.as_slice() {
            [] => Ok(()),
            names => Err(left(names)),
        }
    }

    /// The same with this code.
    pub fn is_refused_with(&self, code: Code) -> Verdict {
        ended(&self.answer).with(code)?;
        self.is_refused()
    }

    /// The client has an error, and this older file is there, as it was.
    pub fn failed_and_left(&self, name: &str, chunks: &[Vec<u8>]) -> Verdict {
        self.failed_and_left_only(name)?;
        holds(&self.store, name, chunks)
    }

    /// The client has an error, and nothing else is there.
    pub fn failed_and_left_only(&self, name: &str) -> Verdict {
        self.failed()?;
        ensure(self.names == [name], || {
            format!("the folder holds {:?} instead of {name:?}", self.names)
        })
    }

    fn failed(&self) -> Verdict {
        ensure(self.answer.is_err(), || "the client got a receipt")
    }
}

/// Expects the file to consist of these chunks.
pub fn holds(store: &Store, name: &str, chunks: &[Vec<u8>]) -> Verdict {
    let (content, whole) = (store.read(name).unwrap_or_default(), chunks.concat());
    ensure(content == whole, || match (content.len(), whole.len()) {
        (held, whole) if held == whole => format!("other bytes than sent were stored as {name}"),
        (held, whole) => format!("{held} of {whole} bytes were stored as {name}"),
    })
}

/// These files are left, and should not be.
pub fn left(names: &[String]) -> Finding {
    let finding = Finding::seen(format!("the folder holds {names:?}"));
    if names.iter().any(|name| name.ends_with(".partial")) {
        return finding.hint(
            "A partial file is left. A handler ends with an answer, with a `?`, or dropped at an \
             `.await`. What removes the file in each of these cases?",
        );
    }
    finding
}
