//! Wrong: TODO: which mistake people make. Name the file after it, and its line in tests/exercises.rs.
//! This one takes every name.

use tonic::{Request, Response, Status};
use workbook::proto::greeter::greeter_service_server::GreeterService;
use workbook::proto::greeter::{SayHiRequest, SayHiResponse};

/// The service.
pub struct Greeter;

#[tonic::async_trait]
impl GreeterService for Greeter {
    async fn say_hi(
        &self,
        request: Request<SayHiRequest>,
    ) -> Result<Response<SayHiResponse>, Status> {
        let name = request.into_inner().name;
        let message = format!("Hi, {name}!");
        Ok(Response::new(SayHiResponse { message }))
    }
}
