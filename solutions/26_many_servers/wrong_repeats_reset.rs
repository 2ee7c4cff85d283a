//! Wrong: takes a repeated message for progress, so servers that repeat and fail are asked without a pause.

use std::time::Duration;

use tokio::time::sleep;
use tonic::transport::Channel;
use tonic::{Code, Status, Streaming};
use workbook::proto::forum::forum_service_client::ForumServiceClient;
use workbook::proto::forum::{Heard, ListenRequest};

use super::inbox::Inbox;

/// Follows the room until it is closed.
pub async fn follow(
    servers: Vec<ForumServiceClient<Channel>>,
    inbox: &dyn Inbox,
) -> Result<(), Status> {
    let (mut at, mut failed) = (0, 0);
    let mut open: Option<Streaming<Heard>> = None;
    loop {
        let came = match &mut open {
            Some(messages) => messages.message().await,
            None => {
                let (room, after) = ("lobby".to_owned(), Some(inbox.position()));
                let mut client = servers[at].clone();
                match client.listen(ListenRequest { room, after }).await {
                    Ok(answer) => {
                        open = Some(answer.into_inner());
                        continue;
                    }
                    Err(status) => Err(status),
                }
            }
        };
        match came {
            Ok(None) => return Ok(()),
            Ok(Some(heard)) if heard.sequence <= inbox.position() => failed = 0,
            Ok(Some(heard)) => {
                let sequence = heard.sequence;
                inbox.hand_over(heard).await;
                inbox.note(sequence);
                failed = 0;
            }
            Err(status) => {
                open = None;
                match status.code() {
                    Code::Unknown | Code::Cancelled | Code::Internal | Code::DeadlineExceeded => {}
                    Code::Unavailable | Code::ResourceExhausted | Code::Aborted => {}
                    _ => return Err(status),
                }
                failed += 1;
                at = (at + 1) % servers.len();
                if failed % servers.len() == 0 {
                    sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }
}
