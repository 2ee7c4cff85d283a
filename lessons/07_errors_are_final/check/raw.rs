//! A client that sends raw bytes, because a generated one sends nothing but messages.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::Stream as _;
use futures::stream::BoxStream;
use http_body::Frame;
use prost::Message as _;
use tonic::Status;
use tonic::codegen::{Bytes, Service as _, http};
use workbook::grade::{Finding, Script, within};
use workbook::proto::users::CreateUsersResponse;

use super::ids;
use super::peers::{ANSWERED_WITHIN, Called, Users, user};

/// What becomes of the client's half of a call after its last bytes.
#[derive(Debug, Clone, Copy)]
pub enum Half {
    Ends,
    StaysOpen,
}

impl Users {
    /// Sends two good users and these bytes, which are not a message. Then it ends its half, or goes on.
    pub async fn create_raw(&self, poison: &[u8], half: Half) -> Result<Called, Finding> {
        let good = ids(2).flat_map(|id| framed(0, &user(id).encode_to_vec()));
        let bytes = Bytes::from_iter(good.chain(poison.iter().copied()));
        let sent = Script::new().send(bytes);
        let body = StreamBody(match half {
            Half::Ends => sent.requests(),
            Half::StaysOpen => sent.hold().requests(),
        });
        let request = http::Request::post("http://lab.invalid/users.v1.UserService/CreateUsers")
            .header("content-type", "application/grpc")
            .header("te", "trailers")
            .body(tonic::body::Body::new(body))
            .map_err(|error| Finding::seen(format!("no request: {error}")))?;
        let mut channel = self.channel.clone();
        std::future::poll_fn(|cx| channel.poll_ready(cx)).await?;
        let answer = channel.call(request);
        let answer = within(ANSWERED_WITHIN, "the call was not answered", answer).await??;
        // An error before any answer comes in the headers. A good answer is not needed here.
        let answer = match Status::from_header_map(answer.headers()) {
            Some(status) => Err(status),
            None => Ok(CreateUsersResponse::default()),
        };
        Ok(Called { answer })
    }
}

/// A gRPC message by hand: a flag, the length in four bytes, and the payload; see lesson 01.
fn framed(flag: u8, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    [&[flag][..], &length.to_be_bytes(), payload].concat()
}

/// Bytes that are not a message.
pub fn poisons() -> [(&'static str, Vec<u8>); 3] {
    let mut too_long = framed(0, &[0; 60]);
    too_long[1..5].copy_from_slice(&5_000_000_u32.to_be_bytes());
    [
        ("a message that is not a user", framed(0, &[0xff; 3])),
        ("a message that is too long", too_long),
        ("a compression flag of 7", framed(7, &[0; 20])),
    ]
}

/// A body out of a stream of bytes.
struct StreamBody(BoxStream<'static, Bytes>);

impl http_body::Body for StreamBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let next = Pin::new(&mut self.0).poll_next(cx);
        next.map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
    }
}
