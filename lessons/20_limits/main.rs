//! Lesson 20, limits: what each limit counts, what the peer sees of it, and a limit on streams.

mod broken;
mod calls;
mod check;
mod client;
mod client_permits;
mod client_texts;
mod client_uploads;
mod exercise;
mod feed;
mod fixed;
mod market;
mod subject;
mod texts;
mod uploads;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tonic::transport::Server;
use tonic::transport::server::Router;
use workbook::proto::greeter::greeter_service_server as greeter;
use workbook::proto::stocks::stock_service_server as stocks;
use workbook::{Lesson, Live, Network, Outcome, Scene};

use check::Allowed;
use market::{BUSY, DAY, Day, Market, QUIET, WORKING};
use subject::SUBJECT;

const HOUR: &str = "the client waits for an hour, which only the lab's clock can skip";
const SECONDS: &str = "the server waits for many seconds, which only the lab's clock can skip";
const PARTITION: &str = "only the lab can lose packets";
const RACE: &str = "over TCP the kernel's buffers hold a part of the upload, too";

const REFUSED: &str =
    "over TCP a request may be on its way when the call is refused for its metadata";
const LATENCY: &str = "a loopback connection has no latency, so no frame is on its way";

/// What `serve --mine` has room for.
const MINE: Allowed = Allowed {
    in_all: 3,
    per_client: 2,
    retry_after: Duration::from_millis(1500),
};
/// Frames and lines that differ only in numbers are shown this often.
const ELIDED: usize = 2;
/// All ten streams are shown where the times of their opening matter.
const TEN: usize = 10;

fn main() -> ExitCode {
    Lesson::new(
        "20_limits",
        "limits",
        &[stocks::SERVICE_NAME, greeter::SERVICE_NAME],
        open,
        || check::check(SUBJECT),
    )
    .mine(|| SUBJECT(MINE, Arc::new(Market(DAY))).router)
    .grpcurl(&[
        r#"-max-time 2.5 -d '{"symbol":"ACME"}' ADDR stocks.v1.StockService/GetRealTimePrices"#,
        r#"-d '{"name":"Ada"}' ADDR greeter.v1.GreeterService/SayHi"#,
    ])
    .scene(of_ten(
        "broken",
        "a concurrency limit of 2, and ten streams",
        || broken::concurrency_limit(WORKING),
    ))
    .scene(
        Scene::new(
            "shed",
            "the same with load_shed, and ten more",
            || broken::load_shed(WORKING),
            client::ten_twice,
        )
        .elide_after(ELIDED),
    )
    .scene(
        Scene::new(
            "no_limit",
            "300 streams on one connection",
            || market(QUIET),
            client::three_hundred,
        )
        .shows_opening()
        .elide_after(ELIDED),
    )
    .scene(
        Scene::new(
            "silence",
            "at most 100 calls on a connection",
            || broken::max_concurrent_streams(QUIET),
            client::silence,
        )
        .elide_after(ELIDED)
        .live(Live::LabOnly(HOUR)),
    )
    .scene(Scene::new(
        "handler",
        "a permit that the handler holds",
        || broken::PermitInTheHandler::router(QUIET),
        client::three,
    ))
    .scene(
        Scene::new(
            "fixed",
            "a permit in the response stream",
            open,
            client_permits::fixed,
        )
        .live(Live::LabOnly(SECONDS)),
    )
    .scene(
        Scene::new(
            "unread",
            "two streams that are not read",
            open,
            client_permits::unread,
        )
        .elide_after(ELIDED)
        .live(Live::LabOnly(HOUR)),
    )
    .scene(
        Scene::with_cast("vanished", "a client that has vanished")
            .client("ada", client_permits::vanishes)
            .client("bob", client_permits::asks_twice)
            .server("market", || fixed::Limited::router(QUIET))
            .live(Live::LabOnly(PARTITION)),
    )
    .scene(
        Scene::new(
            "upload",
            "one upload that is not read",
            uploads::with_defaults,
            client_uploads::upload,
        )
        .elide_after(ELIDED)
        .live(Live::LabOnly(RACE)),
    )
    .scene(
        Scene::new(
            "upload_fixed",
            "windows with room for every upload",
            uploads::with_room,
            client_uploads::five_uploads,
        )
        .elide_after(ELIDED)
        .live(Live::LabOnly(RACE)),
    )
    .scene(
        Scene::new(
            "texts",
            "long texts in a status, and long metadata",
            texts::as_it_is,
            client_texts::texts,
        )
        .live(Live::LabOnly(REFUSED)),
    )
    .scene(Scene::new(
        "brief",
        "short texts, and room for metadata",
        texts::brief,
        client_texts::texts,
    ))
    .scene(of_drops(
        "drops",
        "streams that are dropped early",
        client_texts::drops,
    ))
    .scene(of_drops(
        "drops_uncounted",
        "the same, and the client does not count",
        client_texts::drops_uncounted,
    ))
    .scene(
        Scene::new(
            "retries",
            "a refused client comes back when it is told to",
            open,
            client_permits::retries,
        )
        .for_any_server(),
    )
    .run()
}

fn of_ten(name: &'static str, title: &'static str, server: fn() -> Router) -> Scene {
    Scene::new(name, title, server, client::ten).elide_after(TEN)
}

fn of_drops<F: Future<Output = Outcome> + 'static>(
    name: &'static str,
    title: &'static str,
    client: fn(Network) -> F,
) -> Scene {
    Scene::new(name, title, || market(BUSY), client)
        .elide_after(ELIDED)
        .live(Live::LabOnly(LATENCY))
}

fn market(day: Day) -> Router {
    Server::builder().add_service(stocks::StockServiceServer::new(Market(day)))
}

fn open() -> Router {
    fixed::Limited::router(DAY)
}
