//! A wrong answer: a task that looks whether the call is over, but not while a batch waits.

use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::BoxStream;
use prost::Message as _;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::stream::point_service_client::PointServiceClient;
use workbook::proto::stream::{PutRequest, StreamPoint};

/// The most points in a batch.
pub const MOST_POINTS: usize = 100;
/// The most bytes in a batch: `encoded_len` of its request.
pub const MOST_BYTES: usize = 64 * 1024;
/// The longest that a point waits for others.
pub const LONGEST: Duration = Duration::from_millis(20);

/// Sends all points, and returns how many the server has taken.
pub async fn send(
    mut client: PointServiceClient<Channel>,
    points: BoxStream<'static, StreamPoint>,
) -> Result<i32, Status> {
    let answer = client.put_all(batches(points)).await?;
    Ok(answer.into_inner().count)
}

fn batches(points: BoxStream<'static, StreamPoint>) -> BoxStream<'static, PutRequest> {
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(collect(points, sender));
    ReceiverStream::new(receiver).boxed()
}

async fn collect(mut points: BoxStream<'static, StreamPoint>, sender: mpsc::Sender<PutRequest>) {
    let mut left = None;
    loop {
        let first = match left.take() {
            Some(point) => Some(point),
            None => tokio::select! {
                biased;
                () = sender.closed() => return,
                point = points.next() => point,
            },
        };
        let Some(first) = first else { return };
        let due = Instant::now() + LONGEST;
        let mut bytes = size_in_a_batch(&first);
        let mut batch = vec![first];
        let mut ended = false;
        while batch.len() < MOST_POINTS {
            match timeout_at(due, points.next()).await {
                Ok(Some(point)) => {
                    bytes += size_in_a_batch(&point);
                    if bytes > MOST_BYTES {
                        left = Some(point);
                        break;
                    }
                    batch.push(point);
                }
                Ok(None) => {
                    ended = true;
                    break;
                }
                Err(_) => break,
            }
        }
        let sent = sender.send(PutRequest { points: batch }).await;
        if sent.is_err() || ended {
            return;
        }
    }
}

/// What a point adds to the length of a request: its own bytes, the field's tag and the length before it.
fn size_in_a_batch(point: &StreamPoint) -> usize {
    let length = point.encoded_len();
    1 + prost::length_delimiter_len(length) + length
}
