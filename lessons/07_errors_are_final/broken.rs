//! What goes wrong: an error is logged, and the loop goes on.

use tonic::{Status, Streaming};
use tracing::info;
use workbook::proto::users::{CreateUsersResponse, RejectedUser, User};

use super::directory::Directory;

// ANCHOR: goes_on
/// Wrong: treats an error of the stream as a fault of one message.
pub async fn create_users(
    directory: &impl Directory,
    mut users: Streaming<User>,
) -> Result<CreateUsersResponse, Status> {
    let mut answer = CreateUsersResponse::default();
    let (mut read, mut failed) = (0, 0);
    loop {
        let user = match users.message().await {
            Ok(Some(user)) => user,
            Ok(None) => break,
            Err(status) => {
                failed += 1;
                if failed == 1 {
                    let code = status.code();
                    info!(?code, "{code:?}: goes on");
                }
                continue;
            }
        };
        read += 1;
        let id = user.id;
        match directory.create(user) {
            Ok(()) => answer.created += 1,
            // The first is kept. A list of all of them would be too long to send.
            Err(_) if !answer.rejected.is_empty() => {}
            Err(problem) => {
                let reason = problem.to_string();
                answer.rejected.push(RejectedUser { id, reason });
            }
        }
    }
    info!(read, failed, "None: {read} messages read, {failed} failed");
    Ok(answer)
}
// ANCHOR_END: goes_on
