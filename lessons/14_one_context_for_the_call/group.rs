//! Tasks that end together: the first failure is the failure of all.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::Status;
use tonic::transport::Channel;
use tracing::{Instrument as _, info};
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

use super::client::{WAITING, says};
use super::fixed::Subscription;

// ANCHOR: group
/// Both halves of a call as a group.
///
/// Costs a task for each half. For two futures that may be cut off anywhere, `select!` in one task
/// is less; a group is for many, and for those that have something to finish.
pub async fn both_halves(client: ChatServiceClient<Channel>) -> Result<(), Status> {
    let (messages, requests) = mpsc::channel(WAITING);
    let subscription = Subscription::open(client, ReceiverStream::new(requests)).await?;
    let context = CancellationToken::new();
    // Whatever is in a `JoinSet` is aborted when the set is dropped, also if this function is.
    let mut halves = JoinSet::new();
    halves.spawn(speak(messages, context.clone()).in_current_span());
    halves.spawn(listen(subscription, context.clone()).in_current_span());

    let mut first = Ok(());
    while let Some(ended) = halves.join_next().await {
        let ended = ended.unwrap_or_else(|_| Err(Status::internal("one half panicked")));
        if ended.is_err() && first.is_ok() {
            // The exercise keeps what fails in the same instant, too.
            first = ended;
            // The others hear of it: each drops what it waits for, and may still say goodbye.
            context.cancel();
        }
    }
    first
}

async fn speak(
    messages: mpsc::Sender<ChatMessage>,
    context: CancellationToken,
) -> Result<(), Status> {
    let speaking = async {
        let _ = messages.send(says("bad")).await;
        // Nothing to say for now. The sender is kept for later.
        sleep(Duration::from_secs(60 * 60)).await;
    };
    if context.run_until_cancelled(speaking).await.is_none() {
        info!("the speaking half hears that it is over");
    }
    Ok(())
}

async fn listen(mut subscription: Subscription, context: CancellationToken) -> Result<(), Status> {
    let listening = async {
        while subscription.next().await?.is_some() {}
        Ok(())
    };
    context
        .run_until_cancelled(listening)
        .await
        .unwrap_or(Ok(()))
}
// ANCHOR_END: group
