//! A page that reads gRPC-Web: frames out of chunks, and a status wherever it is.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use prost::Message as _;
use tokio_util::bytes::{Buf as _, BytesMut};
use tonic::codegen::http::{HeaderMap, HeaderName, HeaderValue};
use tonic::{Code, Status};
use tracing::info;
use workbook::Outcome;
use workbook::proto::stream::StreamResponse;

use super::event::Event;
use super::fetch::Fetched;
use super::frame::{HEAD, LONGEST, TRAILERS};

/// With this a content type begins that means base64.
const IS_TEXT: &[u8] = b"application/grpc-web-text";

// ANCHOR: read
/// Reads all messages, and then the status.
pub async fn read(fetched: Fetched) -> Outcome {
    let status = read_to_the_end(fetched).await;
    let (code, message) = (status.code(), status.message());
    match code {
        Code::Ok => info!(ended = "OK", "the end: OK"),
        code => info!(ended = ?code, "the end: {code:?}, {message}"),
    }
    Ok(())
}

async fn read_to_the_end(mut fetched: Fetched) -> Status {
    // A call that is refused at once has its status in the headers, and an empty body.
    let refused = Status::from_header_map(&fetched.headers);
    let is_text = fetched
        .headers
        .get("content-type")
        .is_some_and(|kind| kind.as_bytes().starts_with(IS_TEXT));
    let (mut base64, mut frames) = (BytesMut::new(), BytesMut::new());
    loop {
        let mut malformed = None;
        match fetched.chunk().await {
            Ok(Some(chunk)) if is_text => {
                base64.extend_from_slice(&chunk);
                malformed = decode(&mut base64, &mut frames).err();
            }
            Ok(Some(chunk)) => frames.extend_from_slice(&chunk),
            Ok(None) => break,
            Err(error) => return Status::unavailable(error.to_string()),
        }
        loop {
            match next(&mut frames) {
                Ok(Some(Event::Message(message))) => take(&message),
                Ok(Some(Event::End(status))) => return status,
                Ok(None) => break,
                Err(malformed) => return malformed,
            }
        }
        // Only now: messages may have come before it in the same chunk.
        if let Some(malformed) = malformed {
            return malformed;
        }
    }
    // The end of the body says nothing about how the call ended: a proxy may have ended it.
    refused.unwrap_or_else(|| Status::unknown("the body ended without a status"))
}
// ANCHOR_END: read

// ANCHOR: frames
/// What the next frame is, once all of it is there.
fn next(bytes: &mut BytesMut) -> Result<Option<Event>, Status> {
    let Some((flag, mut length)) = bytes.get(..HEAD).map(|head| (head[0], &head[1..])) else {
        return Ok(None);
    };
    let length = usize::try_from(length.get_u32()).unwrap_or(usize::MAX);
    // Before anything is kept for it: the peer has chosen this number.
    if length > LONGEST {
        return Err(Status::resource_exhausted(format!(
            "a frame of {length} bytes"
        )));
    }
    if bytes.len() - HEAD < length {
        return Ok(None);
    }
    bytes.advance(HEAD);
    let payload = bytes.split_to(length).freeze();
    match flag {
        0 => Ok(Some(Event::Message(payload))),
        TRAILERS => Ok(Some(Event::End(status_of(&payload)))),
        flag => Err(Status::internal(format!("a frame with flag {flag:#04x}"))),
    }
}

/// The trailers are lines of text. tonic reads code, message and details from headers, so they become
/// headers again.
fn status_of(text: &[u8]) -> Status {
    let mut headers = HeaderMap::new();
    for line in text.split(|byte| *byte == b'\n') {
        let line = line.trim_ascii();
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            continue;
        };
        let (name, value) = (line[..colon].trim_ascii(), line[colon + 1..].trim_ascii());
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name), HeaderValue::from_bytes(value))
        {
            headers.append(name, value);
        }
    }
    let missing = || Status::unknown("the trailers have no status");
    Status::from_header_map(&headers).unwrap_or_else(missing)
}
// ANCHOR_END: frames

// ANCHOR: text
/// Decodes whole groups of four characters, and leaves the rest for the next chunk. Each group is decoded
/// alone, because a server may pad wherever it flushes: tonic-web does so after every frame.
fn decode(base64: &mut BytesMut, bytes: &mut BytesMut) -> Result<(), Status> {
    let whole = base64.len() / 4 * 4;
    for group in base64.split_to(whole).chunks(4) {
        let decoded = STANDARD.decode(group);
        let malformed = |_| Status::internal("the body is not base64");
        bytes.extend_from_slice(&decoded.map_err(malformed)?);
    }
    Ok(())
}
// ANCHOR_END: text

fn take(message: &[u8]) {
    match StreamResponse::decode(message) {
        Ok(StreamResponse { pt }) => {
            let value = pt.map_or(0, |pt| pt.value);
            info!(got = value, "got {value}");
        }
        Err(error) => info!(step = "not_read", "not a message: {error}"),
    }
}
