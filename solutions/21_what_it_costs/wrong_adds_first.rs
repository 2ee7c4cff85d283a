//! A wrong answer: the point that makes a batch too large is in it already when the size is looked at.

use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::{self, BoxStream, Fuse};
use prost::Message as _;
use tokio::time::{Instant, timeout_at};
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
    let batches = Batches {
        points: points.fuse(),
        left: None,
    };
    let next = async |mut batches: Batches| Some((batches.next().await?, batches));
    stream::unfold(batches, next).boxed()
}

struct Batches {
    points: Fuse<BoxStream<'static, StreamPoint>>,
    left: Option<StreamPoint>,
}

impl Batches {
    async fn next(&mut self) -> Option<PutRequest> {
        let first = match self.left.take() {
            Some(point) => point,
            None => self.points.next().await?,
        };
        let due = Instant::now() + LONGEST;
        let mut bytes = size_in_a_batch(&first);
        let mut points = vec![first];
        while points.len() < MOST_POINTS && bytes < MOST_BYTES {
            let Ok(Some(point)) = timeout_at(due, self.points.next()).await else {
                break;
            };
            bytes += size_in_a_batch(&point);
            points.push(point);
        }
        Some(PutRequest { points })
    }
}

/// What a point adds to the length of a request: its own bytes, the field's tag and the length before it.
fn size_in_a_batch(point: &StreamPoint) -> usize {
    let length = point.encoded_len();
    1 + prost::length_delimiter_len(length) + length
}
