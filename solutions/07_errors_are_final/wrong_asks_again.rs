//! Wrong: asks a directory again that is busy for a moment.

use std::time::Duration;

use tokio::time::sleep;
use tonic::{Code, Status, Streaming};
use tonic_types::{ErrorDetails, StatusExt as _};
use tracing::info;
use workbook::proto::users::{CreateUsersResponse, RejectedUser, User};

use super::directory::{Directory, Problem};

/// How many rejected users an answer lists.
const MOST_REJECTED: usize = 1000;

/// A wait that no client would notice.
const SHORT: Duration = Duration::from_millis(200);

/// Creates a user. Bridges a short wait of the directory.
async fn create(directory: &impl Directory, user: User) -> Result<(), Problem> {
    match directory.create(user.clone()) {
        Err(Problem::Busy { again_in }) if again_in <= SHORT => {
            sleep(again_in).await;
            directory.create(user)
        }
        other => other,
    }
}

/// Creates the users of the stream.
pub async fn create_users(
    directory: &impl Directory,
    mut users: Streaming<User>,
) -> Result<CreateUsersResponse, Status> {
    let mut answer = CreateUsersResponse::default();
    while let Some(user) = users.message().await? {
        let id = user.id;
        match create(directory, user).await {
            Ok(()) => answer.created += 1,
            Err(problem @ (Problem::Invalid { .. } | Problem::Taken)) => {
                reject(&mut answer, id, &problem)?;
            }
            Err(problem) => return Err(status_of(problem)),
        }
    }
    Ok(answer)
}

/// Lists a user that was rejected, if there is room.
fn reject(answer: &mut CreateUsersResponse, id: i32, problem: &Problem) -> Result<(), Status> {
    if answer.rejected.len() == MOST_REJECTED {
        let reason = format!("more than {MOST_REJECTED} users were rejected");
        return Err(Status::invalid_argument(reason));
    }
    let reason = problem.to_string();
    answer.rejected.push(RejectedUser { id, reason });
    Ok(())
}

/// The status that reports a problem of the directory.
fn status_of(problem: Problem) -> Status {
    match problem {
        Problem::Invalid { field, why } => Status::invalid_argument(format!("{field} {why}")),
        Problem::Taken => Status::already_exists("another user has this id"),
        Problem::Full { capacity } => Status::with_error_details(
            Code::ResourceExhausted,
            "the directory is full",
            ErrorDetails::with_quota_failure_violation("users", format!("at most {capacity}")),
        ),
        Problem::Busy { again_in } => Status::with_error_details(
            Code::Unavailable,
            "the directory is busy",
            ErrorDetails::with_retry_info(Some(again_in)),
        ),
        Problem::Broken { cause } => {
            // For the operator, who finds it in the log.
            info!(cause, "broken: {cause}");
            Status::internal("the user cannot be stored")
        }
    }
}
