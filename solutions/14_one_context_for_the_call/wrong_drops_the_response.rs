//! Wrong: owns the stream of replies only, so the call goes on as long as the source does.

use futures::future::BoxFuture;
use futures::stream::BoxStream;
use tokio::task::JoinSet;
use tonic::transport::Channel;
use tonic::{Status, Streaming};
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

/// A call, and everything that belongs to it.
pub struct Subscription {
    replies: Streaming<ChatMessage>,
}

impl Subscription {
    /// Calls `Chat`.
    pub async fn open(
        channel: Channel,
        source: BoxStream<'static, ChatMessage>,
    ) -> Result<Self, Status> {
        let replies = ChatServiceClient::new(channel).chat(source).await?;
        Ok(Self {
            replies: replies.into_inner(),
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
