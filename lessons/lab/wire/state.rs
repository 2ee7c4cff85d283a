//! What the frames add up to: which halves of which streams are open, and what the windows hold.

use std::collections::BTreeMap;
use std::fmt;

use super::decode::{Body, Frame};
use super::frame::Direction;
use super::message::Part;
use super::names::{error_code, grouped};

/// Both sides' window until SETTINGS or WINDOW_UPDATE say otherwise (RFC 9113 section 6.9.2).
const DEFAULT_WINDOW: i64 = 65_535;

const SETTING_HEADER_TABLE_SIZE: u16 = 1;
const SETTING_INITIAL_WINDOW_SIZE: u16 = 4;
const SETTING_MAX_FRAME_SIZE: u16 = 5;

/// One half of a stream: what one side has sent on it so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Half {
    /// Whether its HEADERS have been sent.
    pub headers: bool,
    /// Whole messages sent.
    pub messages: u64,
    /// Whether END_STREAM has been sent.
    pub ended: bool,
    /// Bytes that its sender may still send before the other side must read.
    pub window: i64,
}

impl Half {
    /// Whether its sender has begun and not ended, and must wait with DATA until the other side reads.
    #[must_use]
    pub fn is_used_up(&self) -> bool {
        self.is_open() && self.window <= 0
    }

    /// Whether its sender has begun and not ended.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.headers && !self.ended
    }
}

/// One stream, as the wire shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    /// The method's path, for example `/greeter.v1.GreeterService/SayHi`.
    pub path: String,
    /// What the client has sent.
    pub request: Half,
    /// What the server has sent.
    pub response: Half,
    /// Who reset the stream, and with which code.
    pub reset: Option<(Direction, u32)>,
}

impl Stream {
    /// Whether the stream is still there: neither reset, nor ended by both sides (RFC 9113 section
    /// 5.1, *closed*). A gRPC call is decided earlier, by the END_STREAM of the server (gRPC over
    /// HTTP/2, *Responses*); what the client has not half-closed by then, tonic resets.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.reset.is_none() && !(self.request.ended && self.response.ended)
    }
}

/// Which streams that have ended a [`Connection`] keeps for [`Connection::streams`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Keeps {
    /// All of them: for a run that ends by itself.
    #[default]
    Ended,
    /// Only those that are open: for a server that may run for days.
    Open,
}

/// How much has been sent in one direction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Frames of all types.
    pub frames: u64,
    /// DATA frames among them.
    pub data_frames: u64,
    /// The payload of the DATA frames in bytes: messages, and the prefix of each.
    pub data_bytes: u64,
}

impl std::ops::Add for Traffic {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            frames: self.frames + other.frames,
            data_frames: self.data_frames + other.data_frames,
            data_bytes: self.data_bytes + other.data_bytes,
        }
    }
}

impl std::ops::Sub for Traffic {
    type Output = Self;

    fn sub(self, earlier: Self) -> Self {
        Self {
            frames: self.frames - earlier.frames,
            data_frames: self.data_frames - earlier.data_frames,
            data_bytes: self.data_bytes - earlier.data_bytes,
        }
    }
}

/// A connection, as the wire shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Connection {
    streams: BTreeMap<u32, Stream>,
    keeps: Keeps,
    to_server: Windows,
    to_client: Windows,
    /// What has been sent to the server, and to the client.
    sent: [Traffic; 2],
}

/// The windows that limit one direction.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Windows {
    connection: i64,
    /// What a new stream starts with: the receiver's SETTINGS_INITIAL_WINDOW_SIZE.
    initial: i64,
}

impl Default for Windows {
    fn default() -> Self {
        Self {
            connection: DEFAULT_WINDOW,
            initial: DEFAULT_WINDOW,
        }
    }
}

impl Connection {
    /// A connection of which nothing has been seen yet.
    #[must_use]
    pub fn new(keeps: Keeps) -> Self {
        Self {
            keeps,
            ..Self::default()
        }
    }

    /// Takes note of a frame.
    pub fn saw(&mut self, frame: &Frame) {
        let direction = frame.direction;
        self.count(frame);
        match &frame.body {
            Body::Headers(headers) => {
                let (to_server, to_client) = (self.to_server.initial, self.to_client.initial);
                if frame.direction == Direction::ToServer
                    && !self.streams.contains_key(&frame.stream)
                {
                    let path = headers.value(":path").unwrap_or_default().to_owned();
                    self.streams
                        .insert(frame.stream, Stream::new(path, to_server, to_client));
                }
                if let Some(half) = self.half(frame.stream, direction) {
                    half.headers = true;
                }
            }
            Body::Data { flow, parts } => {
                self.windows(direction).connection -= i64::from(*flow);
                if let Some(half) = self.half(frame.stream, direction) {
                    half.window -= i64::from(*flow);
                    half.messages += whole_messages(parts);
                }
            }
            Body::Reset(code) => {
                if let Some(stream) = self.streams.get_mut(&frame.stream) {
                    stream.reset = Some((direction, *code));
                }
            }
            Body::WindowUpdate(size) if frame.stream == 0 => {
                self.windows(direction.opposite()).connection += i64::from(*size);
            }
            Body::WindowUpdate(size) => {
                if let Some(half) = self.half(frame.stream, direction.opposite()) {
                    half.window += i64::from(*size);
                }
            }
            Body::Settings(values) => self.settings(direction, values),
            _ => {}
        }
        if frame.end_stream
            && let Some(half) = self.half(frame.stream, direction)
        {
            half.ended = true;
        }
        let has_ended = |stream: &Stream| !stream.is_open();
        if self.keeps == Keeps::Open && self.streams.get(&frame.stream).is_some_and(has_ended) {
            self.streams.remove(&frame.stream);
        }
    }

