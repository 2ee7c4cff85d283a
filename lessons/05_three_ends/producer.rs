//! `StreamService.List`, with a producer whose end the caller chooses.

use futures::stream::BoxStream;
use tokio::sync::mpsc;
use tonic::{Request, Response, Status, Streaming};
use tracing::info;
use workbook::proto::stream::stream_service_server::StreamService;
use workbook::proto::stream::{StreamPoint, StreamRequest, StreamResponse};

/// One item of the response stream.
pub type Reply = Result<StreamResponse, Status>;
/// The response stream.
pub type Replies = BoxStream<'static, Reply>;

/// How many replies wait in the mpsc channel between a producer and the connection.
pub const WAITING: usize = 1;

/// How a stream ends after its third number.
#[derive(Debug, Clone, Copy)]
pub enum Ending {
    /// With OK.
    End,
    /// With a status: the rest of the numbers cannot be read.
    Error,
    /// With a panic of the producer.
    Panic,
}

/// Three numbers, and then the end that the request's `name` asks for.
pub struct Numbers {
    /// Makes the response stream.
    pub replies: fn(Ending) -> Replies,
}

// ANCHOR: produce
/// Sends three replies, and ends as the caller asked.
pub async fn produce(ending: Ending, replies: mpsc::Sender<Reply>) {
    for value in 1..=3 {
        info!(sent = value, "sends {value}");
        if replies.send(Ok(number(value))).await.is_err() {
            return;
        }
    }
    match ending {
        Ending::End => info!("has sent everything"),
        Ending::Error => {
            info!("sends an error, and then 4");
            let failure = Status::data_loss("the rest of the numbers cannot be read");
            for reply in [Err(failure), Ok(number(4))] {
                if replies.send(reply).await.is_err() {
                    return;
                }
            }
        }
        Ending::Panic => panic!("the fourth number does not exist"),
    }
}
// ANCHOR_END: produce

pub fn number(value: i32) -> StreamResponse {
    StreamResponse {
        pt: Some(StreamPoint {
            name: "number".to_owned(),
            value,
        }),
    }
}

#[tonic::async_trait]
impl StreamService for Numbers {
    type ListStream = Replies;

    async fn list(&self, request: Request<StreamRequest>) -> Result<Response<Replies>, Status> {
        let name = request.into_inner().pt.unwrap_or_default().name;
        let ending = match name.as_str() {
            "end" => Ending::End,
            "error" => Ending::Error,
            "panic" => Ending::Panic,
            _ => {
                return Err(Status::invalid_argument(
                    "pt.name must be end, error or panic",
                ));
            }
        };
        Ok(Response::new((self.replies)(ending)))
    }

    async fn record(
        &self,
        _: Request<Streaming<StreamRequest>>,
    ) -> Result<Response<StreamResponse>, Status> {
        Err(Status::unimplemented("lesson 03 serves Record"))
    }

    type RouteStream = Replies;

    async fn route(
        &self,
        _: Request<Streaming<StreamRequest>>,
    ) -> Result<Response<Replies>, Status> {
        Err(Status::unimplemented("lesson 04 serves Route"))
    }
}
