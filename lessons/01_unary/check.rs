//! Grades the exercise: the replies and statuses that a client of the greeter receives.

use tonic::transport::Server;
use tonic::{Code, Status};
use workbook::grade::{Check, Finding, Verdict, ensure};
use workbook::lab::Lab;
use workbook::proto::greeter::SayHiRequest;
use workbook::proto::greeter::greeter_service_client::GreeterServiceClient;
use workbook::proto::greeter::greeter_service_server::GreeterServiceServer;

use super::exercise::Greeter;

pub fn check() -> Check {
    Check::new()
        .expects("greets by name")
.hint("The reply's message is \"Hi, \", the name, and \"!\".")
.plays(greets_by_name)
        .expects("an empty name ends the call with InvalidArgument").hint("Which code means that the request itself is wrong, so that a retry cannot help?").plays(async |lab| refuses(lab, "").await)
        .expects("a name of white space is refused like an empty one").hint("`str` has a method that removes white space from both ends.").plays(async |lab| refuses(lab, " \t\u{3000}").await)
        .expects("the status message names the wrong field")
.hint("The message ends up in the caller's log, and has to explain itself there. The field is \
             called \"name\".")
.plays(names_the_field)
        .expects("still greets the next caller after a refusal")
.hint("One caller's mistake must not affect the next call.")
.plays(goes_on)
}

async fn greets_by_name(lab: Lab) -> Verdict {
    for name in ["Ada", "Zoë", "Grace Hopper", "Å"] {
        let answer = say_hi(&lab, name).await?;
        let expected = format!("Hi, {name}!");
        match answer {
            Ok(message) => ensure(message == expected, || {
                format!("SayHi({name:?}) was answered with {message:?}")
            })?,
            Err(status) => {
                return Err(Finding::seen(format!(
                    "SayHi({name:?}) {}",
                    failed(&status)
                )));
            }
        }
    }
    Ok(())
}

async fn refuses(lab: Lab, name: &'static str) -> Verdict {
    let status = refusal(&lab, name).await?;
    ensure(status.code() == Code::InvalidArgument, || {
        format!("SayHi({name:?}) {}", failed(&status))
    })
}

async fn names_the_field(lab: Lab) -> Verdict {
    let status = refusal(&lab, "").await?;
    let mut words = status
        .message()
        .split(|c: char| !c.is_alphanumeric() && c != '_');
    ensure(words.any(|word| word.eq_ignore_ascii_case("name")), || {
        format!("the status message is {:?}", status.message())
    })
}

async fn goes_on(lab: Lab) -> Verdict {
    let channel = connected(&lab).await?;
    let mut client = GreeterServiceClient::new(channel);
    // Other expectations grade the result of the first call.
    let _ = client.say_hi(SayHiRequest::default()).await;
    match client
        .say_hi(SayHiRequest {
            name: "Ada".to_owned(),
        })
        .await
    {
        Ok(_) => Ok(()),
        Err(status) => Err(Finding::seen(format!("the next call {}", failed(&status)))),
    }
}

/// The status of a call that must fail.
async fn refusal(lab: &Lab, name: &str) -> Result<Status, Finding> {
    match say_hi(lab, name).await? {
        Err(status) => Ok(status),
        Ok(message) => Err(
            Finding::seen(format!("SayHi({name:?}) succeeded with {message:?}"))
                .hint("The caller's program sees a success, and does not read the text."),
        ),
    }
}

/// One call to a fresh server.
async fn say_hi(lab: &Lab, name: &str) -> Result<Result<String, Status>, Finding> {
    let mut client = GreeterServiceClient::new(connected(lab).await?);
    let answer = client
        .say_hi(SayHiRequest {
            name: name.to_owned(),
        })
        .await;
    Ok(answer.map(|reply| reply.into_inner().message))
}

async fn connected(lab: &Lab) -> Result<tonic::transport::Channel, Finding> {
    lab.serve(Server::builder().add_service(GreeterServiceServer::new(Greeter)));
    lab.channel()
        .await
        .map_err(|error| Finding::seen(format!("no connection: {error}")))
}

fn failed(status: &Status) -> String {
    format!("failed with {:?} {:?}", status.code(), status.message())
}