    /// What has been sent in `direction`, the preface aside.
    #[must_use]
    pub fn traffic(&self, direction: Direction) -> Traffic {
        self.sent[usize::from(direction == Direction::ToClient)]
    }

    fn count(&mut self, frame: &Frame) {
        let flow = match frame.body {
            Body::Preface => return,
            Body::Data { flow, .. } => Some(flow),
            _ => None,
        };
        let sent = &mut self.sent[usize::from(frame.direction == Direction::ToClient)];
        sent.frames += 1;
        sent.data_frames += u64::from(flow.is_some());
        sent.data_bytes += flow.map_or(0, u64::from);
    }

    /// The streams seen, by number.
    pub fn streams(&self) -> impl Iterator<Item = (u32, &Stream)> {
        self.streams.iter().map(|(id, stream)| (*id, stream))
    }

    /// The stream of that number.
    #[must_use]
    pub fn stream(&self, number: u32) -> Option<&Stream> {
        self.streams.get(&number)
    }

    /// The streams that have not ended.
    pub fn open(&self) -> impl Iterator<Item = (u32, &Stream)> {
        self.streams().filter(|(_, stream)| stream.is_open())
    }

    /// What may still be sent in `direction` on the connection as a whole, in bytes.
    #[must_use]
    pub fn connection_window(&self, direction: Direction) -> i64 {
        match direction {
            Direction::ToServer => self.to_server.connection,
            Direction::ToClient => self.to_client.connection,
        }
    }

    /// The setting's effect on streams that are open already (RFC 9113 section 6.9.2).
    fn settings(&mut self, from: Direction, values: &[(u16, u32)]) {
        for (identifier, value) in values {
            if *identifier != SETTING_INITIAL_WINDOW_SIZE {
                continue;
            }
            let limited = from.opposite();
            let change = i64::from(*value) - self.windows(limited).initial;
            self.windows(limited).initial += change;
            for stream in self.streams.values_mut() {
                stream.half(limited).window += change;
            }
        }
    }

    fn windows(&mut self, direction: Direction) -> &mut Windows {
        match direction {
            Direction::ToServer => &mut self.to_server,
            Direction::ToClient => &mut self.to_client,
        }
    }

    fn half(&mut self, stream: u32, direction: Direction) -> Option<&mut Half> {
        Some(self.streams.get_mut(&stream)?.half(direction))
    }
}

impl Stream {
    fn new(path: String, request_window: i64, response_window: i64) -> Self {
        let half = |window| Half {
            window,
            ..Half::default()
        };
        Self {
            path,
            request: half(request_window),
            response: half(response_window),
            reset: None,
        }
    }

    fn half(&mut self, direction: Direction) -> &mut Half {
        match direction {
            Direction::ToServer => &mut self.request,
            Direction::ToClient => &mut self.response,
        }
    }
}

/// "request headers sent, no request message, no response headers, both halves open"
impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, half) in [("request", &self.request), ("response", &self.response)] {
            let headers = if half.headers { "sent" } else { "not sent" };
            write!(f, "{name} headers {headers}, ")?;
            match half.messages {
                0 => write!(f, "no {name} message, ")?,
                1 => write!(f, "1 {name} message, ")?,
                many => write!(f, "{} {name} messages, ", grouped(many))?,
            }
            if half.is_used_up() {
                write!(f, "the {name} window is used up, ")?;
            }
        }
        match (self.reset, self.request.ended, self.response.ended) {
            (Some((_, code)), ..) => write!(f, "reset with {}", error_code(code)),
            (None, false, false) => write!(f, "both halves open"),
            (None, true, false) => {
                write!(f, "the client has half-closed, the server has not ended")
            }
            (None, false, true) => {
                write!(f, "the server has ended, the client has not half-closed")
            }
            (None, true, true) => write!(f, "both halves ended"),
        }
    }
}

/// The table size that the sender of `values` allows for headers sent to it.
#[must_use]
pub fn header_table_size(values: &[(u16, u32)]) -> Option<u32> {
    last_of(values, SETTING_HEADER_TABLE_SIZE)
}

/// The payload size that the sender of `values` allows for frames sent to it.
#[must_use]
pub fn max_frame_size(values: &[(u16, u32)]) -> Option<u32> {
    last_of(values, SETTING_MAX_FRAME_SIZE)
}

fn last_of(values: &[(u16, u32)], setting: u16) -> Option<u32> {
    let last = values.iter().rev().find(|(id, _)| *id == setting);
    last.map(|(_, value)| *value)
}

fn whole_messages(parts: &[Part]) -> u64 {
    let ended = |part: &&Part| matches!(part, Part::Whole(_) | Part::Ends(_));
    u64::try_from(parts.iter().filter(ended).count()).unwrap_or(u64::MAX)
}
