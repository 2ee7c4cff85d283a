//! The clients of this lesson's scenes.

use std::time::Duration;

use futures::stream;
use prost::Message as _;
use tokio::time::sleep;
use tonic::transport::Channel;
use tonic::{Request, Response, Status};
use tonic_types::StatusExt as _;
use tracing::info;
use workbook::proto::greeter::SayHiRequest;
use workbook::proto::greeter::greeter_service_client::GreeterServiceClient;
use workbook::proto::users::user_service_client::UserServiceClient;
use workbook::proto::users::{CreateUsersResponse, GetUserListRequest, User};
use workbook::{Network, Outcome};

use super::memory::{CAPACITY, DISK_FAILS_AT};

/// tonic's default limit for one encoded message, on both sides.
const LIMIT: usize = 4 * 1024 * 1024;

/// After this long the server has read the users, and has not yet written them to disk.
const SERVER_HAS_READ: Duration = Duration::from_millis(10);

/// Less than the server's disk takes, so that this timeout fires.
const TOO_SHORT: Duration = Duration::from_millis(10);

type Client = UserServiceClient<Channel>;

// ANCHOR: items
pub async fn items(network: Network) -> Outcome {
    let mut client = UserServiceClient::new(network.channel().await?);
    let no_email = User {
        email: String::new(),
        ..user(2, "Bob")
    };
    let users = vec![user(1, "Ada"), no_email, user(3, "Cleo"), user(1, "Dan")];
    say(&create(&mut client, users).await);
    Ok(())
}
// ANCHOR_END: items

// ANCHOR: limit
pub async fn limit(network: Network) -> Outcome {
    let mut client = UserServiceClient::new(network.channel().await?);
    say(&create(&mut client, vec![user_of(LIMIT)]).await);
    list(&mut client).await?;
    say(&create(&mut client, vec![user_of(LIMIT + 1)]).await);
    Ok(())
}
// ANCHOR_END: limit

pub async fn limit_back(network: Network) -> Outcome {
    let mut client = UserServiceClient::new(network.channel().await?);
    say(&create(&mut client, vec![user_of(LIMIT + 1)]).await);
    if let Err(status) = list(&mut client).await {
        let (code, reason) = (status.code(), status.message());
        info!(?code, reason, "{code:?}: {reason}");
    }
    Ok(())
}

/// A good user, a message that is a little too long, and a good user.
pub async fn oversize(network: Network) -> Outcome {
    let mut client = UserServiceClient::new(network.channel().await?);
    let users = vec![user(1, "Ada"), user_of(LIMIT + 1), user(2, "Bob")];
    say(&create(&mut client, users).await);
    Ok(())
}

// ANCHOR: codes
pub async fn codes(network: Network) -> Outcome {
    let channel = network.channel().await?;
    let mut client = UserServiceClient::new(channel.clone());

    info!(part = 1, "1. one user more than there is room for");
    let capacity = i32::try_from(CAPACITY).unwrap_or(i32::MAX);
    let crowd = (1..=capacity + 1).map(|id| user(id, "Eve")).collect();
    say(&create(&mut client, crowd).await);

    info!(part = 2, "2. the disk fails");
    say(&create(&mut client, vec![user(1, DISK_FAILS_AT)]).await);

    info!(part = 3, "3. a service that is not there");
    let mut greeter = GreeterServiceClient::new(channel.clone());
    say(&greeter.say_hi(SayHiRequest::default()).await);

    info!(part = 4, "4. a message that is too long");
    say(&create(&mut client, vec![user_of(LIMIT + 1)]).await);

    info!(part = 5, "5. a timeout of 10 ms");
    let mut request = Request::new(stream::iter(vec![user(1, "Eve")]));
    request.set_timeout(TOO_SHORT);
    say(&client.create_users(request).await);

    if let Some(lab) = network.in_lab() {
        info!(part = 6, "6. the connection breaks");
        let call = create(&mut client, vec![user(1, "Eve")]);
        let (answer, ()) = tokio::join!(call, async {
            sleep(SERVER_HAS_READ).await;
            lab.cut();
        });
        say(&answer);
    }
    Ok(())
}
// ANCHOR_END: codes

pub async fn lost_receipt(network: Network) -> Outcome {
    twice(network, [0, 0]).await
}

pub async fn lost_receipt_numbered(network: Network) -> Outcome {
    twice(network, [1, 2]).await
}

// ANCHOR: twice
/// Sends two users, loses the receipt, and sends them again.
async fn twice(network: Network, ids: [i32; 2]) -> Outcome {
    let Some(lab) = network.in_lab() else {
        return Ok(());
    };
    let users = vec![user(ids[0], "Ada"), user(ids[1], "Bob")];
    let mut client = UserServiceClient::new(network.channel().await?);
    let (lost, ()) = tokio::join!(create(&mut client, users.clone()), async {
        sleep(SERVER_HAS_READ).await;
        lab.cut();
    });
    say(&lost);
    info!("the users may exist already: retries");
    let mut client = UserServiceClient::new(network.channel().await?);
    say(&create(&mut client, users).await);
    Ok(())
}
// ANCHOR_END: twice

async fn create(
    client: &mut Client,
    users: Vec<User>,
) -> Result<Response<CreateUsersResponse>, Status> {
    let sizes: Vec<usize> = users.iter().map(User::encoded_len).collect();
    match sizes.iter().max() {
        Some(largest) if *largest > LIMIT / 2 => {
            info!(
                "CreateUsers, users: {}, the largest of {largest} bytes",
                sizes.len()
            );
        }
        _ => info!("CreateUsers, users: {}", sizes.len()),
    }
    client.create_users(stream::iter(users)).await
}

async fn list(client: &mut Client) -> Result<(), Status> {
    info!("GetUserList");
    let request = GetUserListRequest::default();
    let mut users = client.get_user_list(request).await?.into_inner();
    while let Some(user) = users.message().await? {
        let bytes = user.encoded_len();
        info!(bytes, "got a user of {bytes} bytes");
    }
    Ok(())
}

// ANCHOR: details
/// Narrates an answer, or a status with the details that tonic-types can read.
fn say<T: std::fmt::Debug>(answer: &Result<Response<T>, Status>) {
    let status = match answer {
        Ok(answer) => return info!("{:?}", answer.get_ref()),
        Err(status) => status,
    };
    let (code, reason) = (status.code(), status.message());
    info!(?code, reason, "{code:?}: {reason}");
    let details = status.get_error_details();
    for violation in details
        .quota_failure()
        .into_iter()
        .flat_map(|quota| &quota.violations)
    {
        info!(
            "detail: quota of {}, {}",
            violation.subject, violation.description
        );
    }
}
// ANCHOR_END: details

fn user(id: i32, name: &str) -> User {
    User {
        id,
        name: name.to_owned(),
        email: format!("{}@example.com", name.to_lowercase()),
    }
}

/// A user that takes this many bytes on the wire. Its name is all zero bytes.
fn user_of(bytes: usize) -> User {
    /// The field's tag, and a length of four bytes.
    const OVERHEAD: usize = 1 + 4;
    let mut user = user(1, "Long");
    user.name.clear();
    user.name = "\0".repeat(bytes - OVERHEAD - user.encoded_len());
    user
}
