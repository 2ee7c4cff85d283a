//! The client of this lesson's scenes: twenty of them, one after the other.

use std::time::Duration;

use futures::stream;
use tokio::time::sleep;
use tracing::info;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;
use workbook::{Network, Outcome};

/// How many come and go.
const CLIENTS: usize = 20;

/// Time for everything that is about to end to end.
const A_MOMENT: Duration = Duration::from_millis(10);

// ANCHOR: twenty
pub async fn twenty(network: Network) -> Outcome {
    let channel = network.channel().await?;
    sleep(A_MOMENT).await;
    let meter = network
        .in_lab()
        .map(|lab| (lab.meter(), lab.meter().census()));
    let mut client = ChatServiceClient::new(channel);
    for _ in 0..CLIENTS {
        // One message, and the half-close: only the response is still open.
        let hello = ChatMessage {
            user_id: "ada".to_owned(),
            ..ChatMessage::default()
        };
        let messages = client.chat(stream::iter([hello])).await?;
        sleep(A_MOMENT).await;
        drop(messages);
        sleep(A_MOMENT).await;
    }
    info!("{CLIENTS} came, {CLIENTS} went");
    if let Some((meter, before)) = meter {
        let left = meter.census().since(before).tasks;
        info!(left, "the leak meter: {left} tasks left");
    }
    Ok(())
}
// ANCHOR_END: twenty
