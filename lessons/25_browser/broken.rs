//! What goes wrong in a page: a chunk is taken for a message, and the end of the body for OK.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use prost::Message as _;
use tracing::info;
use workbook::proto::stream::StreamResponse;
use workbook::{Failure, Outcome};

use super::fetch::Fetched;
use super::frame::HEAD;

// ANCHOR: read
/// Wrong: reads a message from each chunk, and when there are no more chunks, all is well.
pub async fn read(mut fetched: Fetched) -> Outcome {
    while let Some(chunk) = fetched.chunk().await.map_err(broken)? {
        take(&chunk);
    }
    info!(ended = "OK", "the end of the body: OK");
    Ok(())
}

fn take(chunk: &[u8]) {
    let Some((head, rest)) = chunk.split_at_checked(HEAD) else {
        return info!(step = "not_read", "{} bytes are not a message", chunk.len());
    };
    let length = usize::from(head[3]) << 8 | usize::from(head[4]);
    let message = rest.get(..length).unwrap_or(rest);
    match StreamResponse::decode(message) {
        Ok(StreamResponse { pt }) => {
            let value = pt.map_or(0, |pt| pt.value);
            info!(got = value, "got {value}");
        }
        Err(_) => info!(step = "not_read", "{} bytes are not a message", chunk.len()),
    }
}
// ANCHOR_END: read

// ANCHOR: text
/// Wrong: decodes the base64 of each chunk.
pub async fn read_text(mut fetched: Fetched) -> Outcome {
    while let Some(chunk) = fetched.chunk().await.map_err(broken)? {
        match STANDARD.decode(&chunk) {
            Ok(bytes) => take(&bytes),
            Err(error) => info!(step = "no_base64", "{} bytes: {error}", chunk.len()),
        }
    }
    info!(ended = "OK", "the end of the body: OK");
    Ok(())
}
// ANCHOR_END: text

fn broken(error: hyper::Error) -> Failure {
    Failure::Other(error.to_string())
}
