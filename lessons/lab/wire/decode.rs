//! From raw frames to what they mean, for one direction of a connection.

use std::collections::HashMap;

use super::frame::{Direction, Piece, RawFrame, Splitter};
use super::hpack::{HeaderBlocks, Headers};
use super::message::{Messages, Part};

/// The type of the frames that carry messages.
const DATA: u8 = 0x0;

const FLAG_END_STREAM: u8 = 0x1;
const FLAG_ACK: u8 = 0x1;
const FLAG_END_HEADERS: u8 = 0x4;
const FLAG_PADDED: u8 = 0x8;
const FLAG_PRIORITY: u8 = 0x20;

/// How many open streams are followed at the same time, in one direction. The DATA of more is
/// [`Part::Unread`]: a peer could open any number.
const MAX_STREAMS: usize = 65_536;

/// A frame, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Which way it travels.
    pub direction: Direction,
    /// The stream that it belongs to; 0 is the connection itself.
    pub stream: u32,
    /// Whether the sender closes its half of the stream with this frame.
    pub end_stream: bool,
    /// What it says.
    pub body: Body,
}

/// What a frame says (RFC 9113 section 6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// The client's connection preface.
    Preface,
    /// gRPC messages, or parts of them.
    Data {
        /// Bytes that count against the windows: the whole payload, padding included.
        flow: u32,
        /// The messages in it.
        parts: Vec<Part>,
    },
    /// Request headers, response headers or trailers.
    Headers(Headers),
    /// A header block whose end is in a later frame.
    HeadersBegin,
    /// Advice about priorities, deprecated.
    Priority,
    /// The stream is over, at once and in both directions.
    Reset(u32),
    /// Settings of the sender, as (identifier, value).
    Settings(Vec<(u16, u32)>),
    /// The sender has applied the settings it received.
    SettingsAck,
    /// A ping, and whether it is the answer to one.
    Ping {
        /// Whether this is the answer.
        ack: bool,
    },
    /// The sender takes no streams above this one.
    GoAway {
        /// The last stream that the sender has taken or may take.
        last: u32,
        /// Why.
        code: u32,
        /// More about why, if the sender says so.
        debug: String,
    },
    /// The sender takes this many bytes more.
    WindowUpdate(u32),
    /// A frame of a type that this reader does not know; it must be ignored (RFC 9113 section 4.1).
    Unknown {
        /// The type's number.
        kind: u8,
        /// The length of its payload in bytes.
        length: usize,
    },
    /// A frame whose content breaks its type's rules, with the reason.
    Malformed(String),
    /// These bytes are no HTTP/2 at all.
    NotHttp2,
    /// A frame of another protocol, which the scene has said that it speaks.
    Foreign {
        /// Its type's name.
        kind: String,
        /// What it says, in words.
        meaning: String,
        /// Its length in bytes, its head included.
        length: u32,
    },
}

/// Reads one direction of a connection.
pub struct Decoder {
    splitter: Splitter,
    reading: Reading,
}

/// What has to be known of earlier frames to read the next one.
struct Reading {
    direction: Direction,
    headers: HeaderBlocks,
    /// The stream and END_STREAM flag of a header block that is not complete yet.
    open_block: Option<(u32, bool)>,
    /// One entry for each stream whose DATA may still come in this direction: from its HEADERS to its
    /// END_STREAM, or to the RST_STREAM of either side.
    messages: HashMap<u32, Messages>,
}

impl Decoder {
    /// A decoder for what travels in `direction`.
    #[must_use]
    pub fn new(direction: Direction) -> Self {
        Self {
            splitter: Splitter::new(direction),
            reading: Reading {
                direction,
                headers: HeaderBlocks::default(),
                open_block: None,
                messages: HashMap::new(),
            },
        }
    }

    /// Takes the bytes that passed, and returns the frames they complete.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Frame> {
        let mut frames = Vec::new();
        self.push_each(bytes, |frame, _| frames.push(frame));
        frames
    }

    /// The same, one frame after the other, each with the bytes of messages that it carries: those of
    /// DATA without padding, and none for any other type.
    pub fn push_each(&mut self, bytes: &[u8], mut each: impl FnMut(Frame, &[u8])) {
        let Self { splitter, reading } = self;
        splitter.push(bytes, |piece| match piece {
            Piece::Preface => each(reading.of_connection(Body::Preface), &[]),
            Piece::NotHttp2 => each(reading.of_connection(Body::NotHttp2), &[]),
            Piece::TooLong {
                stream,
                length,
                longest,
            } => {
                let mut frame = reading.of_connection(Body::Malformed(format!(
                    "{length} bytes announced, {longest} allowed: not read from here on"
                )));
                frame.stream = stream;
                each(frame, &[]);
            }
            Piece::Frame(raw) => {
                let carried = match raw.kind {
                    DATA => unpadded(&raw, "DATA").unwrap_or_default(),
                    _ => &[],
                };
                each(reading.read(raw), carried);
            }
        });
    }

    /// The other side said how large the table for this direction's headers may be.
    pub fn allow_table_size(&mut self, size: u32) {
        self.reading.headers.allow_table_size(size);
    }

    /// The other side said how long this direction's frames may be.
    pub fn allow_frame_size(&mut self, size: u32) {
        self.splitter.allow_frame_size(size);
    }

    /// The stream was reset in the other direction: nothing that still comes of it is read.
    pub fn forget(&mut self, stream: u32) {
        self.reading.messages.remove(&stream);
    }

    /// How many streams are followed now.
    #[must_use]
    pub fn followed(&self) -> usize {
        self.reading.messages.len()
    }
}

