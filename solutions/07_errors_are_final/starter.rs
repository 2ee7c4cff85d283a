//! Exercise 07: which error belongs in the answer, which into the status, and what it may say.
//!
//! Write `create_users`. For each user that comes, ask the directory to create it; `directory.rs` lists
//! what can be wrong.
//! - A `Problem` of that one user (`Invalid`, `Taken`) goes into `rejected`, with its id and a reason
//!   that says what is wrong. The others are created all the same; `created` counts them.
//! - Any other `Problem` ends the call at once, with a code that tells the client what to do, and
//!   with details (`tonic_types`): a full directory names the quota and its size, a busy one says
//!   when to come again. What a broken one says of itself is not for the client.
//! - An error of the stream itself ends the call, as it is.
//!
//! Check it:     cargo run --bin lesson07 -- check
//! Try it:       cargo run --bin lesson07 -- serve --mine

use tonic::{Status, Streaming};
use workbook::proto::users::{CreateUsersResponse, User};

use super::directory::Directory;

/// Creates the users of the stream.
pub async fn create_users(
    directory: &impl Directory,
    users: Streaming<User>,
) -> Result<CreateUsersResponse, Status> {
    let _ = (directory, users);
    todo!("create what can be created, and stop where it makes no sense to go on")
}
