//! One chat of the exercise, run to its end, and what it showed.

use std::time::Duration;

use futures::stream;
use tokio::time::{Instant, sleep, timeout};
use tonic::Status;
use tonic::transport::Endpoint;
use workbook::grade::{Finding, Verdict};
use workbook::lab::Lab;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

use super::super::exercise::chat;
use super::peer::{Peer, WINDOW};

/// No chat below lasts this long, in virtual time.
const CHAT_ENDS_WITHIN: Duration = Duration::from_secs(60);

/// The result of a chat: what was shown and when, in milliseconds, and how it ended.
pub struct Chatted {
    pub shown: Vec<(u128, String)>,
    pub end: Result<(), Status>,
}

pub async fn run<L>(lab: &Lab, peer: &Peer, lines: L) -> Result<Chatted, Finding>
where
    L: stream::Stream<Item = String> + Send + Unpin + 'static,
{
    run_as("ada", lab, peer, lines).await
}

pub async fn run_as<L>(user_id: &str, lab: &Lab, peer: &Peer, lines: L) -> Result<Chatted, Finding>
where
    L: stream::Stream<Item = String> + Send + Unpin + 'static,
{
    timeout(CHAT_ENDS_WITHIN, chat_to(user_id, lab, peer, lines))
        .await
        .unwrap_or_else(|_| {
            let open = lab.open_calls();
            let seconds = CHAT_ENDS_WITHIN.as_secs();
            Err(if open.is_empty() {
                Finding::seen(format!(
                    "no call was open, and the chat had not returned after {seconds} s"
                ))
                .hint("What does your code still wait for?")
            } else {
                Finding::seen(format!(
                    "the chat had not returned after {seconds} s: {open}"
                ))
                .hint(
                    "A call is over when both halves have ended, or when the server ends it. What \
                     ends your half, and what in your code keeps it open?",
                )
            })
        })
}

pub async fn chat_to<L>(user_id: &str, lab: &Lab, peer: &Peer, lines: L) -> Result<Chatted, Finding>
where
    L: stream::Stream<Item = String> + Send + Unpin + 'static,
{
    peer.serve(lab);
    let small = |endpoint: Endpoint| endpoint.initial_stream_window_size(WINDOW);
    let channel = lab.channel_with(small).await;
    let channel = channel.map_err(|error| Finding::seen(format!("no connection: {error}")))?;
    let start = Instant::now();
    let mut shown = Vec::new();
    let client = ChatServiceClient::new(channel);
    let end = chat(client, user_id, lines, |message| {
        shown.push((start.elapsed().as_millis(), message.content));
    })
    .await;
    Ok(Chatted { shown, end })
}

pub fn line_at(milliseconds: u64) -> impl stream::Stream<Item = String> + Send + Unpin {
    Box::pin(stream::once(async move {
        sleep(Duration::from_millis(milliseconds)).await;
        "hello".to_owned()
    }))
}

pub fn shown_at(chatted: &Chatted, content: &str, sent: u128) -> Verdict {
    match chatted.shown.iter().find(|(_, shown)| shown == content) {
        // One millisecond is the granularity of tokio's timers.
        Some((shown, _)) if *shown <= sent + 1 => Ok(()),
        Some((shown, _)) => Err(Finding::seen(format!(
            "the server sent {content:?} at {sent} ms, and it was shown at {shown} ms"
        ))),
        None => Err(Finding::seen(format!(
            "the server sent {content:?}, and it was never shown"
        ))),
    }
}

pub fn ended_with(status: &Status) -> Finding {
    Finding::seen(format!(
        "the chat ended with {:?} {:?}",
        status.code(),
        status.message()
    ))
}
