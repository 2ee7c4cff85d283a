//! The fix: a fault of one user becomes an item of the answer, and every other error ends the call.

use tonic::{Code, Status, Streaming};
use tonic_types::{ErrorDetails, StatusExt as _};
use tracing::info;
use workbook::proto::users::{CreateUsersResponse, RejectedUser, User};

use super::directory::{Directory, Problem};

// ANCHOR: stops
/// How many rejected users an answer lists. Each entry is an id and a short sentence that this server
/// writes, so the answer stays far below the 4 MiB that a client reads in one message.
const MOST_REJECTED: usize = 1000;

/// Creates the users that can be created, and lists those that cannot. Stops at the first error that
/// is not the fault of one user.
///
/// Costs the rest of the stream. The users before the error have been created, and the caller gets no
/// list of them. If that matters, create all of them in one transaction.
pub async fn create_users(
    directory: &impl Directory,
    mut users: Streaming<User>,
) -> Result<CreateUsersResponse, Status> {
    let mut answer = CreateUsersResponse::default();
    // `?` ends the call with the stream's own error, because nothing that is read after an error is
    // a message.
    while let Some(user) = users.message().await? {
        let id = user.id;
        match directory.create(user) {
            Ok(()) => answer.created += 1,
            Err(problem @ (Problem::Invalid { .. } | Problem::Taken)) => {
                // So many faults are a fault of the program that sends the users. A list without a bound
                // takes memory here, and becomes too long for the client to read.
                if answer.rejected.len() == MOST_REJECTED {
                    let reason = format!("more than {MOST_REJECTED} users were rejected");
                    return Err(Status::invalid_argument(reason));
                }
                let reason = problem.to_string();
                answer.rejected.push(RejectedUser { id, reason });
            }
            Err(problem) => return Err(status_of(problem)),
        }
    }
    Ok(answer)
}
// ANCHOR_END: stops

// ANCHOR: status_of
/// The status that reports a problem of the directory to the caller.
fn status_of(problem: Problem) -> Status {
    match problem {
        Problem::Invalid { field, why } => Status::with_error_details(
            Code::InvalidArgument,
            format!("{field} {why}"),
            ErrorDetails::with_bad_request_violation(field, why),
        ),
        Problem::Taken => Status::already_exists("another user has this id"),
        Problem::Full { capacity } => Status::with_error_details(
            Code::ResourceExhausted,
            "the directory is full",
            ErrorDetails::with_quota_failure_violation("users", format!("at most {capacity}")),
        ),
        // The time to wait is a detail, too. The exercise sends it.
        Problem::Busy { .. } => Status::unavailable("the directory is busy"),
        Problem::Broken { cause } => {
            // The cause helps the operator, who finds it in the log. The caller cannot use it, and
            // an attacker could.
            info!(cause, "broken: {cause}");
            Status::internal("the user cannot be stored")
        }
    }
}
// ANCHOR_END: status_of
