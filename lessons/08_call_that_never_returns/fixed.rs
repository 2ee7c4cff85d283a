//! The fix: the client sends, or queues what it will send, before it waits for the answer.

use std::future::pending;

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::task::AbortOnDropHandle;
use tonic::transport::Channel;
use tonic::{Status, Streaming};
use tracing::info;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

use super::hello::{WAITING, hello};

// ANCHOR: queue_first
/// Queues the first message before it awaits the call.
///
/// Costs nothing. It is the wrong fix for more messages than the mpsc channel holds: then a `send`
/// waits for room, and only the call, which has not started yet, could make room. The sender is
/// dropped on return, and the call half-closes when the server has taken what is queued. A client
/// with more to send has to keep the sender.
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
/// Costs a task that must end with its owner. In return the client can go on sending, however many
/// messages the server wants before it answers.
pub async fn spawn_the_call(
    mut client: ChatServiceClient<Channel>,
) -> Result<Streaming<ChatMessage>, Status> {
    let (messages, requests) = mpsc::channel(WAITING);
    info!("awaits the call in a task");
    let call = tokio::spawn(async move { client.chat(ReceiverStream::new(requests)).await });
    // Dropping this function's future drops the handle. That aborts the task, which cancels the call.
    let call = AbortOnDropHandle::new(call);
    info!("sends hello");
    let _ = messages.send(hello()).await;
    let answered = call
        .await
        .map_err(|_| Status::internal("the call's task panicked"))?;
    Ok(answered?.into_inner())
}
// ANCHOR_END: spawn_the_call

// ANCHOR: bounded
/// Produces messages while the call waits for its answer, no faster than the connection takes them.
///
/// With the answer the producer is dropped, and the call half-closes when the server has taken what
/// is queued; a server that never reads is not told. A client with more to send has to go on polling
/// its producer.
pub async fn queue_with_a_bound(
    mut client: ChatServiceClient<Channel>,
    mut produce: impl AsyncFnMut() -> ChatMessage,
) -> Result<Streaming<ChatMessage>, Status> {
    let (messages, requests) = mpsc::channel(WAITING);
    let producer = async {
        while messages.send(produce().await).await.is_ok() {}
        pending().await
    };
    tokio::select! {
        biased;
        replies = client.chat(ReceiverStream::new(requests)) => Ok(replies?.into_inner()),
        () = producer => Err(Status::unknown("the endless producer has ended")),
    }
}
// ANCHOR_END: bounded
