//! The cheaper ways: calls side by side, a stream, batches, and a window that fits the link.

use futures::{Stream, StreamExt as _, TryStreamExt as _, stream};
use tokio::time::sleep;
use tracing::info;
use workbook::proto::stream::point_service_client::PointServiceClient;
use workbook::proto::stream::{PutRequest, StreamPoint};
use workbook::{Network, Outcome};

use super::client::{downloads, far, points};
use super::cost::Cost;
use super::times::PACE;

/// How many calls wait for their answers at the same time: a bound for what the client keeps in memory, and
/// below the number of streams that most servers allow on one connection.
const AT_ONCE: usize = 100;

/// The sizes of batches that are compared. One point is a batch, too.
const SINGLE: usize = 1;
const TEN: usize = 10;
const HUNDRED: usize = 100;

// ANCHOR: concurrent
pub async fn concurrent(network: Network) -> Outcome {
    let client = PointServiceClient::new(far(&network, |endpoint| endpoint).await?);
    let cost = Cost::from_now(&network);
    let calls = points().map(|point| {
        let mut client = client.clone();
        let request = PutRequest {
            points: vec![point],
        };
        async move { client.put(request).await }
    });
    let answers = stream::iter(calls).buffered(AT_ONCE);
    let add = async |count, answer: tonic::Response<_>| {
        let answer: workbook::proto::stream::PutResponse = answer.into_inner();
        Ok(count + answer.count)
    };
    let count = answers.try_fold(0, add).await?;
    info!(count, "{count} points in as many calls, {AT_ONCE} at once");
    cost.log("they took");
    Ok(())
}
// ANCHOR_END: concurrent

pub async fn one_stream(network: Network) -> Outcome {
    in_one_stream(&network, stream::iter(batches(SINGLE))).await
}

// ANCHOR: one_by_one
/// A point is sent when it has been measured, and the next one is measured later.
pub async fn one_by_one(network: Network) -> Outcome {
    let measured = stream::iter(batches(SINGLE)).then(async |request| {
        sleep(PACE).await;
        request
    });
    in_one_stream(&network, measured).await
}
// ANCHOR_END: one_by_one

pub async fn tens(network: Network) -> Outcome {
    in_one_stream(&network, stream::iter(batches(TEN))).await
}

pub async fn hundreds(network: Network) -> Outcome {
    in_one_stream(&network, stream::iter(batches(HUNDRED))).await
}

// ANCHOR: batch_calls
pub async fn calls_of_100(network: Network) -> Outcome {
    let mut client = PointServiceClient::new(far(&network, |endpoint| endpoint).await?);
    let cost = Cost::from_now(&network);
    let (mut count, mut calls) = (0, 0);
    for request in batches(HUNDRED) {
        count += client.put(request).await?.into_inner().count;
        calls += 1;
    }
    info!(
        count,
        "{count} points in {calls} calls, one after the other"
    );
    cost.log("they took");
    Ok(())
}
// ANCHOR_END: batch_calls

// ANCHOR: stream
async fn in_one_stream(
    network: &Network,
    requests: impl Stream<Item = PutRequest> + Send + 'static,
) -> Outcome {
    let mut client = PointServiceClient::new(far(network, |endpoint| endpoint).await?);
    let cost = Cost::from_now(network);
    let count = client.put_all(requests).await?.into_inner().count;
    info!(count, "{count} points in one stream");
    cost.log("they took");
    Ok(())
}

fn batches(size: usize) -> impl Iterator<Item = PutRequest> + Send + 'static {
    let points: Vec<StreamPoint> = points().collect();
    let mut rest = points.into_iter();
    std::iter::from_fn(move || {
        let points: Vec<_> = rest.by_ref().take(size).collect();
        (!points.is_empty()).then_some(PutRequest { points })
    })
}
// ANCHOR_END: stream

// ANCHOR: windows
/// tonic's own windows: 2 MiB for a stream, 5 MiB for the connection.
pub async fn tonics_window(network: Network) -> Outcome {
    downloads(&network, |endpoint| endpoint).await
}

/// A window that begins at 65,535 bytes and grows with what arrives in a round trip.
pub async fn adaptive(network: Network) -> Outcome {
    downloads(&network, |endpoint| endpoint.http2_adaptive_window(true)).await
}
// ANCHOR_END: windows

/// Two batches, for any server.
pub async fn anywhere(network: Network) -> Outcome {
    let mut client = PointServiceClient::new(network.channel().await?);
    let requests = stream::iter(batches(HUNDRED).take(2));
    let count = client.put_all(requests).await?.into_inner().count;
    info!(count, "{count} points in two messages");
    Ok(())
}
