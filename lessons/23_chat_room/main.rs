//! Lesson 23, chat room: everything of lessons 16 to 20 at once.

mod broken;
mod check;
mod client;
mod crowd;
mod exercise;
mod heard;
mod jitter;
mod limits;
mod load;
mod locked;
mod operator;
mod place;
mod presence;
mod rate;
mod raw;
mod reading;
mod room;
mod rooms;
mod scenes;
mod seat;
mod service;
mod session;
mod subject;
mod token;

use std::process::ExitCode;

use tonic::transport::server::Router;
use workbook::graceful::Shutdown;
use workbook::proto::rooms::room_service_server::SERVICE_NAME;
use workbook::{Lesson, Network};

use limits::{LIMITS, TOKEN};
use rooms::Rooms;
use service::Service;
use subject::SUBJECT;
use token::Tokens;

fn main() -> ExitCode {
    let lesson = Lesson::new(
        "23_chat_room",
        "chat room",
        &[SERVICE_NAME],
        || serve(Shutdown::default()),
        || check::check(SUBJECT),
    )
    .served_by(of_network)
    .command(load::command(), load::crowd)
    .also_try(&["cargo run -q -- chat --room lobby --as ada http://ADDR"])
    .grpcurl(&[
        r#"-d '{"name":"ada"}' ADDR rooms.v1.RoomService/Login"#,
        r#"-H 'authorization: Bearer ada.99999999' -d '{"enter":{"room":"lobby"}}{"say":"hi"}' ADDR rooms.v1.RoomService/Join"#,
        r#"-d '{"enter":{"room":"lobby"}}' ADDR rooms.v1.RoomService/Join"#,
    ]);
    scenes::all().into_iter().fold(lesson, Lesson::scene).run()
}

fn of_network(network: &Network) -> Router {
    serve(network.shutdown().clone())
}

fn serve(shutdown: Shutdown) -> Router {
    Service::router(Rooms::new(LIMITS), Tokens::new(TOKEN), shutdown)
}
