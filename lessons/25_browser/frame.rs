//! A gRPC-Web frame: a flag, a length of four bytes, and so many bytes.

use prost::Message as _;
use tokio_util::bytes::{BufMut as _, Bytes, BytesMut};
use workbook::proto::stream::{StreamPoint, StreamRequest};

/// The bytes before a message: the flag and the length.
pub const HEAD: usize = 5;
/// The flag of the last frame: what is in it are trailers, as text.
pub const TRAILERS: u8 = 0x80;
/// A page reads no message that is longer. It is what tonic's clients allow.
pub const LONGEST: usize = 4 * 1024 * 1024;

/// A request body with one message.
pub fn request(name: &str, value: i32) -> Bytes {
    let name = name.to_owned();
    let pt = Some(StreamPoint { name, value });
    let message = StreamRequest { pt }.encode_to_vec();
    let mut body = BytesMut::with_capacity(HEAD + message.len());
    body.put_u8(0);
    // A point is a few bytes long.
    body.put_u32(u32::try_from(message.len()).unwrap_or(u32::MAX));
    body.put_slice(&message);
    body.freeze()
}
