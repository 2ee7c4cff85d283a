//! Right: the room as one Rust `Stream` over all servers, which the last few lines read.

use std::time::Duration;

use futures::stream::{self, StreamExt as _};
use tokio::time::sleep;
use tonic::transport::Channel;
use tonic::{Code, Status};
use workbook::proto::forum::ListenRequest;
use workbook::proto::forum::forum_service_client::ForumServiceClient;

use super::inbox::Inbox;

/// The codes that another server cannot change.
const FINAL: [Code; 9] = [
    Code::OutOfRange,
    Code::InvalidArgument,
    Code::NotFound,
    Code::AlreadyExists,
    Code::PermissionDenied,
    Code::FailedPrecondition,
    Code::Unimplemented,
    Code::DataLoss,
    Code::Unauthenticated,
];

/// Follows the room until it is closed.
pub async fn follow(
    servers: Vec<ForumServiceClient<Channel>>,
    inbox: &dyn Inbox,
) -> Result<(), Status> {
    let mut failed = 0;
    let calls = stream::iter(servers.iter().cycle()).then(async |server| {
        let request = ListenRequest {
            room: "lobby".to_owned(),
            after: Some(inbox.position()),
        };
        match server.clone().listen(request).await {
            Ok(answer) => answer
                .into_inner()
                .map(Some)
                .chain(stream::iter([None]))
                .boxed(),
            Err(status) => stream::iter([Some(Err(status))]).boxed(),
        }
    });
    let mut calls = Box::pin(calls);
    while let Some(mut call) = calls.next().await {
        while let Some(came) = call.next().await {
            match came {
                None => return Ok(()),
                Some(Ok(heard)) if heard.sequence > inbox.position() => {
                    let sequence = heard.sequence;
                    inbox.hand_over(heard).await;
                    inbox.note(sequence);
                    failed = 0;
                }
                Some(Ok(_)) => {}
                Some(Err(status)) if FINAL.contains(&status.code()) => return Err(status),
                Some(Err(_)) => {
                    failed += 1;
                    break;
                }
            }
        }
        drop(call);
        if failed > 0 && failed % servers.len() == 0 {
            sleep(Duration::from_millis(500)).await;
        }
    }
    Err(Status::invalid_argument("there is no server"))
}
