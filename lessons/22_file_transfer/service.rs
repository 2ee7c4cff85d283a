//! `TransferService`, with the right way to receive a file or the wrong one.

use std::sync::Arc;

use futures::StreamExt as _;
use futures::stream::BoxStream;
use tonic::{Request, Response, Status, Streaming};
use tracing::info;
use workbook::proto::files::transfer_service_server::TransferService;
use workbook::proto::files::{GetRequest, GetResponse, PutRequest, PutResponse};

use super::blind::receive_blindly;
use super::receive::receive;
use super::store::Store;
use super::supply::supply;

/// What a server does with what arrives.
#[derive(Debug, Clone, Copy)]
pub enum Receives {
    /// It appends whatever comes.
    Blindly,
    /// It checks the place of each piece, and the whole.
    Checked,
}

/// Files on a disk.
pub struct Transfers {
    pub store: Arc<Store>,
    pub receives: Receives,
    /// How many bytes a message of a download has.
    pub piece: usize,
}

type Stream<T> = BoxStream<'static, Result<T, Status>>;

#[tonic::async_trait]
impl TransferService for Transfers {
    type PutStream = Stream<PutResponse>;

    async fn put(
        &self,
        request: Request<Streaming<PutRequest>>,
    ) -> Result<Response<Self::PutStream>, Status> {
        let (store, requests) = (Arc::clone(&self.store), request.into_inner());
        let answers = match self.receives {
            Receives::Blindly => receive_blindly(store, requests).boxed(),
            Receives::Checked => receive(store, requests).boxed(),
        };
        Ok(Response::new(logged(answers)))
    }

    type GetStream = Stream<GetResponse>;

    async fn get(&self, request: Request<GetRequest>) -> Result<Response<Self::GetStream>, Status> {
        let supplied = supply(Arc::clone(&self.store), request.into_inner(), self.piece).await;
        let pieces = supplied.inspect_err(log)?;
        Ok(Response::new(logged(pieces.boxed())))
    }
}

fn logged<T: Send + 'static>(answers: Stream<T>) -> Stream<T> {
    let log_failure = |answer: &Result<T, Status>| {
        if let Err(status) = answer {
            log(status);
        }
    };
    answers.inspect(log_failure).boxed()
}

fn log(status: &Status) {
    let code = status.code();
    info!(?code, "ends the call: {code:?}");
}
