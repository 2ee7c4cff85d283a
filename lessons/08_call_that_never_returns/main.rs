//! Lesson 08, the call that never returns: both sides wait for the other's first word.

mod broken;
mod check;
mod client;
mod exercise;
mod fixed;
mod room;

use std::process::ExitCode;
use std::time::Duration;

use tonic::transport::Server;
use tonic::transport::server::Router;
use workbook::proto::chat::chat_service_server::{ChatServiceServer, SERVICE_NAME};
use workbook::{Lesson, Live, Scene};

use room::Room;

/// A client has this long for its first message.
const FIRST_MESSAGE: Duration = Duration::from_secs(10);

/// Long enough to see that nothing happens, also on a machine that has much to do.
const CUT: Duration = Duration::from_secs(1);

const REAL_SECONDS: &str = "what it counts depends on time, and only the lab's is exact";

fn main() -> ExitCode {
    Lesson::new(
        "08_call_that_never_returns",
        "the call that never returns",
        &[SERVICE_NAME],
        limited,
        check::check,
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
        .live(Live::CutAfter(CUT)),
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
        .live(Live::LabOnly(REAL_SECONDS)),
    )
    .scene(
        Scene::new(
            "bounded",
            "queues with a bound while the call waits",
            slow,
            client::with_a_bound,
        )
        .live(Live::LabOnly(REAL_SECONDS)),
    )
    .scene(
        Scene::new(
            "limited",
            "a server that does not wait for ever",
            limited,
            client::call_first,
        )
        .live(Live::LabOnly(REAL_SECONDS)),
    )
    .run()
}

/// Waits for a first message as long as it takes.
fn patient() -> Router {
    serve(Room {
        first_message: None,
        opens_after: Duration::ZERO,
    })
}

/// Takes its time after the first message, too.
fn slow() -> Router {
    serve(Room {
        first_message: None,
        opens_after: Duration::from_secs(1),
    })
}

fn limited() -> Router {
    serve(Room {
        first_message: Some(FIRST_MESSAGE),
        opens_after: Duration::ZERO,
    })
}

fn serve(room: Room) -> Router {
    /// So small that the scenes' numbers do not depend on anybody's default.
    const WINDOW: u32 = 16 * 1024;
    Server::builder()
        .initial_stream_window_size(WINDOW)
        .add_service(ChatServiceServer::new(room))
}
