//! Lesson 13, leaked tasks: twenty members join and leave, and the leak meter counts the tasks left.

mod broken;
mod chat;
mod check;
mod client;
mod exercise;
mod fixed;
mod messages;
#[allow(
    dead_code,
    reason = "has what the exercise needs, and the starter does not use it yet"
)]
mod room;
mod subject;

use std::process::ExitCode;
use std::sync::Arc;

use tonic::transport::Server;
use tonic::transport::server::Router;
use workbook::proto::chat::chat_service_server::{ChatServiceServer, SERVICE_NAME};
use workbook::{Lesson, Live, Scene};

use chat::{Chat, Forward};
use room::Room;
use subject::SUBJECT;

const METER: &str = "the leak meter counts the tasks of the lab";

fn main() -> ExitCode {
    Lesson::new(
        "13_leaked_tasks",
        "leaked tasks",
        &[SERVICE_NAME],
        closed,
        || check::check(SUBJECT),
    )
    .mine(mine)
    .grpcurl(&[r#"-max-time 1 -d '{"user_id":"ada"}' ADDR chat.v1.ChatService/Chat"#])
    .scene(
        Scene::new(
            "broken",
            "a task that waits only for the room",
            broken,
            client::twenty,
        )
        .elide_after(2)
        .live(Live::LabOnly(METER)),
    )
    .scene(
        Scene::new(
            "half",
            "two tasks, and one of them ends",
            half,
            client::twenty,
        )
        .elide_after(2)
        .live(Live::LabOnly(METER)),
    )
    .scene(
        Scene::new(
            "closed",
            "the task also waits for the disconnect",
            closed,
            client::twenty,
        )
        .elide_after(2)
        .live(Live::LabOnly(METER))
        .for_any_server(),
    )
    .scene(
        Scene::new(
            "handle",
            "the stream owns the task, and aborts it on drop",
            handle,
            client::twenty,
        )
        .elide_after(2)
        .live(Live::LabOnly(METER)),
    )
    .scene(
        Scene::new(
            "token",
            "the stream owns a token's guard, and the task waits for it",
            token,
            client::twenty,
        )
        .elide_after(2)
        .live(Live::LabOnly(METER)),
    )
    .run()
}

fn broken() -> Router {
    serve(Forward::UntilASendFails)
}

fn half() -> Router {
    serve(Forward::InTwoTasks)
}

fn closed() -> Router {
    serve(Forward::UntilClosed)
}

fn handle() -> Router {
    serve(Forward::WhileHeld)
}

fn token() -> Router {
    serve(Forward::UntilCancelled)
}

fn serve(forward: Forward) -> Router {
    let room = Arc::new(Room::default());
    Server::builder().add_service(ChatServiceServer::new(Chat { room, forward }))
}

fn mine() -> Router {
    Server::builder().add_routes(SUBJECT(Arc::new(Room::default())))
}
