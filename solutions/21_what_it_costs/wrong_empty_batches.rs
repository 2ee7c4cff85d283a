//! A wrong answer: a clock sends what there is, also when there is nothing.

use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::BoxStream;
use prost::Message as _;
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};
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
    let mut batch = PutRequest::default();
    let mut tick = interval(LONGEST);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            () = sender.closed() => return,
            point = points.next() => {
                let Some(point) = point else { break };
                if batch.encoded_len() + size_in_a_batch(&point) > MOST_BYTES {
                    let full = std::mem::take(&mut batch);
                    if !full.points.is_empty() && sender.send(full).await.is_err() {
                        return;
                    }
                }
                batch.points.push(point);
                if batch.points.len() == MOST_POINTS {
                    let full = std::mem::take(&mut batch);
                    if sender.send(full).await.is_err() {
                        return;
                    }
                }
            }
            _ = tick.tick() => {
                let due = std::mem::take(&mut batch);
                if sender.send(due).await.is_err() {
                    return;
                }
            }
        }
    }
    if !batch.points.is_empty() {
        // The receiver is gone when the call is over.
        let _ = sender.send(batch).await;
    }
}

/// What a point adds to the length of a request: its own bytes, the field's tag and the length before it.
fn size_in_a_batch(point: &StreamPoint) -> usize {
    let length = point.encoded_len();
    1 + prost::length_delimiter_len(length) + length
}
