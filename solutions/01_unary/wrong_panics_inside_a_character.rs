//! Wrong: cuts a name for the log at a byte, which panics inside a character.

use tonic::{Request, Response, Status};
use tracing::info;
use workbook::proto::greeter::greeter_service_server::GreeterService;
use workbook::proto::greeter::{SayHiRequest, SayHiResponse};

/// How much of a name is logged.
const PREVIEW: usize = 16;

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
            return Err(Status::invalid_argument("name must not be empty"));
        }
        // A long name must not fill the log.
        let preview = &name[..name.len().min(PREVIEW)];
        info!("SayHi({preview:?})");
        let message = format!("Hi, {name}!");
        Ok(Response::new(SayHiResponse { message }))
    }
}
