//! What goes wrong: a client that awaits the answer before it sends anything, and a client whose queue
//! has no bound.

use std::future::pending;

use tokio::sync::mpsc;
use tokio_stream::wrappers::{ReceiverStream, UnboundedReceiverStream};
use tonic::transport::Channel;
use tonic::{Status, Streaming};
use tracing::info;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

use super::hello::{WAITING, hello};

// ANCHOR: call_first
/// Wrong: assumes that `.await` only opens the stream. It waits for the response headers.
pub async fn call_first(
    mut client: ChatServiceClient<Channel>,
) -> Result<Streaming<ChatMessage>, Status> {
    let (messages, requests) = mpsc::channel(WAITING);
    info!("awaits the call");
    let replies = client.chat(ReceiverStream::new(requests)).await?;
    info!("sends hello");
    // A send fails only when the call is over. Reading the replies then returns its status.
    let _ = messages.send(hello()).await;
    Ok(replies.into_inner())
}
// ANCHOR_END: call_first

// ANCHOR: unbounded
/// Wrong: while the server does not read, the queue holds everything that has been produced.
pub async fn queue_without_a_bound(
    mut client: ChatServiceClient<Channel>,
    mut produce: impl AsyncFnMut() -> ChatMessage,
) -> Result<Streaming<ChatMessage>, Status> {
    let (messages, requests) = mpsc::unbounded_channel();
    let producer = async {
        while messages.send(produce().await).is_ok() {}
        pending().await
    };
    tokio::select! {
        biased;
        replies = client.chat(UnboundedReceiverStream::new(requests)) => Ok(replies?.into_inner()),
        () = producer => Err(Status::unknown("the endless producer has ended")),
    }
}
// ANCHOR_END: unbounded
