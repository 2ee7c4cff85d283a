//! Lesson 04, bidirectional streaming: two streams in one call, each at its own pace.

mod chat;
mod check;
mod client;
mod exercise;
mod route;
mod subject;

use std::process::ExitCode;
use std::time::Duration;

use tonic::transport::Server;
use tonic::transport::server::Router;
use workbook::proto::chat::chat_service_server::{self, ChatServiceServer};
use workbook::proto::stream::stream_service_server::{self, StreamServiceServer};
use workbook::{Lesson, Live, Scene};

use chat::Echo;
use route::Routes;
use subject::SUBJECT;

const SERVICES: [&str; 2] = [
    stream_service_server::SERVICE_NAME,
    chat_service_server::SERVICE_NAME,
];

/// Once a minute, so that in class the announcements do not drown the students' messages.
const ANNOUNCEMENT_PERIOD: Duration = Duration::from_secs(60);

const TWO_CLOCKS: &str = "over TCP the order of both sides' messages differs from run to run";

fn main() -> ExitCode {
    Lesson::new(
        "04_bidi_streaming",
        "bidirectional streaming",
        &SERVICES,
        server,
        || check::check(SUBJECT),
    )
    .grpcurl(&[
        r#"-d '{"pt":{"value":1}}{"pt":{"value":2}}' ADDR stream.v1.StreamService/Route"#,
        r#"-d '{"user_id":"ada","content":"hello"}' ADDR chat.v1.ChatService/Chat"#,
    ])
    .scene(
        Scene::new(
            "route",
            "seven points, seven replies",
            server,
            client::route,
        )
        .for_any_server(),
    )
    .scene(Scene::new(
        "half_close",
        "the client half-closes, the server goes on",
        slow,
        client::half_close,
    ))
    .scene(
        Scene::new(
            "server_first",
            "the server sends first",
            server,
            client::server_first,
        )
        .for_any_server(),
    )
    .scene(Scene::new("ping_pong", "turn by turn", server, client::ping_pong).for_any_server())
    .scene(
        Scene::new("both", "both sides at once", talkative, client::both)
            .for_any_server()
            .live(Live::LabOnly(TWO_CLOCKS)),
    )
    .run()
}

fn server() -> Router {
    with(Duration::ZERO, ANNOUNCEMENT_PERIOD)
}

/// Takes 30 ms for each point.
fn slow() -> Router {
    with(Duration::from_millis(30), ANNOUNCEMENT_PERIOD)
}

/// Sends an announcement every 130 ms, whatever the client does.
fn talkative() -> Router {
    with(Duration::ZERO, Duration::from_millis(130))
}

fn with(takes: Duration, announces_every: Duration) -> Router {
    Server::builder()
        .add_service(StreamServiceServer::new(Routes { takes }))
        .add_service(ChatServiceServer::new(Echo { announces_every }))
}
