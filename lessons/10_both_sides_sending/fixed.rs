//! The fix: sending and reading at the same time, and counting.

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tonic::transport::Channel;
use tracing::info;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

// ANCHOR: both
/// Sends what the producer yields while it reads the replies, and counts both. At most `waiting`
/// messages wait in the mpsc channel, or one if that is 0.
///
/// Costs a second future and no memory. It is the wrong fix for a protocol in turns, where each
/// message depends on the reply before it: there, send one, read one. It also has a hole: if the
/// client itself refuses a reply, for example one over its limit, the call stays open until the
/// sending has ended, because the request stream is still alive (lesson 14).
pub async fn send_while_reading(
    mut client: ChatServiceClient<Channel>,
    waiting: usize,
    producer: impl IntoIterator<Item = ChatMessage>,
) -> Result<usize, Status> {
    // `mpsc::channel` panics when it is asked for a capacity of 0.
    let (messages, requests) = mpsc::channel(waiting.max(1));
    let sending = async {
        // The sender is moved into this block and dropped at its end. The call half-closes when the
        // connection has taken what is queued.
        let messages = messages;
        // Counted here and returned, not in a `Cell` beside the block: a reference to a `Cell` that is
        // held across an `.await` makes the whole future not `Send`.
        let mut sent = 0;
        for message in producer {
            if messages.send(message).await.is_err() {
                // The call is over: reading the replies returns its status.
                return (false, sent);
            }
            sent += 1;
        }
        (true, sent)
    };
    let reading = async {
        let mut replies = client
            .chat(ReceiverStream::new(requests))
            .await?
            .into_inner();
        let mut got = 0;
        while replies.message().await?.is_some() {
            got += 1;
        }
        Ok::<_, Status>(got)
    };
    // Both at once, in one task. A status of the server ends the request stream, so the next send
    // fails, too.
    let ((all_sent, sent), got) = tokio::join!(sending, reading);
    everything_is_answered(all_sent, sent, got?)
}
// ANCHOR_END: both

// ANCHOR: counted
/// None with status OK means that the server has ended the call. Only the count shows that it has
/// answered everything.
fn everything_is_answered(all_sent: bool, sent: usize, got: usize) -> Result<usize, Status> {
    if !all_sent || got < sent {
        info!(sent, replies = got, "sent {sent}, got {got}");
        return Err(Status::data_loss(
            "the server ended before everything was answered",
        ));
    }
    Ok(got)
}
// ANCHOR_END: counted
