//! tonic's part in `.ci/peers`: a server whose streams end as they are asked to, and a client that goes
//! away as it is told. It has a lesson's command line, so `--wire` shows the frames.

mod client;
mod server;

use std::process::ExitCode;

use workbook::grade::Check;
use workbook::proto::files::file_service_server::SERVICE_NAME;
use workbook::{Lesson, Scene};

fn main() -> ExitCode {
    let services = &[SERVICE_NAME, "chat.v1.ChatService"];
    Lesson::new(
        "peers",
        "peers of other languages",
        services,
        server::router,
        Check::new,
    )
    .scene(
        Scene::new(
            "told",
            "a client that is told how to end",
            server::router,
            client::told,
        )
        .for_any_server(),
    )
    .run()
}
