//! What makes a code, if no server says it.

use std::time::Duration;

use h2::Reason;
use hyper_util::rt::TokioIo;
use tokio::io::DuplexStream;
use tokio::time::sleep;
use tonic::transport::{Endpoint, Server, Uri};
use tonic::{Code, Request, Response, Status};
use tower::service_fn;
use workbook::lab::Lab;
use workbook::proto::greeter::greeter_service_client::GreeterServiceClient;
use workbook::proto::greeter::greeter_service_server::{GreeterService, GreeterServiceServer};
use workbook::proto::greeter::{SayHiRequest, SayHiResponse};
use workbook::proto::users::GetAllUsersRequest;
use workbook::proto::users::user_service_client::UserServiceClient;

use super::raw::{Answer, call, code_of, runtime};
use super::{Kind, Seen};

const SECOND: Duration = Duration::from_secs(1);

/// The other side speaks HTTP and no gRPC: a proxy, a login page, another program.
pub fn of_http() -> Vec<Seen> {
    let statuses = [200, 400, 401, 403, 404, 429, 500, 502, 503, 504];
    let of = |status: u16| Seen {
        kind: Kind::Http,
        cause: status.to_string(),
        code: code_of(Answer::Http(status)),
    };
    statuses.map(of).into()
}

/// The other side, or a proxy between, resets the stream.
pub fn of_resets() -> Vec<Seen> {
    // All that RFC 9113 has, section 7.
    let codes = 0..=13;
    let of = |number: u32| Seen {
        kind: Kind::Reset,
        cause: workbook::wire::error_code(number).to_string(),
        code: code_of(Answer::Reset(Reason::from(number))),
    };
    codes.map(of).collect()
}

/// tonic itself, at either side.
pub fn of_tonic() -> Vec<Seen> {
    let cut_short = b"\0\0\0\0\x05ab";
    let no_protobuf = b"\0\0\0\0\x02\x0a\x09";
    let compressed = b"\x01\0\0\0\0";
    let causes = [
        ("no server listens", no_server_listens()),
        ("a connection that breaks", in_lab(breaks)),
        ("a keepalive that is not answered", in_lab(vanishes)),
        (
            "GOAWAY and a close before the answer",
            code_of(Answer::Goodbye),
        ),
        ("`Request::set_timeout`", in_lab(set_timeout)),
        ("`Endpoint::timeout`", in_lab(endpoint_timeout)),
        ("`Server::timeout`", in_lab(server_timeout)),
        ("a handler that panics", in_lab(panics)),
        (
            "a method that the server does not have",
            in_lab(unknown_method),
        ),
        (
            "a compression that the server does not accept",
            in_lab(compression),
        ),
        (
            "a message over the server's limit",
            in_lab(too_long_for_the_server),
        ),
        (
            "a message over the client's limit",
            in_lab(too_long_for_the_client),
        ),
        (
            "a message over `max_encoding_message_size`",
            in_lab(too_long_to_send),
        ),
        ("`Server::load_shed`", in_lab(load_shed)),
        (
            "an answer without a message",
            code_of(Answer::Trailers(Some("0"))),
        ),
        (
            "an end without grpc-status",
            code_of(Answer::Trailers(None)),
        ),
        (
            "a grpc-status that is no code",
            code_of(Answer::Trailers(Some("99"))),
        ),
        (
            "a message that is cut short",
            code_of(Answer::Message(cut_short)),
        ),
        (
            "bytes that are no such message",
            code_of(Answer::Message(no_protobuf)),
        ),
        (
            "a compressed message that was not announced",
            code_of(Answer::Message(compressed)),
        ),
    ];
    let of = |(cause, code): (&str, Code)| Seen {
        kind: Kind::Tonic,
        cause: cause.to_owned(),
        code,
    };
    causes.map(of).into()
}

/// Answers at once, or when the name says so.
struct Greeter;

#[tonic::async_trait]
impl GreeterService for Greeter {
    async fn say_hi(
        &self,
        request: Request<SayHiRequest>,
    ) -> Result<Response<SayHiResponse>, Status> {
        let message = request.into_inner().name;
        match message.as_str() {
            "panic" => std::panic::resume_unwind(Box::new("the handler is broken")),
            "wait" => sleep(SECOND * 60).await,
            _ => {}
        }
        Ok(Response::new(SayHiResponse { message }))
    }
}

fn in_lab<F: Future<Output = Status>>(play: fn(Lab) -> F) -> Code {
    Lab::new().run(async |lab| play(lab).await).code()
}

fn server() -> Server {
    Server::builder()
}

/// Greets by that name over a connection of the lab's.
async fn greet(
    lab: &Lab,
    mut server: Server,
    endpoint: impl FnOnce(Endpoint) -> Endpoint,
    request: Request<SayHiRequest>,
    meanwhile: impl Future<Output = ()>,
) -> Status {
    lab.serve(server.add_service(GreeterServiceServer::new(Greeter)));
    let channel = lab.channel_with(endpoint).await;
    let mut client = GreeterServiceClient::new(channel.expect("the lab's server listens"));
    let (answer, ()) = tokio::join!(client.say_hi(request), meanwhile);
    answer.err().unwrap_or_else(|| Status::ok(""))
}

