//! A wrong answer: a batch for each point, which nothing ever waits for.

use futures::StreamExt as _;
use futures::stream::BoxStream;
use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::stream::point_service_client::PointServiceClient;
use workbook::proto::stream::{PutRequest, StreamPoint};

/// Sends all points, and returns how many the server has taken.
pub async fn send(
    mut client: PointServiceClient<Channel>,
    points: BoxStream<'static, StreamPoint>,
) -> Result<i32, Status> {
    let answer = client.put_all(batches(points)).await?;
    Ok(answer.into_inner().count)
}

fn batches(points: BoxStream<'static, StreamPoint>) -> BoxStream<'static, PutRequest> {
    let batch = |point| PutRequest {
        points: vec![point],
    };
    points.map(batch).boxed()
}
