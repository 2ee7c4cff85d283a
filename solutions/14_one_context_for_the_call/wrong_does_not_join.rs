//! Wrong: gives the aborted tasks a turn to end, instead of waiting until they have ended.

use futures::FutureExt as _;
use futures::future::BoxFuture;
use futures::stream::{BoxStream, FuturesUnordered, StreamExt as _};
use tokio::task::{JoinError, yield_now};
use tokio_util::task::AbortOnDropHandle;
use tonic::transport::Channel;
use tonic::{CancellationHandle, Request, Status, Streaming};
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

/// A call, and everything that belongs to it.
pub struct Subscription {
    replies: Streaming<ChatMessage>,
    _cancels: CancelOnDrop,
}

/// Resets the call when it is dropped.
struct CancelOnDrop(Option<CancellationHandle>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        if let Some(handle) = self.0.take() {
            handle.cancel();
        }
    }
}

impl Subscription {
    /// Calls `Chat`.
    pub async fn open(
        channel: Channel,
        source: BoxStream<'static, ChatMessage>,
    ) -> Result<Self, Status> {
        let mut request = Request::new(source);
        // Created before the call, so that dropping this future while it waits cancels, too.
        let cancels = CancelOnDrop(Some(request.cancellation_handle()));
        let replies = ChatServiceClient::new(channel).chat(request).await?;
        Ok(Self {
            replies: replies.into_inner(),
            _cancels: cancels,
        })
    }

    /// The next reply; None at the end.
    pub async fn next(&mut self) -> Result<Option<ChatMessage>, Status> {
        self.replies.message().await
    }
}

/// Runs all members; the first failure ends the others.
pub async fn all_or_none(
    members: Vec<BoxFuture<'static, Result<(), Status>>>,
) -> Result<(), Vec<Status>> {
    // Each handle aborts its task when it is dropped.
    let mut running: FuturesUnordered<_> = members
        .into_iter()
        .map(|member| AbortOnDropHandle::new(tokio::spawn(member)))
        .collect();
    let mut failures = Vec::new();
    while failures.is_empty() {
        let Some(ended) = running.next().await else {
            return Ok(());
        };
        failures.extend(failure(ended));
    }
    running.iter().for_each(AbortOnDropHandle::abort);
    // A turn of the runtime, in which the aborted tasks end, if they are not running.
    yield_now().await;
    while let Some(Some(ended)) = running.next().now_or_never() {
        failures.extend(failure(ended));
    }
    Err(failures)
}

fn failure(ended: Result<Result<(), Status>, JoinError>) -> Option<Status> {
    match ended {
        Ok(ended) => ended.err(),
        Err(error) => error
            .is_panic()
            .then(|| Status::internal("a member panicked")),
    }
}
