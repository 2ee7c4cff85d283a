//! Exercise 26: stay in a room, whichever of its servers are killed.
//!
//! Write `follow`: it listens in the room `lobby` and hands over every message behind the position of the
//! inbox, once and in order. It notes each one as soon as it has been handed over, and not before. The
//! sequence of a message comes from the broker behind the servers, so it is the same at each of them.
//! When the room is closed, a server ends its stream with OK, and `follow` returns Ok.
//!
//! - It begins at the first server. When a call fails, it goes on at the next one at once, and after the last
//!   one at the first. There is always one of them up, or there will be.
//! - `Unknown`, `Cancelled`, `Internal`, `DeadlineExceeded`, `Unavailable`, `ResourceExhausted` and `Aborted`
//!   are worth another server. All other codes are returned at once: no other server would say anything else.
//!   `OutOfRange` is one of them: messages are gone, and the caller must know.
//! - A server may repeat messages. They are skipped.
//! - When as many calls as there are servers have failed since the last new message, it waits for 100 ms to 2 s
//!   before it asks the next server. A call that brought a message and then failed may be counted or not. It
//!   never gives up.
//! - There is never more than one open call, and none when the future of `follow` is dropped.
//!
//! Check it:     cargo run --bin lesson26 -- check

use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::forum::forum_service_client::ForumServiceClient;

use super::inbox::Inbox;

/// Follows the room until it is closed.
pub async fn follow(
    servers: Vec<ForumServiceClient<Channel>>,
    inbox: &dyn Inbox,
) -> Result<(), Status> {
    todo!(
        "listen at one of {} servers, behind message {}",
        servers.len(),
        inbox.position()
    )
}
