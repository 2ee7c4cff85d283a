//! Lesson 26, many servers: rooms that go on when a server is killed, and members that move.

mod balance;
mod broken;
mod broker;
mod check;
mod client;
mod exercise;
mod hub;
mod in_process;
mod inbox;
mod jitter;
mod lab_broker;
mod log;
mod member;
mod operator;
mod program;
mod received;
mod retry;
mod rooms;
mod scenes;
mod servers;
mod service;
mod subject;

use std::process::ExitCode;

use workbook::Lesson;
use workbook::proto::forum::forum_service_server::SERVICE_NAME;

use subject::SUBJECT;

fn main() -> ExitCode {
    let lesson = Lesson::new(
        "26_many_servers",
        "many servers",
        &[SERVICE_NAME],
        servers::one,
        || check::check(SUBJECT),
    )
    .command(program::balance_command(), program::balance)
    .command(program::nats_command(), program::nats)
    .grpcurl(&[
        r#"-d '{"room":"lobby","id":"ada-1","text":"hi"}' ADDR forum.v1.ForumService/Say"#,
        r#"-d '{"room":"lobby","after":"0"}' ADDR forum.v1.ForumService/GetHistory"#,
        r#"-d '{"room":"lobby","after":"9"}' ADDR forum.v1.ForumService/Listen"#,
    ]);
    scenes::all().into_iter().fold(lesson, Lesson::scene).run()
}
