//! The cure: the first message is on its way before anybody waits for the answer.

use std::future::pending;

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::task::AbortOnDropHandle;
use tonic::transport::Channel;
use tonic::{Status, Streaming};
use tracing::info;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

use super::client::hello;

/// Messages that may wait to be sent.
const WAITING: usize = 4;

// ANCHOR: queue_first
/// Queues the first message before it awaits the call.
///
/// Costs nothing. It is the wrong cure when there is more to say at once than the queue holds: then
/// the second `send` waits for a call that nobody has made yet. The sender is dropped on return, and
/// that is the half-close: who has more to say keeps it.
pub async fn queue_first(
    mut client: ChatServiceClient<Channel>,
) -> Result<Streaming<ChatMessage>, Status> {
    let (messages, requests) = mpsc::channel(WAITING);
    info!("queues hello");
    let _ = messages.send(hello()).await;
    info!("awaits the call");
    Ok(client
        .chat(ReceiverStream::new(requests))
        .await?
        .into_inner())
}
// ANCHOR_END: queue_first

// ANCHOR: spawn_the_call
/// Awaits the call in a task of its own, and sends meanwhile.
///
/// Costs a task, and the care that it ends with its owner. In return it does not matter what the
/// server waits for.
pub async fn spawn_the_call(
    mut client: ChatServiceClient<Channel>,
) -> Result<Streaming<ChatMessage>, Status> {
    let (messages, requests) = mpsc::channel(WAITING);
    info!("awaits the call in a task");
    let call = tokio::spawn(async move { client.chat(ReceiverStream::new(requests)).await });
    // If this function is dropped, so is the call.
    let call = AbortOnDropHandle::new(call);
    info!("says hello");
    let _ = messages.send(hello()).await;
    let answered = call
        .await
        .map_err(|_| Status::internal("the call's task panicked"))?;
    Ok(answered?.into_inner())
}
// ANCHOR_END: spawn_the_call

// ANCHOR: bounded
/// Feeds the call while it waits for its answer, and no faster than somebody takes it.
///
/// With the answer the feed is dropped, and the request ends: who has more to say goes on feeding.
pub async fn queue_with_a_bound(
    mut client: ChatServiceClient<Channel>,
    mut source: impl AsyncFnMut() -> ChatMessage,
) -> Result<Streaming<ChatMessage>, Status> {
    let (messages, requests) = mpsc::channel(WAITING);
    let feed = async {
        while messages.send(source().await).await.is_ok() {}
        pending().await
    };
    tokio::select! {
        biased;
        replies = client.chat(ReceiverStream::new(requests)) => Ok(replies?.into_inner()),
        () = feed => Err(Status::unknown("a feed without an end has ended")),
    }
}
// ANCHOR_END: bounded
