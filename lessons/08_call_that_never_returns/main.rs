//! Lesson 08, the call that never returns: each side waits for the other's first message.

mod broken;
mod check;
mod client;
mod exercise;
mod fixed;
mod hello;
mod room;
mod subject;

use std::process::ExitCode;
use std::time::Duration;

use tonic::transport::Server;
use tonic::transport::server::Router;
use workbook::proto::chat::chat_service_server::{ChatServiceServer, SERVICE_NAME};
use workbook::{Lesson, Live, Scene};

use room::Room;
use subject::SUBJECT;

/// How long a client may take for its first message.
const FIRST_MESSAGE_WITHIN: Duration = Duration::from_secs(10);

/// A live run is cut off after this long. Even on a busy machine that shows that nothing happens.
const CUT_AFTER: Duration = Duration::from_secs(1);

const COUNTS_DEPEND_ON_TIME: &str = "its counts depend on time, which is exact only in the lab";

fn main() -> ExitCode {
    Lesson::new(
        "08_call_that_never_returns",
        "the call that never returns",
        &[SERVICE_NAME],
        limited,
        || check::check(SUBJECT),
    )
    .grpcurl(&[
        r#"-d '{"user_id":"ada"}{"content":"hello"}' ADDR chat.v1.ChatService/Chat"#,
        "-d '' ADDR chat.v1.ChatService/Chat",
    ])
    .scene(
        Scene::new(
            "broken",
            "awaits the call, then sends",
            patient,
            client::call_first,
        )
        .live(Live::CutAfter(CUT_AFTER)),
    )
    .scene(
        Scene::new(
            "queued",
            "queues the first message, then awaits the call",
            patient,
            client::queue_first,
        )
        .for_any_server(),
    )
    .scene(
        Scene::new(
            "spawned",
            "awaits the call in a task, and sends meanwhile",
            patient,
            client::spawn_the_call,
        )
        .for_any_server(),
    )
    .scene(
        Scene::new(
            "unbounded",
            "queues without a bound while the call waits",
            slow,
            client::without_a_bound,
        )
        .live(Live::LabOnly(COUNTS_DEPEND_ON_TIME)),
    )
    .scene(
        Scene::new(
            "bounded",
            "queues with a bound while the call waits",
            slow,
            client::with_a_bound,
        )
        .live(Live::LabOnly(COUNTS_DEPEND_ON_TIME)),
    )
    .scene(
        Scene::new(
            "limited",
            "a server with a limit for the first message",
            limited,
            client::call_first,
        )
        .live(Live::LabOnly(COUNTS_DEPEND_ON_TIME)),
    )
    .run()
}

/// Waits for a first message without a limit.
fn patient() -> Router {
    serve(Room {
        first_message: None,
        opens_after: Duration::ZERO,
    })
}

/// Answers only a second after the first message.
fn slow() -> Router {
    serve(Room {
        first_message: None,
        opens_after: Duration::from_secs(1),
    })
}

fn limited() -> Router {
    serve(Room {
        first_message: Some(FIRST_MESSAGE_WITHIN),
        opens_after: Duration::ZERO,
    })
}

fn serve(room: Room) -> Router {
    /// Set here, so that the scenes' numbers do not depend on a default.
    const WINDOW: u32 = 16 * 1024;
    Server::builder()
        .initial_stream_window_size(WINDOW)
        .add_service(ChatServiceServer::new(room))
}
