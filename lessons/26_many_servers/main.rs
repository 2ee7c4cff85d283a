//! Lesson 26, many servers: rooms that go on when a server is killed, and members that move.

mod broken;
mod broker;
mod client;
mod hub;
mod in_process;
mod jitter;
mod lab_broker;
mod log;
mod member;
mod operator;
mod received;
mod retry;
mod rooms;
mod scenes;
mod servers;
mod service;

use std::process::ExitCode;

use workbook::Lesson;
use workbook::proto::rooms::room_service_server::SERVICE_NAME;

fn main() -> ExitCode {
    let lesson = Lesson::new(
        "26_many_servers",
        "many servers",
        &[SERVICE_NAME],
        servers::one,
        || workbook::grade::Check::new(),
    )
    .grpcurl(&[
        r#"-d '{"room":"lobby","id":"ada-1","text":"hi"}' ADDR rooms.v1.RoomService/Say"#,
        r#"-d '{"room":"lobby","after":"0"}' ADDR rooms.v1.RoomService/GetHistory"#,
        r#"-d '{"room":"lobby","after":"9"}' ADDR rooms.v1.RoomService/Listen"#,
    ]);
    scenes::all().into_iter().fold(lesson, Lesson::scene).run()
}
