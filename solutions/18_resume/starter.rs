//! Exercise 18: follow a log, whatever happens to the connection.
//!
//! Write `follow`: it hands over every event behind the position of the inbox, once and in order, and
//! notes each one as soon as it has been handed over, and not before. It returns Ok when the log ends.
//!
//! - When a call fails, it calls again, from the first event that has not been handed over. Some codes are
//!   not worth a retry: then it returns the status at once. `Unknown`, `Cancelled`, `Internal`,
//!   `DeadlineExceeded`, `Unavailable`, `ResourceExhausted` and `Aborted` are worth one; all others are not.
//! - The server may repeat events: they are skipped. If it leaves one out, the result is DataLoss.
//! - A silent call is dropped and replaced: 60 s without an answer, or after that without a message (a repeat
//!   is one). While the inbox takes an event, the call is not silent, however long that is. Whether the 60 s
//!   behind it begin with the arrival of that event or with the next wait is left to you.
//! - Before each retry it waits, with full jitter: up to 100 ms before the first one, and up to twice as
//!   long before each further one, but never more than 1.6 s. A new event sets it back to 100 ms.
//! - After ten retries in a row that brought nothing new it returns the last status, as it came
//!   (DeadlineExceeded for a call that was silent). A new event gives it ten retries again.
//! - There is never more than one open call, and none when the future of `follow` is dropped.
//!
//! Check it:     cargo run --bin lesson18 -- check

use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::events::event_service_client::EventServiceClient;

use super::inbox::Inbox;
use super::jitter::Jitter;

/// Follows the log until it ends.
pub async fn follow(
    client: EventServiceClient<Channel>,
    inbox: &dyn Inbox,
    jitter: Jitter,
) -> Result<(), Status> {
    let _ = (client, jitter);
    todo!("follow from behind event {}", inbox.position())
}
