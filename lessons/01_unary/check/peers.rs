//! A caller of the greeter.

use tonic::transport::{Channel, Server};
use tonic::{Code, Status};
use workbook::grade::{Finding, Verdict, ensure, shown};
use workbook::lab::Lab;
use workbook::proto::greeter::SayHiRequest;
use workbook::proto::greeter::greeter_service_client::GreeterServiceClient;

use super::Subject;

/// How many characters of a name or of a message a finding shows.
const SHOWN: usize = 40;

/// A client with a connection to the exercise.
pub struct Caller(GreeterServiceClient<Channel>);

impl Caller {
    pub async fn connect(lab: &Lab, greeter: Subject) -> Result<Self, Finding> {
        lab.serve(Server::builder().add_routes(greeter()));
        Ok(Self(GreeterServiceClient::new(lab.channel().await?)))
    }

    /// The message of the reply, or the status of the call.
    pub async fn say_hi(&self, name: &str) -> Result<String, Status> {
        let name = name.to_owned();
        let reply = self.0.clone().say_hi(SayHiRequest { name }).await?;
        Ok(reply.into_inner().message)
    }

    pub async fn is_greeted_as(&self, name: &str) -> Verdict {
        let message = self
            .say_hi(name)
            .await
            .map_err(|status| failed(name, &status))?;
        ensure(message == format!("Hi, {name}!"), || {
            format!("{} was answered with {}", call(name), short(&message))
        })
    }

    pub async fn is_refused(&self, name: &str) -> Verdict {
        let status = self.fails(name).await?;
        if status.code() == Code::InvalidArgument {
            return Ok(());
        }
        Err(failed(name, &status))
    }

    /// The status of a call that must fail.
    pub async fn fails(&self, name: &str) -> Result<Status, Finding> {
        match self.say_hi(name).await {
            Err(status) => Ok(status),
            Ok(message) => {
                let (call, message) = (call(name), short(&message));
                Err(Finding::seen(format!("{call} succeeded with {message}"))
                    .hint("The caller's program sees a success, and does not read the text."))
            }
        }
    }
}

fn failed(name: &str, status: &Status) -> Finding {
    Finding::seen(format!("{} failed with {}", call(name), shown(status)))
}

fn call(name: &str) -> String {
    format!("SayHi({})", short(name))
}

/// A text in quotation marks, cut off if it is long.
fn short(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{:?}… ({} bytes)", &text[..end], text.len()),
        None => format!("{text:?}"),
    }
}
