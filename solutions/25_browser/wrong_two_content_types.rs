//! Wrong: knows two content types of the text form, and takes all others for binary.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio_util::bytes::{Buf as _, Bytes, BytesMut};
use tonic::Status;
use tonic::codegen::http::header::CONTENT_TYPE;
use tonic::codegen::http::{HeaderMap, HeaderName, HeaderValue};

use super::event::Event;
use super::frame::{HEAD, LONGEST, TRAILERS};

/// The characters of base64 that stand for three bytes, or with padding for fewer.
const GROUP: usize = 4;

/// Reads one answer.
pub struct Reader {
    is_text: bool,
    /// What may be part of a group of base64.
    base64: BytesMut,
    /// What may be part of a frame.
    frames: BytesMut,
    /// The status in the headers, which is that of a call refused at once.
    refused: Option<Status>,
    ended: bool,
}

impl Reader {
    /// Begins with the answer's headers.
    pub fn new(headers: &HeaderMap) -> Self {
        let kind = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
        Self {
            is_text: matches!(
                kind,
                Some(b"application/grpc-web-text" | b"application/grpc-web-text+proto")
            ),
            base64: BytesMut::new(),
            frames: BytesMut::new(),
            refused: Status::from_header_map(headers),
            ended: false,
        }
    }

    /// Takes a chunk of the body, and returns what it completes.
    pub fn push(&mut self, chunk: &[u8]) -> Vec<Event> {
        let mut events = Vec::new();
        if self.ended {
            return events;
        }
        let malformed = self.take(chunk).err();
        loop {
            match self.frame() {
                Ok(Some((0, message))) => events.push(Event::Message(message)),
                Ok(Some((TRAILERS, text))) => return self.ends(events, status_of(&text)),
                Ok(Some((flag, _))) => {
                    let status = Status::internal(format!("a frame with flag {flag:#04x}"));
                    return self.ends(events, status);
                }
                Ok(None) => break,
                Err(too_long) => return self.ends(events, too_long),
            }
        }
        match malformed {
            Some(status) => self.ends(events, status),
            None => events,
        }
    }

    /// The body has ended. Returns the call's end, unless `push` has returned it.
    pub fn end(self) -> Option<Event> {
        let truncated = || Status::unknown("the body ended without a status");
        (!self.ended).then(|| Event::End(self.refused.unwrap_or_else(truncated)))
    }

    fn ends(&mut self, mut events: Vec<Event>, status: Status) -> Vec<Event> {
        self.ended = true;
        events.push(Event::End(status));
        events
    }

    /// Keeps the bytes of a chunk: decoded, as far as whole groups of base64 are there.
    fn take(&mut self, chunk: &[u8]) -> Result<(), Status> {
        if !self.is_text {
            self.frames.extend_from_slice(chunk);
            return Ok(());
        }
        self.base64.extend_from_slice(chunk);
        let whole = self.base64.len() / GROUP * GROUP;
        // Each group alone, because any of them may be padded.
        for group in self.base64.split_to(whole).chunks(GROUP) {
            let decoded = STANDARD.decode(group);
            let decoded = decoded.map_err(|_| Status::internal("the body is not base64"))?;
            self.frames.extend_from_slice(&decoded);
        }
        Ok(())
    }

    /// The flag and the bytes of the next frame, once all of it is there.
    fn frame(&mut self) -> Result<Option<(u8, Bytes)>, Status> {
        let Some(head) = self.frames.get(..HEAD) else {
            return Ok(None);
        };
        let (flag, mut length) = (head[0], &head[1..]);
        let length = usize::try_from(length.get_u32()).unwrap_or(usize::MAX);
        // The server has chosen this number, so nothing is kept for it before it is looked at.
        if length > LONGEST {
            return Err(Status::resource_exhausted(format!(
                "a frame of {length} bytes, and {LONGEST} are read"
            )));
        }
        if self.frames.len() < HEAD + length {
            return Ok(None);
        }
        self.frames.advance(HEAD);
        Ok(Some((flag, self.frames.split_to(length).freeze())))
    }
}

/// The status in the trailers, which are lines of text. tonic reads a status from headers, and decodes its
/// message and details.
fn status_of(text: &[u8]) -> Status {
    let lines = text.split(|byte| *byte == b'\n').filter_map(|line| {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let name = HeaderName::from_bytes(line[..colon].trim_ascii()).ok()?;
        let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).ok()?;
        Some((name, value))
    });
    let headers: HeaderMap = lines.collect();
    let missing = || Status::unknown("the trailers have no status");
    Status::from_header_map(&headers).unwrap_or_else(missing)
}
