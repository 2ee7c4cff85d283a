//! The fix: one owner for both streams of a call. Dropping the owner cancels the call.

use futures::Stream;
use tonic::transport::Channel;
use tonic::{CancellationHandle, Request, Status, Streaming};
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

// ANCHOR: subscription
/// A call that is cancelled when this is dropped, even if a sender is still alive. hyper sees the cancel
/// when it takes the next message, so while the server's window is full, the call stays open.
///
/// Costs a field and a `Drop`. It is the wrong fix if the server has to treat what was sent as
/// complete, because a cancel is not a half-close.
pub struct Subscription {
    replies: Streaming<ChatMessage>,
    _cancels: CancelOnDrop,
}

/// Resets the call when it is dropped. If the call has already ended, `cancel` has no effect.
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
        // Created before the call, so that dropping this future before the call is answered cancels, too.
        let cancels = CancelOnDrop(Some(request.cancellation_handle()));
        let replies = client.chat(request).await?.into_inner();
        Ok(Self {
            replies,
            _cancels: cancels,
        })
    }

    /// The next reply. Cancel-safe: dropping this future loses no reply.
    pub async fn next(&mut self) -> Result<Option<ChatMessage>, Status> {
        self.replies.message().await
    }
}
// ANCHOR_END: subscription
