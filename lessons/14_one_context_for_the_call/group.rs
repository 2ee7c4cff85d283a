//! Tasks that end together: the first failure cancels the others.

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

use super::fixed::Subscription;
use super::message::{WAITING, says};

// ANCHOR: group
/// Both halves of a call as a group.
///
/// Costs a task for each half. For two futures that may be dropped at any `.await`, a `select!` in one
/// task is simpler. A group fits many tasks, and tasks that have something to finish.
pub async fn both_halves(client: ChatServiceClient<Channel>) -> Result<(), Status> {
    let (messages, requests) = mpsc::channel(WAITING);
    let subscription = Subscription::open(client, ReceiverStream::new(requests)).await?;
    let context = CancellationToken::new();
    // A `JoinSet` aborts its tasks when it is dropped, so dropping this function's future ends both.
    let mut halves = JoinSet::new();
    halves.spawn(send(messages, context.clone()).in_current_span());
    halves.spawn(read(subscription, context.clone()).in_current_span());

    let mut first = Ok(());
    while let Some(ended) = halves.join_next().await {
        let ended = ended.unwrap_or_else(|_| Err(Status::internal("one half panicked")));
        if ended.is_err() && first.is_ok() {
            // The exercise also keeps the other failures of the same instant.
            first = ended;
            // Wakes the others: each drops the future that it waits for, and can still clean up.
            context.cancel();
        }
    }
    first
}

async fn send(
    messages: mpsc::Sender<ChatMessage>,
    context: CancellationToken,
) -> Result<(), Status> {
    let sending = async {
        let _ = messages.send(says("bad")).await;
        // Nothing to send for now. The sender is kept for later.
        sleep(Duration::from_secs(60 * 60)).await;
    };
    if context.run_until_cancelled(sending).await.is_none() {
        info!(step = "cancelled", "the sending half is cancelled");
    }
    Ok(())
}

async fn read(mut subscription: Subscription, context: CancellationToken) -> Result<(), Status> {
    let reading = async {
        while subscription.next().await?.is_some() {}
        Ok(())
    };
    context.run_until_cancelled(reading).await.unwrap_or(Ok(()))
}
// ANCHOR_END: group
