//! Exercise 07: which error belongs in the answer, which in the status, and what the client may read.
//!
//! Write `create_users`. For each user that arrives, ask the directory once to create it, in the order in
//! which they arrive. The client may be silent for days, and its ids may repeat. `directory.rs` lists what
//! can go wrong.
//! - A `Problem` of that one user (`Invalid`, `Taken`) goes into `rejected`, with its id and a reason
//!   that names the fault. The other users are created nevertheless; `created` counts them. The answer
//!   is one message, so list at most 1,000 users. One more ends the call with InvalidArgument.
//! - Any other `Problem` ends the call at once, even if the client goes on sending: a full directory with
//!   ResourceExhausted and details (`tonic_types`) that name the quota and its size, a busy one with
//!   Unavailable and details that say how long to wait, a broken one with Internal. The cause that the
//!   broken one reports must not reach the client, neither in the message nor in details or metadata.
//! - An error of the stream itself ends the call, unchanged.
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
