//! Lesson 10, both sides sending: a client that sends everything before it reads anything.

mod broken;
mod check;
mod client;
mod echo;
mod exercise;
mod fixed;
mod limits;
mod message;
mod subject;

use std::process::ExitCode;
use std::time::Duration;

use tonic::transport::Server;
use tonic::transport::server::Router;
use workbook::proto::chat::chat_service_server::{ChatServiceServer, SERVICE_NAME};
use workbook::{Lesson, Live, Scene};

use echo::Echo;
use limits::WINDOW;
use subject::SUBJECT;

/// Long enough to see that nothing happens, also on a busy machine.
const CUT_AFTER: Duration = Duration::from_secs(1);

const RACE: &str = "over TCP the number sent before the end arrives is a race";
const BUFFERS: &str = "over TCP the counts also depend on the socket's buffers";

fn main() -> ExitCode {
    Lesson::new(
        "10_both_sides_sending",
        "both sides sending",
        &[SERVICE_NAME],
        served,
        || check::check(SUBJECT),
    )
    .grpcurl(&[r#"-d '{"content":"one"}{"content":"two"}' ADDR chat.v1.ChatService/Chat"#])
    .scene(
        Scene::new("broken", "sends all, then reads", served, client::send_all)
            .elide_after(2)
            .live(Live::CutAfter(CUT_AFTER)),
    )
    .scene(
        Scene::new(
            "ten",
            "stuck, reads ten, goes on, stuck again",
            served,
            client::read_ten,
        )
        .elide_after(3)
        .live(Live::LabOnly(BUFFERS)),
    )
    .scene(
        Scene::new(
            "wider",
            "windows four times as large",
            wide,
            client::send_all_wide,
        )
        .elide_after(2)
        .live(Live::LabOnly(BUFFERS)),
    )
    .scene(
        Scene::new(
            "fixed",
            "sends and reads at the same time",
            served,
            client::both,
        )
        .elide_after(2)
        .for_any_server(),
    )
    .scene(
        Scene::new(
            "many",
            "100,000 messages, a few at a time",
            served,
            client::many,
        )
        .elide_after(2)
        .live(Live::LabOnly(BUFFERS)),
    )
    .scene(
        Scene::new(
            "uncounted",
            "the client takes the end of the stream for success",
            forgetful,
            client::uncounted,
        )
        .elide_after(2),
    )
    .scene(
        Scene::new(
            "counted",
            "the client counts the replies",
            forgetful,
            client::counted,
        )
        .elide_after(2)
        .live(Live::LabOnly(RACE)),
    )
    .run()
}

fn served() -> Router {
    serve(WINDOW, Echo { ends_after: None })
}

fn wide() -> Router {
    serve(4 * WINDOW, Echo { ends_after: None })
}

/// Ends after seven replies, with OK: the server has a bug, and the status does not show it.
fn forgetful() -> Router {
    serve(
        WINDOW,
        Echo {
            ends_after: Some(7),
        },
    )
}

fn serve(window: u32, echo: Echo) -> Router {
    Server::builder()
        .initial_stream_window_size(window)
        .add_service(ChatServiceServer::new(echo))
}
