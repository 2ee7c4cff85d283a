//! `stream.v1/PointService`: takes points, and counts them.

use tonic::{Request, Response, Status, Streaming};
use workbook::proto::stream::point_service_server::PointService;
use workbook::proto::stream::{PutRequest, PutResponse};

/// Counts the points that it is sent, and keeps none.
pub struct Points;

#[tonic::async_trait]
impl PointService for Points {
    async fn put(&self, request: Request<PutRequest>) -> Result<Response<PutResponse>, Status> {
        let count = taken(request.get_ref())?;
        Ok(Response::new(PutResponse { count }))
    }

    async fn put_all(
        &self,
        request: Request<Streaming<PutRequest>>,
    ) -> Result<Response<PutResponse>, Status> {
        let mut requests = request.into_inner();
        let mut count = 0_i32;
        while let Some(request) = requests.message().await? {
            count = count
                .checked_add(taken(&request)?)
                .ok_or_else(|| Status::out_of_range("the count does not fit into 32 bits"))?;
        }
        Ok(Response::new(PutResponse { count }))
    }
}

fn taken(request: &PutRequest) -> Result<i32, Status> {
    if request.points.is_empty() {
        return Err(Status::invalid_argument("points is empty"));
    }
    i32::try_from(request.points.len())
        .map_err(|_| Status::out_of_range("the count does not fit into 32 bits"))
}
