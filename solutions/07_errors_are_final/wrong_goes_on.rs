//! Wrong: logs an error of the stream, and reads on.

use tonic::{Code, Status, Streaming};
use tonic_types::{ErrorDetails, StatusExt as _};
use workbook::proto::users::{CreateUsersResponse, RejectedUser, User};

use super::directory::{Directory, Problem};

/// How many rejected users the answer lists.
const MOST_REJECTED: usize = 1000;

/// Creates the users of the stream.
pub async fn create_users(
    directory: &impl Directory,
    mut users: Streaming<User>,
) -> Result<CreateUsersResponse, Status> {
    let mut answer = CreateUsersResponse::default();
    loop {
        let user = match users.message().await {
            Ok(Some(user)) => user,
            Ok(None) => break,
            Err(status) => {
                tracing::warn!(%status, "a message was not read");
                continue;
            }
        };
        let id = user.id;
        let Err(problem) = directory.create(user) else {
            answer.created += 1;
            continue;
        };
        let reason = match problem {
            Problem::Invalid { field, why } => format!("{field} {why}"),
            Problem::Taken => "another user has this id".to_owned(),
            Problem::Full { capacity } => {
                let limit = format!("at most {capacity}");
                return Err(Status::with_error_details(
                    Code::ResourceExhausted,
                    "the directory is full",
                    ErrorDetails::with_quota_failure_violation("users", limit),
                ));
            }
            Problem::Busy { again_in } => {
                return Err(Status::with_error_details(
                    Code::Unavailable,
                    "the directory is busy",
                    ErrorDetails::with_retry_info(Some(again_in)),
                ));
            }
            Problem::Broken { cause } => {
                tracing::error!(cause, "the directory is broken");
                return Err(Status::internal("the user cannot be stored"));
            }
        };
        if answer.rejected.len() == MOST_REJECTED {
            let reason = format!("more than {MOST_REJECTED} users were rejected");
            return Err(Status::invalid_argument(reason));
        }
        answer.rejected.push(RejectedUser { id, reason });
    }
    Ok(answer)
}
