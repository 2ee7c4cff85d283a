//! Wrong: `next` takes the server's Cancelled for its own, and returns None, so that a call that the
//! server has given up looks complete.

use futures::FutureExt as _;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use tokio::task::JoinSet;
use tonic::transport::Channel;
use tonic::{CancellationHandle, Code, Request, Status, Streaming};
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
        let mut client = ChatServiceClient::new(channel);
        // Boxed, so that the compiler sees that this future is `Send`: with a `BoxStream` inside it cannot
        // tell (rust-lang/rust#102211).
        let replies = client.chat(request).boxed().await?;
        Ok(Self {
            replies: replies.into_inner(),
            _cancels: cancels,
        })
    }

    /// The next reply; None at the end.
    pub async fn next(&mut self) -> Result<Option<ChatMessage>, Status> {
        match self.replies.message().await {
            Err(status) if status.code() == Code::Cancelled => Ok(None),
            reply => reply,
        }
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
