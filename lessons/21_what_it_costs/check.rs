use futures::future::LocalBoxFuture;
use futures::stream::BoxStream;
use tonic::Status;
use tonic::transport::Channel;
use workbook::grade::Check;
use workbook::proto::stream::StreamPoint;
use workbook::proto::stream::point_service_client::PointServiceClient;
pub type Subject = fn(
    PointServiceClient<Channel>,
    BoxStream<'static, StreamPoint>,
) -> LocalBoxFuture<'static, Result<i32, Status>>;
pub fn check(_: Subject) -> Check {
    Check::new()
}
