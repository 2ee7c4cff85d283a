//! Messages a second and round trips: one sample of each way.

use std::error::Error;
use std::time::Instant;

use futures::{Stream, StreamExt as _, TryStreamExt as _, stream};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Channel;

use crate::proto::stream::point_service_client::PointServiceClient;
use crate::proto::stream::stream_service_client::StreamServiceClient;
use crate::proto::stream::{PutRequest, StreamPoint, StreamRequest};

/// One sample: how many of its unit a second.
pub type Sample = Result<f64, Box<dyn Error>>;

/// Points in a batch.
const BATCH: i32 = 100;
/// Messages of a call that sends them one by one. h2 allows a peer only so many small DATA frames that are not
/// read yet, and ends the connection of one that sends more (`too_many_data_frames`).
const BURST: i32 = 500;
/// Calls that wait at the same time.
const AT_ONCE: usize = 100;

fn point(value: i32) -> StreamPoint {
    StreamPoint {
        name: "point".to_owned(),
        value,
    }
}

fn request(value: i32) -> StreamRequest {
    StreamRequest {
        pt: Some(point(value)),
    }
}

fn rate(count: i32, began: Instant) -> f64 {
    f64::from(count) / began.elapsed().as_secs_f64()
}

/// Each request is pending once, so that tonic hands over what it has before the next one.
fn one_by_one(count: i32) -> impl Stream<Item = StreamRequest> + Send + 'static {
    stream::iter((1..=count).map(request)).then(async |request| {
        tokio::task::yield_now().await;
        request
    })
}

pub async fn list(channel: Channel, count: i32) -> Sample {
    let mut client = StreamServiceClient::new(channel);
    let began = Instant::now();
    let responses = client.list(request(count)).await?.into_inner();
    all(
        responses.try_fold(0, async |got, _| Ok(got + 1)).await?,
        count,
    )?;
    Ok(rate(count, began))
}

pub async fn record(channel: Channel, count: i32) -> Sample {
    let requests = stream::iter((1..=count).map(request));
    record_of(channel, requests, count).await
}

pub async fn record_one_by_one(channel: Channel, count: i32) -> Sample {
    let began = Instant::now();
    for _ in 0..count / BURST {
        record_of(channel.clone(), one_by_one(BURST), BURST).await?;
    }
    Ok(rate(count, began))
}

async fn record_of(
    channel: Channel,
    requests: impl Stream<Item = StreamRequest> + Send + 'static,
    count: i32,
) -> Sample {
    let mut client = StreamServiceClient::new(channel);
    let began = Instant::now();
    let answer = client.record(requests).await?.into_inner();
    all(answer.pt.unwrap_or_default().value, count)?;
    Ok(rate(count, began))
}

pub async fn batches(channel: Channel, count: i32) -> Sample {
    let mut client = PointServiceClient::new(channel);
    let batches = (0..count / BATCH).map(|number| PutRequest {
        points: (0..BATCH)
            .map(|value| point(number * BATCH + value))
            .collect(),
    });
    let began = Instant::now();
    let answer = client.put_all(stream::iter(batches)).await?.into_inner();
    all(answer.count, count)?;
    Ok(rate(count, began))
}

pub async fn route(channel: Channel, count: i32) -> Sample {
    let requests = stream::iter((1..=count).map(request));
    route_of(channel, requests, count).await
}

pub async fn route_one_by_one(channel: Channel, count: i32) -> Sample {
    let began = Instant::now();
    for _ in 0..count / BURST {
        route_of(channel.clone(), one_by_one(BURST), BURST).await?;
    }
    Ok(rate(count, began))
}

async fn route_of(
    channel: Channel,
    requests: impl Stream<Item = StreamRequest> + Send + 'static,
    count: i32,
) -> Sample {
    let mut client = StreamServiceClient::new(channel);
    let began = Instant::now();
    let responses = client.route(requests).await?.into_inner();
    all(
        responses.try_fold(0, async |got, _| Ok(got + 1)).await?,
        count,
    )?;
    Ok(rate(count, began))
}

/// A message, its echo, the next message: round trips on one stream.
pub async fn round_trips(channel: Channel, count: i32) -> Sample {
    let mut client = StreamServiceClient::new(channel);
    let (sender, receiver) = mpsc::channel(1);
    sender.send(request(0)).await?;
    let mut responses = client
        .route(ReceiverStream::new(receiver))
        .await?
        .into_inner();
    responses.message().await?;
    let began = Instant::now();
    for value in 1..=count {
        sender.send(request(value)).await?;
        responses.message().await?.ok_or("the stream has ended")?;
    }
    Ok(rate(count, began))
}

pub async fn calls(channel: Channel, count: i32) -> Sample {
    let mut client = PointServiceClient::new(channel);
    let began = Instant::now();
    for value in 0..count {
        let points = vec![point(value)];
        client.put(PutRequest { points }).await?;
    }
    Ok(rate(count, began))
}

pub async fn calls_at_once(channel: Channel, count: i32) -> Sample {
    let client = PointServiceClient::new(channel);
    let began = Instant::now();
    let calls = (0..count).map(|value| {
        let mut client = client.clone();
        let points = vec![point(value)];
        async move { client.put(PutRequest { points }).await }
    });
    let answers = stream::iter(calls).buffer_unordered(AT_ONCE);
    answers.try_for_each(async |_| Ok(())).await?;
    Ok(rate(count, began))
}

fn all(got: i32, count: i32) -> Result<(), String> {
    if got == count {
        return Ok(());
    }
    Err(format!("{got} of {count} messages arrived"))
}
