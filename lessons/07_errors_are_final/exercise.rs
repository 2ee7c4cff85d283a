//! Exercise 07: which error belongs in the answer, which in the status, and what the client may read.
//!
//! Write `create_users`. For each user that arrives, ask the directory once to create it, in the order in
//! which they arrive. The client may be silent for days, and its ids may repeat. `directory.rs` lists what
//! can go wrong.
//! - A `Problem` of that one user (`Invalid`, `Taken`) goes into `rejected`, with its id and a reason
//!   that names the fault. The other users are created nevertheless; `created` counts them. The answer
//!   is one message, so list at most 1,000 users. One more ends the call with InvalidArgument.
//! - Any other `Problem` ends the call at once, even if the client goes on sending, with a code that tells
//!   the client what to do, and with details (`tonic_types`): the quota and its size for a full
//!   directory, the time to wait for a busy one. The cause that a broken one reports must not reach the
//!   client, neither in the message nor in details or metadata.
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
