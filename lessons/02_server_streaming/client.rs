//! The clients of this lesson's scenes.

use tracing::info;
use workbook::proto::stream::stream_service_client::StreamServiceClient;
use workbook::proto::stream::{StreamPoint, StreamRequest, StreamResponse};
use workbook::proto::users::user_service_client::UserServiceClient;
use workbook::proto::users::{GetAllUsersRequest, GetUserListRequest};
use workbook::{Network, Outcome};

/// tonic's default limit for one message, 4 MiB, written out.
const MAX_REPLY_BYTES: usize = 4 * 1024 * 1024;

// ANCHOR: count
pub async fn count(network: Network) -> Outcome {
    let mut client = StreamServiceClient::new(network.channel().await?);
    info!("List(1234)");
    let mut numbers = client.list(point(1234)).await?.into_inner();
    // `message` waits for the next reply: Some, or None at the end, or the status of a failure.
    while let Some(reply) = numbers.message().await? {
        let got = value(&reply);
        info!(got, "got {got}");
    }
    info!("end");
    Ok(())
}
// ANCHOR_END: count

// ANCHOR: two_starts
pub async fn two_starts(network: Network) -> Outcome {
    let mut client = StreamServiceClient::new(network.channel().await?);
    info!("List(1)");
    let mut numbers = client.list(point(1)).await?.into_inner();
    info!(step = "answered", "the call is answered: there is a stream");
    if let Some(reply) = numbers.message().await? {
        let got = value(&reply);
        info!(got, "the first message is here: {got}");
    }
    Ok(())
}
// ANCHOR_END: two_starts

/// One page holds all users of the scene.
pub async fn together(network: Network) -> Outcome {
    list_users(network, 100).await
}

/// A client that leaves the size of a page to the server sends 0.
pub async fn pages(network: Network) -> Outcome {
    list_users(network, 0).await
}

/// The largest pages that the server reads: the fewest reads, and the most memory.
pub async fn stream(network: Network) -> Outcome {
    list_users(network, 1000).await
}

// ANCHOR: stream
async fn list_users(network: Network, page_size: i32) -> Outcome {
    let mut client = UserServiceClient::new(network.channel().await?);
    info!("GetUserList(page_size {page_size})");
    let mut users = client
        .get_user_list(GetUserListRequest { page_size })
        .await?
        .into_inner();
    let mut got = 0;
    while let Some(user) = users.message().await? {
        got += 1;
        info!(user = user.id, "got user {}", user.id);
    }
    info!(got, "end after {got} users");
    Ok(())
}
// ANCHOR_END: stream

// ANCHOR: unreadable
pub async fn unreadable(network: Network) -> Outcome {
    let mut client = UserServiceClient::new(network.channel().await?);
    info!("GetUserList(page_size 2)");
    let request = GetUserListRequest { page_size: 2 };
    let mut users = client.get_user_list(request).await?.into_inner();
    info!("the call is answered: there is a stream");
    loop {
        match users.message().await {
            Ok(Some(user)) => info!(user = user.id, "got user {}", user.id),
            Ok(None) => {
                info!("end: the list is complete");
                return Ok(());
            }
            Err(status) => {
                let (code, reason) = (status.code(), status.message());
                info!(?code, reason, "the stream failed with {code:?}: {reason}");
                return Ok(());
            }
        }
    }
}
// ANCHOR_END: unreadable

// ANCHOR: one_reply
pub async fn one_reply(network: Network) -> Outcome {
    let mut client =
        UserServiceClient::new(network.channel().await?).max_decoding_message_size(MAX_REPLY_BYTES);
    info!("GetAllUsers");
    match client.get_all_users(GetAllUsersRequest {}).await {
        Ok(reply) => info!("got {} users", reply.into_inner().users.len()),
        Err(status) => {
            let (code, reason) = (status.code(), status.message());
            info!(?code, reason, "failed with {code:?}: {reason}");
        }
    }
    Ok(())
}
// ANCHOR_END: one_reply

fn point(value: i32) -> StreamRequest {
    StreamRequest {
        pt: Some(StreamPoint {
            name: "number".to_owned(),
            value,
        }),
    }
}

/// A reply without a point counts as 0, which is protobuf's value for a field that is not set.
fn value(reply: &StreamResponse) -> i32 {
    reply.pt.as_ref().map_or(0, |pt| pt.value)
}
