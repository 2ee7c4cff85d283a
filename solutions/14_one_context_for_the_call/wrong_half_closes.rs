//! Wrong: a drop ends the source and reads to the end in the background, so the server sees a half-close
//! and no cancel.

use futures::future::BoxFuture;
use futures::stream::{BoxStream, StreamExt as _};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tonic::transport::Channel;
use tonic::{Status, Streaming};
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

/// A call, and everything that belongs to it.
pub struct Subscription {
    replies: Option<Streaming<ChatMessage>>,
    ended: CancellationToken,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.ended.cancel();
        if let Some(mut replies) = self.replies.take() {
            tokio::spawn(async move { while let Ok(Some(_)) = replies.message().await {} });
        }
    }
}

impl Subscription {
    /// Calls `Chat`.
    pub async fn open(
        channel: Channel,
        source: BoxStream<'static, ChatMessage>,
    ) -> Result<Self, Status> {
        let ended = CancellationToken::new();
        let source = source.take_until(ended.clone().cancelled_owned());
        let replies = ChatServiceClient::new(channel).chat(source).await?;
        Ok(Self {
            replies: Some(replies.into_inner()),
            ended,
        })
    }

    /// The next reply; None at the end.
    pub async fn next(&mut self) -> Result<Option<ChatMessage>, Status> {
        match &mut self.replies {
            Some(replies) => replies.message().await,
            None => Ok(None),
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
