//! `StreamService` once more, with small buffers: what a server of many idle streams can do about their memory.

use prost::Message;
use tonic::codec::{BufferSettings, Codec};
use tonic::{Request, Response, Status, Streaming};
use tonic_prost::{ProstDecoder, ProstEncoder};

use crate::proto::lean::stream_service_server::{StreamService, StreamServiceServer};
use crate::proto::stream::stream_service_server::StreamService as Usual;
use crate::proto::stream::{StreamRequest, StreamResponse};
use crate::server::{Measured, Responses};

// ANCHOR: codec
/// What a buffer holds before it grows. tonic gives each call one of 8 KiB for each direction.
pub const BYTES: usize = 512;
/// tonic's own: so many bytes of messages that are ready make a frame.
const YIELDS_AT: usize = 32 * 1024;

/// Protobuf, as tonic has it, in small buffers.
pub struct Lean<T, U>(std::marker::PhantomData<(T, U)>);

impl<T, U> Default for Lean<T, U> {
    fn default() -> Self {
        Self(std::marker::PhantomData)
    }
}

impl<T, U> Codec for Lean<T, U>
where
    T: Message + Send + 'static,
    U: Message + Default + Send + 'static,
{
    type Encode = T;
    type Decode = U;
    type Encoder = ProstEncoder<T>;
    type Decoder = ProstDecoder<U>;

    fn encoder(&mut self) -> Self::Encoder {
        ProstEncoder::new(BufferSettings::new(BYTES, YIELDS_AT))
    }

    fn decoder(&mut self) -> Self::Decoder {
        ProstDecoder::new(BufferSettings::new(BYTES, YIELDS_AT))
    }
}
// ANCHOR_END: codec

pub fn service() -> StreamServiceServer<Measured> {
    StreamServiceServer::new(Measured)
}

/// The handlers are the same: only the codec is another.
#[tonic::async_trait]
impl StreamService for Measured {
    type ListStream = Responses;

    async fn list(&self, request: Request<StreamRequest>) -> Result<Response<Responses>, Status> {
        Usual::list(self, request).await
    }

    async fn record(
        &self,
        requests: Request<Streaming<StreamRequest>>,
    ) -> Result<Response<StreamResponse>, Status> {
        Usual::record(self, requests).await
    }

    type RouteStream = Responses;

    async fn route(
        &self,
        requests: Request<Streaming<StreamRequest>>,
    ) -> Result<Response<Responses>, Status> {
        Usual::route(self, requests).await
    }
}
