//! The clients of this lesson's scenes.

use tonic::transport::Channel;
use tonic::{Code, Status, Streaming};
use tracing::field::{DebugValue, debug};
use tracing::info;
use workbook::proto::stream::stream_service_client::StreamServiceClient;
use workbook::proto::stream::{StreamPoint, StreamRequest, StreamResponse};
use workbook::{Failure, Network, Outcome};

use super::{broken, fixed};

// ANCHOR: end
pub async fn end(network: Network) -> Outcome {
    let mut numbers = list(&mut connected(&network).await?, "end").await?;
    while let Some(reply) = numbers.message().await? {
        let value = reply.pt.unwrap_or_default().value;
        info!(got = value, "got {value}");
    }
    info!("None: the end");
    info!("message() again: {}", describe(&numbers.message().await));
    let trailers = numbers.trailers().await?.unwrap_or_default();
    let status = trailers
        .get("grpc-status")
        .and_then(|status| status.to_str().ok());
    info!("trailers: grpc-status {}", status.unwrap_or("missing"));
    let after = numbers.message().await;
    info!(
        after_trailers = code(&after),
        "after trailers(): {}",
        describe(&after)
    );
    Ok(())
}
// ANCHOR_END: end

// ANCHOR: error
pub async fn error(network: Network) -> Outcome {
    to_the_end(list(&mut connected(&network).await?, "error").await?).await
}

pub async fn panic(network: Network) -> Outcome {
    to_the_end(list(&mut connected(&network).await?, "panic").await?).await
}

async fn to_the_end(mut numbers: Streaming<StreamResponse>) -> Outcome {
    loop {
        let message = numbers.message().await;
        info!(
            got = value(&message),
            code = code(&message),
            "{}",
            describe(&message)
        );
        if !matches!(message, Ok(Some(_))) {
            break;
        }
    }
    info!("message() again: {}", describe(&numbers.message().await));
    Ok(())
}
// ANCHOR_END: error

// ANCHOR: readers
pub async fn readers(network: Network) -> Outcome {
    let mut client = connected(&network).await?;
    let numbers = list(&mut client, "error").await?;
    report(
        "a failure, read as an end",
        broken::failure_as_end(numbers).await,
    );
    let numbers = list(&mut client, "end").await?;
    report(
        "an end, read as a failure",
        broken::end_as_failure(numbers).await,
    );
    for ending in ["error", "end"] {
        let numbers = list(&mut client, ending).await?;
        report("read_all", fixed::read_all(numbers).await);
    }
    Ok(())
}
// ANCHOR_END: readers

async fn connected(network: &Network) -> Result<StreamServiceClient<Channel>, Failure> {
    Ok(StreamServiceClient::new(network.channel().await?))
}

async fn list(
    client: &mut StreamServiceClient<Channel>,
    ending: &str,
) -> Result<Streaming<StreamResponse>, Status> {
    info!("List({ending})");
    let pt = Some(StreamPoint {
        name: ending.to_owned(),
        value: 0,
    });
    Ok(client.list(StreamRequest { pt }).await?.into_inner())
}

fn describe(message: &Result<Option<StreamResponse>, Status>) -> String {
    match message {
        Ok(Some(_)) => format!("got {}", value(message).unwrap_or_default()),
        Ok(None) => "None".to_owned(),
        Err(status) => format!("Err: {:?}, {}", status.code(), status.message()),
    }
}

fn value(message: &Result<Option<StreamResponse>, Status>) -> Option<i32> {
    let reply = message.as_ref().ok()?.as_ref()?;
    Some(reply.pt.as_ref().map_or(0, |pt| pt.value))
}

fn code(message: &Result<Option<StreamResponse>, Status>) -> Option<DebugValue<Code>> {
    message.as_ref().err().map(|status| debug(status.code()))
}

fn report(how: &str, read: Result<usize, Status>) {
    match read {
        Ok(count) => info!(how, count, "{how}: complete, {count} numbers"),
        Err(status) => {
            let (code, reason) = (status.code(), status.message());
            info!(how, ?code, reason, "{how}: {code:?}, {reason}");
        }
    }
}
