//! Wrong: notes a message before it has been handed over.

use std::time::Duration;

use tokio::time::sleep;
use tonic::transport::Channel;
use tonic::{Code, Status};
use workbook::proto::forum::ListenRequest;
use workbook::proto::forum::forum_service_client::ForumServiceClient;

use super::inbox::Inbox;

const ROOM: &str = "lobby";
/// The pause when all servers have failed; it doubles with each further round …
const FIRST: Duration = Duration::from_millis(100);
/// … up to this one.
const LONGEST: Duration = Duration::from_secs(2);

/// Follows the room until it is closed.
pub async fn follow(
    mut servers: Vec<ForumServiceClient<Channel>>,
    inbox: &dyn Inbox,
) -> Result<(), Status> {
    let count = servers.len();
    // How many calls have failed since the last new message.
    let mut failed = 0;
    let mut pause = FIRST;
    for at in (0..count).cycle() {
        let before = inbox.position();
        // When this returns, its call has been dropped.
        match one_call(&mut servers[at], inbox).await {
            Ok(()) => return Ok(()),
            Err(status) if is_worth_a_move(status.code()) => {}
            Err(status) => return Err(status),
        }
        if inbox.position() > before {
            (failed, pause) = (0, FIRST);
        }
        failed += 1;
        if failed == count {
            failed = 0;
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST);
        }
    }
    Err(Status::invalid_argument("there is no server to listen at"))
}

/// Listens once, and returns how the call ended.
async fn one_call(
    server: &mut ForumServiceClient<Channel>,
    inbox: &dyn Inbox,
) -> Result<(), Status> {
    let request = ListenRequest {
        room: ROOM.to_owned(),
        after: Some(inbox.position()),
    };
    let mut messages = server.listen(request).await?.into_inner();
    while let Some(heard) = messages.message().await? {
        let sequence = heard.sequence;
        // A smaller one is a repeat.
        if sequence > inbox.position() {
            inbox.note(sequence);
            inbox.hand_over(heard).await;
        }
    }
    Ok(())
}

fn is_worth_a_move(code: Code) -> bool {
    matches!(
        code,
        Code::Unknown
            | Code::Cancelled
            | Code::Internal
            | Code::DeadlineExceeded
            | Code::Unavailable
            | Code::ResourceExhausted
            | Code::Aborted
    )
}
