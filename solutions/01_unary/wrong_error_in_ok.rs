//! Wrong: the call succeeds, and only the text of its reply reports the error.

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
        if name.trim().is_empty() {
            let message = "error: name must not be empty".to_owned();
            return Ok(Response::new(SayHiResponse { message }));
        }
        Ok(Response::new(SayHiResponse {
            message: format!("Hi, {name}!"),
        }))
    }
}
