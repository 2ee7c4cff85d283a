//! The cure: a user's fault is an item of the answer, and everything else ends the call.

use tonic::{Code, Status, Streaming};
use tonic_types::{ErrorDetails, StatusExt as _};
use tracing::info;
use workbook::proto::users::{CreateUsersResponse, RejectedUser, User};

use super::directory::{Directory, Problem};

// ANCHOR: stops
/// Creates the users that can be created, and says which cannot. Stops at the first error that is
/// not the fault of one user.
///
/// Costs nothing but the rest of the stream: what came before the error has been created, and the
/// caller has no list of it. If that matters, all of it belongs in one transaction.
pub async fn create_users(
    directory: &impl Directory,
    mut users: Streaming<User>,
) -> Result<CreateUsersResponse, Status> {
    let mut answer = CreateUsersResponse::default();
    // `?` ends the call with the error of the stream, whatever it is: nothing that is read after
    // it is a message.
    while let Some(user) = users.message().await? {
        let id = user.id;
        match directory.create(user) {
            Ok(()) => answer.created += 1,
            Err(problem @ (Problem::Invalid { .. } | Problem::Taken)) => {
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
/// The status that a problem of the directory's is to its caller.
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
        // When to come again is a detail, too. The exercise sends it.
        Problem::Busy { .. } => Status::unavailable("the directory is busy"),
        Problem::Broken { cause } => {
            // The cause helps whoever runs the server. To the caller it is noise, and to an
            // attacker a map.
            info!("broken: {cause}");
            Status::internal("the user cannot be stored")
        }
    }
}
// ANCHOR_END: status_of
