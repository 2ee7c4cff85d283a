//! Wrong: the guard that cancels is created only after the call has been answered.

use futures::future::BoxFuture;
use futures::stream::{BoxStream, StreamExt as _};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::{PollSendError, PollSender};
use tokio_util::task::AbortOnDropHandle;
use tonic::transport::Channel;
use tonic::{CancellationHandle, Request, Status, Streaming};
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

/// A call, and everything that belongs to it.
pub struct Subscription {
    replies: Streaming<ChatMessage>,
    _cancels: CancelOnDrop,
    _producer: AbortOnDropHandle<Result<(), PollSendError<ChatMessage>>>,
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
        let (messages, requests) = mpsc::channel(1);
        let producer = tokio::spawn(source.map(Ok).forward(PollSender::new(messages)));
        let mut request = Request::new(ReceiverStream::new(requests));
        let handle = request.cancellation_handle();
        // The call goes on in a task of its own, whether or not it is answered.
        let call = async move { ChatServiceClient::new(channel).chat(request).await };
        let answered = tokio::spawn(call).await;
        let replies = answered.map_err(|_| Status::internal("the call panicked"))??;
        Ok(Self {
            replies: replies.into_inner(),
            _cancels: CancelOnDrop(Some(handle)),
            _producer: AbortOnDropHandle::new(producer),
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
    // Aborts its tasks when it is dropped.
    let mut running: JoinSet<_> = members.into_iter().collect();
    let mut failures = Vec::new();
    while let Some(ended) = running.join_next().await {
        match ended {
            Ok(Ok(())) => {}
            Ok(Err(status)) => failures.push(status),
            Err(error) if error.is_panic() => {
                failures.push(Status::internal("a member panicked"));
            }
            // A member that was aborted here has no failure of its own.
            Err(_) => {}
        }
        if !failures.is_empty() {
            // Members that have already ended keep their result.
            running.abort_all();
        }
    }
    if failures.is_empty() {
        Ok(())
    } else {
        Err(failures)
    }
}
