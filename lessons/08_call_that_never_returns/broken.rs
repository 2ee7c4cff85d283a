//! What goes wrong: the client waits for an answer before it has said anything; or says it to a queue
//! that has no end.

use std::future::pending;

use tokio::sync::mpsc;
use tokio_stream::wrappers::{ReceiverStream, UnboundedReceiverStream};
use tonic::transport::Channel;
use tonic::{Status, Streaming};
use tracing::info;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

use super::client::hello;

/// Messages that may wait to be sent.
const WAITING: usize = 4;

// ANCHOR: call_first
/// Wrong: takes `.await` for "open the stream".
pub async fn call_first(
    mut client: ChatServiceClient<Channel>,
) -> Result<Streaming<ChatMessage>, Status> {
    let (messages, requests) = mpsc::channel(WAITING);
    info!("awaits the call");
    let replies = client.chat(ReceiverStream::new(requests)).await?;
    info!("says hello");
    // The stream takes messages as long as the call lives; if it does not, the replies say why.
    let _ = messages.send(hello()).await;
    Ok(replies.into_inner())
}
// ANCHOR_END: call_first

// ANCHOR: unbounded
/// Wrong: the queue takes whatever the source gives, whether anybody takes it or not.
pub async fn queue_without_a_bound(
    mut client: ChatServiceClient<Channel>,
    mut source: impl AsyncFnMut() -> ChatMessage,
) -> Result<Streaming<ChatMessage>, Status> {
    let (messages, requests) = mpsc::unbounded_channel();
    let feed = async {
        while messages.send(source().await).is_ok() {}
        pending().await
    };
    tokio::select! {
        biased;
        replies = client.chat(UnboundedReceiverStream::new(requests)) => Ok(replies?.into_inner()),
        () = feed => Err(Status::unknown("a feed without an end has ended")),
    }
}
// ANCHOR_END: unbounded