fn named(name: impl Into<String>) -> Request<SayHiRequest> {
    Request::new(SayHiRequest { name: name.into() })
}

async fn nothing() {}

fn no_server_listens() -> Code {
    runtime()
        .block_on(async {
            // Refused in memory, so that no port of this machine is asked.
            let refused = service_fn(async |_: Uri| Err::<TokioIo<DuplexStream>, _>("refused"));
            call(Endpoint::from_static("http://not-there").connect_with_connector_lazy(refused))
                .await
        })
        .code()
}

async fn unknown_method(lab: Lab) -> Status {
    lab.serve(server().add_service(GreeterServiceServer::new(Greeter)));
    let channel = lab.channel().await.expect("the lab's server listens");
    let mut client = UserServiceClient::new(channel);
    let answer = client.get_all_users(GetAllUsersRequest::default()).await;
    answer.err().unwrap_or_else(|| Status::ok(""))
}

async fn compression(lab: Lab) -> Status {
    lab.serve(server().add_service(GreeterServiceServer::new(Greeter)));
    let channel = lab.channel().await.expect("the lab's server listens");
    let mut request = named("Ada");
    // As if it had been compressed. The server would have to accept it first.
    request
        .metadata_mut()
        .insert("grpc-encoding", "gzip".parse().expect("a plain value"));
    let mut client = GreeterServiceClient::new(channel);
    let answer = client.say_hi(request).await;
    answer.err().unwrap_or_else(|| Status::ok(""))
}

async fn too_long_for_the_server(lab: Lab) -> Status {
    let name = "x".repeat(4 * 1024 * 1024);
    greet(&lab, server(), |endpoint| endpoint, named(name), nothing()).await
}

async fn too_long_for_the_client(lab: Lab) -> Status {
    lab.serve(server().add_service(GreeterServiceServer::new(Greeter)));
    let channel = lab.channel().await.expect("the lab's server listens");
    let mut client = GreeterServiceClient::new(channel).max_decoding_message_size(4);
    let answer = client.say_hi(named("a long name")).await;
    answer.err().unwrap_or_else(|| Status::ok(""))
}

async fn too_long_to_send(lab: Lab) -> Status {
    lab.serve(server().add_service(GreeterServiceServer::new(Greeter)));
    let channel = lab.channel().await.expect("the lab's server listens");
    let mut client = GreeterServiceClient::new(channel).max_encoding_message_size(4);
    let answer = client.say_hi(named("a long name")).await;
    answer.err().unwrap_or_else(|| Status::ok(""))
}

/// One call at a time, and a second is turned away.
async fn load_shed(lab: Lab) -> Status {
    let mut server = server().concurrency_limit_per_connection(1).load_shed(true);
    lab.serve(server.add_service(GreeterServiceServer::new(Greeter)));
    let channel = lab.channel().await.expect("the lab's server listens");
    let mut first = GreeterServiceClient::new(channel.clone());
    let mut second = GreeterServiceClient::new(channel);
    let later = async {
        sleep(SECOND).await;
        second.say_hi(named("Ada")).await
    };
    let (_, answer) = tokio::join!(first.say_hi(named("wait")), later);
    answer.err().unwrap_or_else(|| Status::ok(""))
}

async fn panics(lab: Lab) -> Status {
    greet(
        &lab,
        server(),
        |endpoint| endpoint,
        named("panic"),
        nothing(),
    )
    .await
}

async fn set_timeout(lab: Lab) -> Status {
    let mut request = named("wait");
    request.set_timeout(SECOND);
    greet(&lab, server(), |endpoint| endpoint, request, nothing()).await
}

async fn endpoint_timeout(lab: Lab) -> Status {
    let endpoint = |endpoint: Endpoint| endpoint.timeout(SECOND);
    greet(&lab, server(), endpoint, named("wait"), nothing()).await
}

async fn server_timeout(lab: Lab) -> Status {
    let server = server().timeout(SECOND);
    greet(&lab, server, |endpoint| endpoint, named("wait"), nothing()).await
}

async fn breaks(lab: Lab) -> Status {
    let fault = lab.clone();
    let cut = async move {
        sleep(SECOND).await;
        fault.cut();
    };
    greet(&lab, server(), |endpoint| endpoint, named("wait"), cut).await
}

async fn vanishes(lab: Lab) -> Status {
    let fault = lab.clone();
    let vanish = async move {
        sleep(SECOND).await;
        fault.partition();
    };
    let alive = |endpoint: Endpoint| {
        endpoint
            .http2_keep_alive_interval(SECOND * 5)
            .keep_alive_timeout(SECOND * 5)
    };
    greet(&lab, server(), alive, named("wait"), vanish).await
}
