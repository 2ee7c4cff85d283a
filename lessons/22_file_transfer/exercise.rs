//! Exercise 22: a client that uploads a file, and goes on where an earlier call has ended.
//!
//! A call of `Put` begins with the name. The server's first answer is always `held`: how many bytes of the
//! file it has. Send the rest in pieces of 64 KiB to 1 MiB (the last one may be shorter), each with its
//! place in the file. Then send the end: the size of the file, and the SHA-256 digest of the whole file,
//! also of the bytes that the server held before. The server answers with `stored`.
//! - Return Ok when `stored` has come, not before, and whatever comes behind it. Tell `progress.held` each
//!   `held` that the server sends, until then, and `progress.stored` the size, once, when `stored` has come.
//! - A call may end at any point: with Unknown, Unavailable, Cancelled, Internal, DeadlineExceeded or
//!   DataLoss, or with OK and without `stored`, which counts as DataLoss. Call again a second later. A call
//!   brings something when it has a `held` that is larger than 0 and than every `held` of this upload's
//!   earlier calls. After five calls in a row that brought nothing, return the last status. Return any other
//!   status at once, as it came.
//! - If the server holds more than the file has, it holds another file. Send the end; the server compares,
//!   discards what it holds, and answers DataLoss.
//! - The file may be larger than the memory: while the server reads nothing, read at most 4 MiB of what it
//!   does not hold. A read that fails ends the upload with FailedPrecondition.
//! - The file may be written to meanwhile. Take its version in each call, before you read from it, and
//!   again when you have read the last of it. If they differ, return FailedPrecondition, and do not send
//!   the end. A file that was written to between two calls is sent as it is then.
//! - When the future is dropped, the call ends, and no task is left behind that reads or sends.
//!
//! Check it:     cargo run --bin lesson22 -- check

use std::sync::Arc;

use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::files::transfer_service_client::TransferServiceClient;

use super::source::{Progress, Source};

/// Uploads the file, under this name. `source.read(offset, most)` reads it (see `source.rs`), and
/// `sha2::Sha256` makes digests.
pub async fn upload(
    client: TransferServiceClient<Channel>,
    name: &str,
    source: Arc<dyn Source>,
    progress: &dyn Progress,
) -> Result<(), Status> {
    let _ = (client, name, source, progress);
    todo!("send what the server does not hold, until it has stored the file")
}
