//! Wrong: gives the call two seconds, and then starts another.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::{Stream, stream};
use tokio::time::{Instant, timeout};
use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

/// Sends and shows messages until the server ends the call.
pub async fn follow<S>(
    channel: Channel,
    source: S,
    patience: Duration,
    mut show: impl FnMut(ChatMessage),
) -> Result<(), Status>
where
    S: Stream<Item = ChatMessage> + Send + Unpin + 'static,
{
    let source = Arc::new(Mutex::new(source));
    let mut client = ChatServiceClient::new(channel);
    let deadline = Instant::now() + patience;
    let mut replies = loop {
        let shared = Arc::clone(&source);
        let messages = stream::poll_fn(move |cx| {
            let mut source = shared.lock().unwrap_or_else(PoisonError::into_inner);
            Pin::new(&mut *source).poll_next(cx)
        });
        if let Ok(answered) = timeout(Duration::from_secs(2), client.chat(messages)).await {
            break answered?.into_inner();
        }
        if Instant::now() >= deadline {
            return Err(Status::deadline_exceeded(
                "the server does not answer the call",
            ));
        }
    };
    while let Some(reply) = replies.message().await? {
        show(reply);
    }
    Ok(())
}
