//! Exercise 01: a greeter that refuses an empty name.
//!
//! Answer `SayHi` with "Hi, NAME!", and do not change the name. A name that is empty, or holds nothing
//! but white space, is the caller's mistake: end the call with the status code for that, and say in the
//! status message which field is wrong. Start no thread: the check's clock is virtual, and would not wait for it.
//!
//! Check it:     cargo run --bin lesson01 -- check
//! Try it:       cargo run --bin lesson01 -- serve --mine

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
