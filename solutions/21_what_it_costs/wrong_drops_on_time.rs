//! A wrong answer: the timer drops a future that holds the points collected so far.

use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::{self, BoxStream, Fuse};
use prost::Message as _;
use tokio::time::timeout;
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
    let next = async |mut points: Fuse<BoxStream<'static, StreamPoint>>| loop {
        let Ok(batch) = timeout(LONGEST, collect(&mut points)).await else {
            continue;
        };
        return batch.map(|batch| (batch, points));
    };
    stream::unfold(points.fuse(), next).boxed()
}

async fn collect(points: &mut Fuse<BoxStream<'static, StreamPoint>>) -> Option<PutRequest> {
    let mut batch = PutRequest {
        points: vec![points.next().await?],
    };
    while batch.points.len() < MOST_POINTS && batch.encoded_len() < MOST_BYTES / 2 {
        match points.next().await {
            Some(point) => batch.points.push(point),
            None => break,
        }
    }
    Some(batch)
}
