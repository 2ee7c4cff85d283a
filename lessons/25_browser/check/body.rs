//! What the server sends: frames, trailers, base64, and headers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tonic::codegen::http::header::CONTENT_TYPE;
use tonic::codegen::http::{HeaderMap, HeaderValue};

use super::frame::TRAILERS;

/// A frame with that flag.
pub fn framed(flag: u8, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    [&[flag][..], &length.to_be_bytes(), payload].concat()
}

/// The trailer frame with these lines.
pub fn trailers(lines: &str) -> Vec<u8> {
    framed(TRAILERS, lines.as_bytes())
}

/// Messages, and their frames.
pub struct Messages(pub Vec<Vec<u8>>);

/// Messages of these lengths. Their bytes look like heads of frames, so that a reader that has lost its
/// place goes astray.
pub fn messages(lengths: &[usize]) -> Messages {
    let made = lengths.iter().enumerate().map(|(index, length)| {
        let first = u8::try_from(index).unwrap_or(u8::MAX);
        let bytes = [0x80, 0, first, 0xff, 0].into_iter().cycle();
        bytes.take(*length).collect()
    });
    Messages(made.collect())
}

impl Messages {
    pub fn frames(&self) -> Vec<Vec<u8>> {
        self.0.iter().map(|message| framed(0, message)).collect()
    }

    pub fn body(&self) -> Vec<u8> {
        self.frames().concat()
    }
}

/// Base64 that is padded after each frame, as a server writes it that flushes each.
pub fn padded(frames: &[Vec<u8>]) -> String {
    frames.iter().map(|frame| STANDARD.encode(frame)).collect()
}

/// Headers of an answer in the text form.
pub fn text(kind: &str) -> HeaderMap {
    HeaderMap::from_iter([(
        CONTENT_TYPE,
        HeaderValue::from_str(kind).expect("a content type"),
    )])
}

/// Headers of a call that is refused at once.
pub fn refused(code: &'static str, message: &'static str) -> HeaderMap {
    let mut headers = text("application/grpc-web+proto");
    headers.insert("grpc-status", HeaderValue::from_static(code));
    headers.insert("grpc-message", HeaderValue::from_static(message));
    headers
}
