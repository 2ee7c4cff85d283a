//! Wrong: the right codes, without the details that a client program could act on.

use tonic::{Status, Streaming};
use workbook::proto::users::{CreateUsersResponse, RejectedUser, User};

use super::directory::{Directory, Problem};

/// Creates the users of the stream.
pub async fn create_users(
    directory: &impl Directory,
    mut users: Streaming<User>,
) -> Result<CreateUsersResponse, Status> {
    let mut answer = CreateUsersResponse::default();
    while let Some(user) = users.message().await? {
        let id = user.id;
        let Err(problem) = directory.create(user) else {
            answer.created += 1;
            continue;
        };
        match problem {
            Problem::Invalid { field, why } => {
                let reason = format!("{field} {why}");
                answer.rejected.push(RejectedUser { id, reason });
            }
            Problem::Taken => {
                let reason = "another user has this id".to_owned();
                answer.rejected.push(RejectedUser { id, reason });
            }
            Problem::Full { capacity } => {
                let limit = format!("at most {capacity}");
                return Err(Status::resource_exhausted(limit));
            }
            Problem::Busy { again_in } => {
                return Err(Status::unavailable(format!("busy, again in {again_in:?}")));
            }
            Problem::Broken { cause } => {
                tracing::error!(cause, "the directory is broken");
                return Err(Status::internal("the user cannot be stored"));
            }
        }
    }
    Ok(answer)
}
