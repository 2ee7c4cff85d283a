//! Exercise 23: TODO: the exercise's name.
//!
//! TODO: what to achieve, and how it is seen that it has been.
//!
//! Check it:     cargo run --bin lesson23 -- check
//! Try it:       cargo run --bin lesson23 -- serve --mine

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
        todo!("greet {name:?}, or refuse an empty name")
    }
}