impl Reading {
    fn of_connection(&self, body: Body) -> Frame {
        Frame {
            direction: self.direction,
            stream: 0,
            end_stream: false,
            body,
        }
    }

    fn read(&mut self, raw: RawFrame<'_>) -> Frame {
        let stream = raw.stream;
        let (body, end_stream) = self
            .body(raw)
            .unwrap_or_else(|reason| (Body::Malformed(reason), false));
        if end_stream || matches!(body, Body::Reset(_)) {
            self.messages.remove(&stream);
        }
        Frame {
            direction: self.direction,
            stream,
            end_stream,
            body,
        }
    }

    fn body(&mut self, raw: RawFrame<'_>) -> Result<(Body, bool), String> {
        let ends = raw.flags & FLAG_END_STREAM != 0;
        let ack = raw.flags & FLAG_ACK != 0;
        let whole = raw.payload;
        let body = match raw.kind {
            DATA => {
                let data = unpadded(&raw, "DATA")?;
                return Ok((self.data(raw.stream, whole.len(), data), ends));
            }
            0x1 => {
                let mut fragment = unpadded(&raw, "HEADERS")?;
                if raw.flags & FLAG_PRIORITY != 0 {
                    fragment = fragment
                        .get(5..)
                        .ok_or("HEADERS too short for its priority")?;
                }
                return self.block(raw.stream, fragment, raw.flags, ends);
            }
            0x2 => Body::Priority,
            0x3 => Body::Reset(u32_at(whole, 0).ok_or("RST_STREAM without a code")?),
            0x4 if ack => Body::SettingsAck,
            0x4 if !whole.len().is_multiple_of(6) => {
                return Err("SETTINGS of a broken length".to_owned());
            }
            0x4 => Body::Settings(settings(whole)),
            0x6 if whole.len() != 8 => return Err("PING that is not 8 bytes".to_owned()),
            0x6 => Body::Ping { ack },
            0x7 => Body::GoAway {
                last: u32_at(whole, 0).ok_or("GOAWAY too short")? & 0x7fff_ffff,
                code: u32_at(whole, 4).ok_or("GOAWAY too short")?,
                debug: String::from_utf8_lossy(whole.get(8..).unwrap_or_default()).into_owned(),
            },
            0x8 => Body::WindowUpdate(
                u32_at(whole, 0).ok_or("WINDOW_UPDATE without a size")? & 0x7fff_ffff,
            ),
            0x9 => {
                let (stream, ends) = self
                    .open_block
                    .filter(|(stream, _)| *stream == raw.stream)
                    .ok_or("CONTINUATION without its HEADERS")?;
                return self.block(stream, whole, raw.flags, ends);
            }
            kind => Body::Unknown {
                kind,
                length: whole.len(),
            },
        };
        Ok((body, false))
    }

    fn data(&mut self, stream: u32, flow: usize, data: &[u8]) -> Body {
        let parts = match self.messages.get_mut(&stream) {
            Some(messages) => messages.push(data),
            None if data.is_empty() => Vec::new(),
            None => vec![Part::Unread(u32::try_from(data.len()).unwrap_or(u32::MAX))],
        };
        Body::Data {
            flow: u32::try_from(flow).unwrap_or(u32::MAX),
            parts,
        }
    }

    fn block(
        &mut self,
        stream: u32,
        fragment: &[u8],
        flags: u8,
        ends: bool,
    ) -> Result<(Body, bool), String> {
        let last = flags & FLAG_END_HEADERS != 0;
        self.open_block = (!last).then_some((stream, ends));
        match self.headers.push(fragment, last) {
            None => Ok((Body::HeadersBegin, false)),
            Some(Ok(headers)) => {
                if !ends && self.messages.len() < MAX_STREAMS {
                    self.messages.entry(stream).or_default();
                }
                Ok((Body::Headers(headers), ends))
            }
            Some(Err(reason)) => Err(reason),
        }
    }
}

/// The payload without its padding (RFC 9113 section 6.1).
fn unpadded<'a>(raw: &RawFrame<'a>, name: &str) -> Result<&'a [u8], String> {
    if raw.flags & FLAG_PADDED == 0 {
        return Ok(raw.payload);
    }
    let (&length, rest) = raw
        .payload
        .split_first()
        .ok_or_else(|| format!("{name} without its pad length"))?;
    rest.len()
        .checked_sub(usize::from(length))
        .and_then(|end| rest.get(..end))
        .ok_or_else(|| format!("{name} with more padding than bytes"))
}

fn settings(payload: &[u8]) -> Vec<(u16, u32)> {
    payload
        .chunks_exact(6)
        .map(|entry| {
            (
                u16::from_be_bytes([entry[0], entry[1]]),
                u32::from_be_bytes([entry[2], entry[3], entry[4], entry[5]]),
            )
        })
        .collect()
}

fn u32_at(bytes: &[u8], start: usize) -> Option<u32> {
    let four = bytes.get(start..start + 4)?;
    Some(u32::from_be_bytes(four.try_into().ok()?))
}
