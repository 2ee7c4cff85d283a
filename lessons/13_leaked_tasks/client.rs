//! The client of this lesson's scenes: twenty calls, one after the other.

use std::time::Duration;

use futures::stream;
use tokio::time::sleep;
use tracing::info;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;
use workbook::{Network, Outcome};

/// How many members join and leave.
const MEMBERS: usize = 20;

/// Long enough for everything that ends by itself to end.
const SETTLES_IN: Duration = Duration::from_millis(10);

// ANCHOR: twenty
pub async fn twenty(network: Network) -> Outcome {
    let channel = network.channel().await?;
    sleep(SETTLES_IN).await;
    let meter = network
        .in_lab()
        .map(|lab| (lab.meter(), lab.meter().census()));
    let mut client = ChatServiceClient::new(channel);
    for _ in 0..MEMBERS {
        // One message, and the half-close: only the response is still open.
        let hello = ChatMessage {
            user_id: "ada".to_owned(),
            ..ChatMessage::default()
        };
        let messages = client.chat(stream::iter([hello])).await?;
        sleep(SETTLES_IN).await;
        drop(messages);
        sleep(SETTLES_IN).await;
    }
    info!(members = MEMBERS, "{MEMBERS} joined, {MEMBERS} left");
    if let Some((meter, before)) = meter {
        let tasks_left = meter.census().since(before).tasks;
        info!(tasks_left, "the leak meter: {tasks_left} tasks left");
    }
    Ok(())
}
// ANCHOR_END: twenty
