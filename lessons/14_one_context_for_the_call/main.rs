//! Lesson 14, one context for the call: what has to be dropped for a call to end, and how its parts end
//! together.

mod broken;
mod chat;
mod check;
mod client;
mod exercise;
mod fixed;
mod group;
mod message;
mod subject;

use std::process::ExitCode;
use std::time::Duration;

use tonic::transport::Server;
use tonic::transport::server::Router;
use workbook::proto::chat::chat_service_server::{ChatServiceServer, SERVICE_NAME};
use workbook::{Lesson, Live, Scene};

use chat::Echo;
use subject::SUBJECT;

const METER: &str = "the leak meter counts the calls and tasks of the lab";
const CLOCK: &str = "the scene waits for a minute or an hour, which only the lab's clock can skip";
const RESET: &str = "over TCP the scene may end before the reset has arrived";
const COUNTS: &str =
    "how many reads are given up depends on timing, and only the lab's clock is exact";

fn main() -> ExitCode {
    Lesson::new(
        "14_one_context_for_the_call",
        "one context for the call",
        &[SERVICE_NAME],
        served,
        || check::check(SUBJECT),
    )
    .grpcurl(&[r#"-d '{"content":"one"}{"content":"two"}' ADDR chat.v1.ChatService/Chat"#])
    .scene(
        Scene::new(
            "broken",
            "fifty responses dropped, fifty calls left",
            served,
            client::drop_responses,
        )
        .elide_after(3)
        .live(Live::LabOnly(METER)),
    )
    .scene(
        Scene::new(
            "fixed",
            "fifty subscriptions dropped, none left",
            served,
            client::drop_subscriptions,
        )
        .elide_after(2)
        .live(Live::LabOnly(METER)),
    )
    .scene(
        Scene::new(
            "one",
            "one subscription, seen on the wire",
            served,
            client::drop_one,
        )
        .live(Live::LabOnly(RESET))
        .for_any_server(),
    )
    .scene(
        Scene::new(
            "stuck",
            "a full window holds the cancel back",
            busy,
            client::drop_while_stuck,
        )
        .elide_after(3)
        .live(Live::LabOnly(CLOCK)),
    )
    .scene(
        Scene::new(
            "group_broken",
            "one half fails, and the other goes on",
            served,
            client::join_both,
        )
        .live(Live::LabOnly(CLOCK)),
    )
    .scene(Scene::new(
        "group",
        "one half fails, and ends the other",
        served,
        client::end_together,
    ))
    .scene(
        Scene::new(
            "one_read",
            "a read that is given up again and again",
            served,
            client::give_up_reads,
        )
        .elide_after(2)
        .live(Live::LabOnly(COUNTS)),
    )
    .run()
}

fn served() -> Router {
    serve(None)
}

/// Waits for a minute before it reads.
fn busy() -> Router {
    serve(Some(Duration::from_secs(60)))
}

fn serve(busy_for: Option<Duration>) -> Router {
    /// HTTP/2's own default, so that the window does not depend on tonic's.
    const WINDOW: u32 = 65_535;
    Server::builder()
        .initial_stream_window_size(WINDOW)
        .add_service(ChatServiceServer::new(Echo { busy_for }))
}
