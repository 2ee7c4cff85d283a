//! Wrong: ends the source when it is dropped, and reads to the end in the background: to the server all is said.

use futures::future::BoxFuture;
use futures::stream::{BoxStream, StreamExt as _};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tonic::transport::Channel;
use tonic::{Status, Streaming};
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

/// A call, and all that belongs to it.
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

/// Runs all members; the first failure ends them all.
pub async fn all_or_none(
    members: Vec<BoxFuture<'static, Result<(), Status>>>,
) -> Result<(), Vec<Status>> {
    // Aborts what is in it when it is dropped.
    let mut running: JoinSet<_> = members.into_iter().collect();
    let mut failures = Vec::new();
    while let Some(ended) = running.join_next().await {
        match ended {
            Ok(Ok(())) => {}
            Ok(Err(status)) => failures.push(status),
            Err(error) if error.is_panic() => {
                failures.push(Status::internal("a member panicked"));
            }
            // One that was aborted here has no failure of its own.
            Err(_) => {}
        }
        if !failures.is_empty() {
            // Those that have ended already keep what they ended with.
            running.abort_all();
        }
    }
    if failures.is_empty() {
        Ok(())
    } else {
        Err(failures)
    }
}
