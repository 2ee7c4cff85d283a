//! The cure: one owner for both streams of a call, whose drop is a cancel.

use futures::Stream;
use tonic::transport::Channel;
use tonic::{CancellationHandle, Request, Status, Streaming};
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

// ANCHOR: subscription
/// A call that is over when this is dropped, whoever still has a sender.
///
/// Costs a field and a `Drop`. It is the wrong cure when the server is to take what was sent for
/// complete: a cancel is no half-close.
pub struct Subscription {
    replies: Streaming<ChatMessage>,
    _cancels: CancelOnDrop,
}

/// Resets the call when it is dropped. A call that has ended by then is not disturbed.
struct CancelOnDrop(Option<CancellationHandle>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        if let Some(handle) = self.0.take() {
            handle.cancel();
        }
    }
}

impl Subscription {
    pub async fn open(
        mut client: ChatServiceClient<Channel>,
        messages: impl Stream<Item = ChatMessage> + Send + 'static,
    ) -> Result<Self, Status> {
        let mut request = Request::new(messages);
        // Made before the call, so that a call which is dropped unanswered is cancelled, too.
        let cancels = CancelOnDrop(Some(request.cancellation_handle()));
        let replies = client.chat(request).await?.into_inner();
        Ok(Self {
            replies,
            _cancels: cancels,
        })
    }

    /// The next reply.
    pub async fn next(&mut self) -> Result<Option<ChatMessage>, Status> {
        self.replies.message().await
    }
}
// ANCHOR_END: subscription
