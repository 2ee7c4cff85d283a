//! Lesson 02, server streaming: one request, many replies. The call is answered before the first reply.

mod check;
mod client;
mod exercise;
mod numbers;
mod subject;
mod table;
mod users;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tonic::transport::Server;
use tonic::transport::server::Router;
use workbook::proto::stream::stream_service_server::{self, StreamServiceServer};
use workbook::proto::users::user_service_server::{self, UserServiceServer};
use workbook::{Lesson, Live, Scene};

use numbers::Numbers;
use subject::SUBJECT;
use table::UserTable;
use users::Users;

const SERVICES: [&str; 2] = [
    stream_service_server::SERVICE_NAME,
    user_service_server::SERVICE_NAME,
];

fn main() -> ExitCode {
    Lesson::new(
        "02_server_streaming",
        "server streaming",
        &SERVICES,
        server,
        || check::check(SUBJECT),
    )
    .mine(mine)
    .grpcurl(&[
        r#"-max-time 2.5 -d '{"pt":{"name":"n","value":1234}}' ADDR stream.v1.StreamService/List"#,
        r#"-d '{"page_size":2}' ADDR users.v1.UserService/GetUserList"#,
    ])
    .scene(
        Scene::new(
            "count",
            "seven replies, a second apart",
            server,
            client::count,
        )
        // The rest of the six seconds shows nothing new.
        .live(Live::CutAfter(Duration::from_millis(1500)))
        .for_any_server(),
    )
    .scene(Scene::new(
        "two_starts",
        "the call begins, then the stream",
        slow,
        client::two_starts,
    ))
    .scene(
        Scene::new(
            "together",
            "a hundred ready replies",
            hundred,
            client::together,
        )
        .elide_after(3),
    )
    .scene(
        Scene::new("pages", "fifty users, read by pages", fifty, client::pages)
            .elide_after(11)
            .for_any_server(),
    )
    .scene(
        Scene::new(
            "one_reply",
            "100,000 users in one reply",
            huge,
            client::one_reply,
        )
        .elide_after(3),
    )
    .scene(Scene::new("stream", "100,000 users as a stream", huge, client::stream).elide_after(3))
    .scene(Scene::new(
        "unreadable",
        "a page that cannot be read",
        broken,
        client::unreadable,
    ))
    .run()
}

/// How many users the table has when their number does not matter: a few lines on a screen.
const FEW: usize = 7;

fn server() -> Router {
    with(numbers::steady(), table(FEW, 0))
}

/// The handler takes 300 ms to return, and its stream 500 ms more to yield the first item.
fn slow() -> Router {
    with(numbers::slow_to_start(), table(0, 0))
}

/// Every page is read at once, so a hundred users are ready together.
fn hundred() -> Router {
    with(numbers::steady(), table(100, 0))
}

/// A page takes 10 ms, so the transcript shows when each is read.
fn fifty() -> Router {
    with(numbers::steady(), table(50, 10))
}

/// As one reply these users take more than the 4 MiB that a client accepts.
fn huge() -> Router {
    with(numbers::steady(), table(100_000, 10))
}

/// The third page of two users cannot be read.
fn broken() -> Router {
    let table = UserTable {
        fails_at: Some(2),
        ..table(FEW, 10)
    };
    with(numbers::steady(), table)
}

fn mine() -> Router {
    let table = Arc::new(table(FEW, 0));
    let numbers = StreamServiceServer::new(numbers::steady());
    Server::builder().add_routes(SUBJECT(table).add_service(numbers))
}

fn with(numbers: Numbers, table: UserTable) -> Router {
    Server::builder()
        .add_service(StreamServiceServer::new(numbers))
        .add_service(UserServiceServer::new(Users {
            table: Arc::new(table),
        }))
}

fn table(users: usize, page_takes_ms: u64) -> UserTable {
    UserTable {
        users,
        page_takes: Duration::from_millis(page_takes_ms),
        ..UserTable::default()
    }
}
