//! Wrong: returns a status of its own, with the code and the message of the server's and without the rest.

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tonic::transport::{Channel, Endpoint};
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

/// Messages that may wait to be sent.
const WAITING: usize = 16;

/// The client's end of the connection, if you want to configure it.
pub fn client(endpoint: Endpoint) -> Endpoint {
    endpoint
}

/// Sends what `next` returns, and shows the replies.
pub async fn exchange(
    channel: Channel,
    mut next: impl AsyncFnMut() -> Option<ChatMessage>,
    mut show: impl AsyncFnMut(ChatMessage),
) -> Result<usize, Status> {
    let mut client = ChatServiceClient::new(channel);
    let ended = |status: Status| Status::new(status.code(), status.message());
    let (messages, requests) = mpsc::channel(WAITING);
    let (mut taken, mut all_taken) = (0, false);
    let sending = async {
        // Dropped at the end of this block, which half-closes the call.
        let messages = messages;
        while let Some(message) = next().await {
            taken += 1;
            if messages.send(message).await.is_err() {
                // The call is over: reading the replies returns its status.
                return;
            }
        }
        all_taken = true;
    };
    let reading = async {
        let mut replies = client
            .chat(ReceiverStream::new(requests))
            .await
            .map_err(ended)?
            .into_inner();
        let mut got = 0;
        while let Some(reply) = replies.message().await.map_err(ended)? {
            show(reply).await;
            got += 1;
        }
        Ok::<_, Status>(got)
    };
    let got = {
        // The end of the replies ends the exchange, whether or not there is more to send.
        tokio::pin!(reading);
        tokio::select! {
            biased;
            got = &mut reading => got?,
            () = sending => reading.await?,
        }
    };
    if got < taken || !all_taken {
        return Err(Status::data_loss(
            "the server ended before everything was answered",
        ));
    }
    Ok(got)
}
