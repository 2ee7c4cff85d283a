//! The toy protocol: frames with a length, a type and the number of their call.

use std::io;

use tokio_util::bytes::{Buf as _, BufMut as _, Bytes, BytesMut};
use tokio_util::codec::{Decoder, Encoder};

// ANCHOR: frame
/// Before each payload: its length (4 bytes), the type (1), the number of the call (4).
pub const HEAD: usize = 9;

/// What one side sends to the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Chosen by the client, and never used again on its connection.
    pub call: u32,
    pub body: Body,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// The client begins a call; the bytes are the name of its method.
    Request(Bytes),
    /// Bytes of the answer.
    Item(Bytes),
    /// The answer is over. The faulty version sends an empty item instead.
    End(Code),
    /// The client is no longer interested. The faulty version has no such frame.
    Reset,
    /// The client takes so many bytes more. The faulty version has no such frame.
    Credit(u32),
}
// ANCHOR_END: frame

/// How a call ended, with the numbers that gRPC gives to the same codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    Ok = 0,
    NotFound = 5,
    Internal = 13,
}

/// Reads and writes frames.
pub struct Codec {
    /// A peer can announce 4 GiB, and the buffer is ours.
    longest: usize,
}

impl Codec {
    /// Frames with more bytes behind their head than this are refused.
    pub fn new(longest: usize) -> Self {
        Self { longest }
    }
}

impl Decoder for Codec {
    type Item = Frame;
    type Error = io::Error;

    fn decode(&mut self, bytes: &mut BytesMut) -> io::Result<Option<Frame>> {
        let Some(head) = bytes.first_chunk::<HEAD>() else {
            return Ok(None);
        };
        let [a, b, c, d, kind, call @ ..] = *head;
        let length = u32::from_be_bytes([a, b, c, d]);
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if length > self.longest {
            let longest = self.longest;
            return Err(refused(format!("{length} bytes, the longest is {longest}")));
        }
        if bytes.len() < HEAD + length {
            return Ok(None);
        }
        let mut payload = bytes.split_to(HEAD + length).freeze();
        payload.advance(HEAD);
        let call = u32::from_be_bytes(call);
        let body = body(kind, payload)?;
        Ok(Some(Frame { call, body }))
    }
}

fn body(kind: u8, mut payload: Bytes) -> io::Result<Body> {
    Ok(match (kind, payload.len()) {
        (1, _) => Body::Request(payload),
        (2, _) => Body::Item(payload),
        (3, 1) => match payload[0] {
            0 => Body::End(Code::Ok),
            5 => Body::End(Code::NotFound),
            // A code that a newer peer has is no reason to break the connection.
            _ => Body::End(Code::Internal),
        },
        (4, 0) => Body::Reset,
        (5, 4) => Body::Credit(payload.get_u32()),
        (kind, length) => return Err(refused(format!("type {kind} with {length} bytes"))),
    })
}

/// The error for a peer that does not keep to the protocol.
pub fn refused(why: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why.into())
}

impl Encoder<Frame> for Codec {
    type Error = io::Error;

    fn encode(&mut self, Frame { call, body }: Frame, out: &mut BytesMut) -> io::Result<()> {
        let (kind, payload) = match body {
            Body::Request(name) => (1, name),
            Body::Item(bytes) => (2, bytes),
            Body::End(code) => (3, Bytes::copy_from_slice(&[code as u8])),
            Body::Reset => (4, Bytes::new()),
            Body::Credit(bytes) => (5, Bytes::copy_from_slice(&bytes.to_be_bytes())),
        };
        let length = u32::try_from(payload.len()).map_err(|_| refused("over 4 GiB"))?;
        out.reserve(HEAD + payload.len());
        out.put_u32(length);
        out.put_u8(kind);
        out.put_u32(call);
        out.put(payload);
        Ok(())
    }
}
