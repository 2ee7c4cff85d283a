//! The clients of this lesson's scenes.

use tracing::info;
use workbook::proto::stream::stream_service_client::StreamServiceClient;
use workbook::proto::stream::{StreamPoint, StreamRequest, StreamResponse};
use workbook::proto::users::user_service_client::UserServiceClient;
use workbook::proto::users::{GetAllUsersRequest, GetUserListRequest};
use workbook::{CLIENT, Outcome, Stage};

/// tonic's default limit for one message, 4 MiB, said aloud.
const MAX_REPLY_BYTES: usize = 4 * 1024 * 1024;

// ANCHOR: count
pub async fn count(stage: Stage) -> Outcome {
    let mut client = StreamServiceClient::new(stage.channel().await?);
    info!(target: CLIENT, "List(1234)");
    let mut numbers = client.list(point(1234)).await?.into_inner();
    // `message` waits for the next reply: Some, or None at the end, or the status of a failure.
    while let Some(reply) = numbers.message().await? {
        info!(target: CLIENT, "got {}", value(&reply));
    }
    info!(target: CLIENT, "end");
    Ok(())
}
// ANCHOR_END: count

// ANCHOR: two_starts
pub async fn two_starts(stage: Stage) -> Outcome {
    let mut client = StreamServiceClient::new(stage.channel().await?);
    info!(target: CLIENT, "List(1)");
    let mut numbers = client.list(point(1)).await?.into_inner();
    info!(target: CLIENT, "the call is answered: there is a stream");
    if let Some(reply) = numbers.message().await? {
        info!(target: CLIENT, "the first message is here: {}", value(&reply));
    }
    Ok(())
}
// ANCHOR_END: two_starts

pub async fn together(stage: Stage) -> Outcome {
    list_users(stage, 100).await
}

pub async fn pages(stage: Stage) -> Outcome {
    list_users(stage, 0).await
}

pub async fn stream(stage: Stage) -> Outcome {
    list_users(stage, 1000).await
}

// ANCHOR: stream
async fn list_users(stage: Stage, page_size: i32) -> Outcome {
    let mut client = UserServiceClient::new(stage.channel().await?);
    info!(target: CLIENT, "GetUserList(page_size {page_size})");
    let mut users = client
        .get_user_list(GetUserListRequest { page_size })
        .await?
        .into_inner();
    let mut got = 0;
    while let Some(user) = users.message().await? {
        got += 1;
        info!(target: CLIENT, "got user {}", user.id);
    }
    info!(target: CLIENT, "end after {got} users");
    Ok(())
}
// ANCHOR_END: stream

// ANCHOR: one_reply
pub async fn one_reply(stage: Stage) -> Outcome {
    let mut client =
        UserServiceClient::new(stage.channel().await?).max_decoding_message_size(MAX_REPLY_BYTES);
    info!(target: CLIENT, "GetAllUsers");
    match client.get_all_users(GetAllUsersRequest {}).await {
        Ok(reply) => info!(target: CLIENT, "got {} users", reply.into_inner().users.len()),
        Err(status) => {
            info!(target: CLIENT, "failed with {:?}: {}", status.code(), status.message());
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

/// A reply without a point says 0, as protobuf does for what is not there.
fn value(reply: &StreamResponse) -> i32 {
    reply.pt.as_ref().map_or(0, |pt| pt.value)
}
