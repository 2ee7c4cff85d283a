//! Grades the exercise: TODO: what its clients must see.

use tonic::service::Routes;
use tonic::transport::Server;
use tonic::{Code, Status};
use workbook::grade::{Check, Finding, ended, ensure};
use workbook::lab::Lab;
use workbook::proto::greeter::SayHiRequest;
use workbook::proto::greeter::greeter_service_client::GreeterServiceClient;

/// The exercise: a service that greets.
pub type Subject = fn() -> Routes;

pub fn check(greeter: Subject) -> Check {
    // TODO: the expectations. Each is a sentence, a question that helps and does not spoil, and a play.
    Check::new()
        .expects("answers with a greeting")
        .hint("The reply's message is \"Hi, \", the name, and \"!\".")
        .plays(async move |lab| {
            let message = say_hi(&lab, greeter, "Ada").await??;
            ensure(message == "Hi, Ada!", || {
                format!("the reply was {message:?}")
            })
        })
        .expects("ends a call without a name with InvalidArgument")
        .hint("Which code means that the request itself is wrong?")
        .plays(async move |lab| {
            ended(&say_hi(&lab, greeter, "").await?).with(Code::InvalidArgument)
        })
}

/// How one call to the exercise ends.
async fn say_hi(
    lab: &Lab,
    greeter: Subject,
    name: &str,
) -> Result<Result<String, Status>, Finding> {
    lab.serve(Server::builder().add_routes(greeter()));
    let mut client = GreeterServiceClient::new(lab.channel().await?);
    let name = name.to_owned();
    let answer = client.say_hi(SayHiRequest { name }).await;
    Ok(answer.map(|reply| reply.into_inner().message))
}
