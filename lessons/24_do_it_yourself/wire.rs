//! The toy's frames, for the lane of the wire.

use tokio_util::bytes::BytesMut;
use tokio_util::codec::Decoder as _;
use workbook::wire::{Direction, Foreign, Protocol, grouped};

use super::frame::{Body, Codec, Frame, HEAD};
use super::sizes::LONGEST_EVER;

/// The reader of one direction.
pub fn toy(_: Direction) -> Box<dyn Protocol> {
    Box::new(Toy {
        codec: Codec::new(LONGEST_EVER),
        bytes: BytesMut::new(),
        is_toy: true,
    })
}

struct Toy {
    codec: Codec,
    bytes: BytesMut,
    /// Nothing behind bytes that are no frame can be read.
    is_toy: bool,
}

impl Protocol for Toy {
    fn push(&mut self, bytes: &[u8]) -> Vec<Foreign> {
        let mut frames = Vec::new();
        if !self.is_toy {
            return frames;
        }
        self.bytes.extend_from_slice(bytes);
        loop {
            match self.codec.decode(&mut self.bytes) {
                Ok(Some(frame)) => frames.push(shown(&frame)),
                Ok(None) => return frames,
                Err(error) => {
                    frames.push(foreign(0, "malformed", error.to_string(), 0));
                    self.is_toy = false;
                    self.bytes = BytesMut::new();
                    return frames;
                }
            }
        }
    }
}

fn shown(Frame { call, body }: &Frame) -> Foreign {
    let bytes = |length: usize| format!("{} bytes", grouped(u64::try_from(length).unwrap_or(0)));
    match body {
        Body::Request(name) => {
            let text = String::from_utf8_lossy(name).into_owned();
            foreign(*call, "REQUEST", text, name.len())
        }
        Body::Item(item) => foreign(*call, "ITEM", bytes(item.len()), item.len()),
        Body::End(code) => foreign(*call, "END", format!("{code:?}"), 1),
        Body::Reset => foreign(*call, "RESET", String::new(), 0),
        Body::Credit(more) => {
            let more = usize::try_from(*more).unwrap_or(usize::MAX);
            foreign(*call, "CREDIT", format!("+{}", bytes(more)), 4)
        }
    }
}

fn foreign(call: u32, kind: &'static str, meaning: String, payload: usize) -> Foreign {
    Foreign {
        call,
        kind,
        meaning,
        length: u32::try_from(HEAD + payload).unwrap_or(u32::MAX),
    }
}
