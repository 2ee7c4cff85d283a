//! Lesson 25, the browser: gRPC-Web, what a page can read of it, and who may call.

mod broken;
mod check;
mod client;
mod cors;
mod event;
mod exercise;
mod fetch;
mod fixed;
mod frame;
mod numbers;
mod proxy;
mod subject;
mod web;
mod wire;

use std::process::ExitCode;

use workbook::proto::stream::stream_service_server::SERVICE_NAME;
use workbook::{Lesson, Live, Network, Outcome, Scene};

use subject::SUBJECT;

const CUT: &str = "over TCP, where a chunk is cut is chance";
const KILLED: &str = "only the lab can kill a server of its own process";

fn main() -> ExitCode {
    Lesson::new(
        "25_browser",
        "the browser",
        &[SERVICE_NAME],
        web::http2_only,
        || check::check(SUBJECT),
    )
    .served_by(web::serves)
    .also_speaks(wire::web)
    .grpcurl(&[
        r#"-d '{"pt":{"value":3}}' ADDR stream.v1.StreamService/List"#,
        r#"-d '{"pt":{"name":"breaks","value":3}}' ADDR stream.v1.StreamService/List"#,
    ])
    .scene(
        Scene::with_cast("http2", "a server that speaks HTTP/2 alone")
            .client("page", client::calls_http2)
            .server("server", web::http2_only),
    )
    .scene(
        Scene::with_cast("no_layer", "HTTP/1.1, and the status in HTTP trailers")
            .client("page", client::sound)
            .server("server", web::without_layer),
    )
    .scene(
        page("broken", "a chunk is taken for a message", client::faulty).live(Live::LabOnly(CUT)),
    )
    .scene(page(
        "fixed",
        "frames are read out of the chunks",
        client::sound,
    ))
    .scene(in_pieces(
        "pieces",
        "a slow link, and a chunk for a message",
        client::faulty_in_pieces,
    ))
    .scene(in_pieces(
        "frames",
        "the same link, and frames",
        client::sound_in_pieces,
    ))
    .scene(in_pieces(
        "base64",
        "the text form, decoded a chunk at a time",
        client::faulty_text,
    ))
    .scene(in_pieces(
        "groups",
        "the same, decoded in groups of four",
        client::sound_text,
    ))
    .scene(page(
        "refused",
        "refused at once, and only the body is read",
        client::faulty_refused,
    ))
    .scene(page(
        "headers",
        "the same, and the headers are read",
        client::sound_refused,
    ))
    .scene(page(
        "failing",
        "an error after two numbers",
        client::sound_failing,
    ))
    .scene(truncated(
        "truncated",
        "a server that dies, and the end of the body is OK",
        client::faulty_truncated,
    ))
    .scene(truncated(
        "unknown",
        "the same, and a status is expected",
        client::sound_truncated,
    ))
    .scene(
        Scene::with_cast("abort", "a page that stops reading")
            .client("page", client::aborts)
            .server_at("server", web::serves),
    )
    .scene(page("cors", "who may call", client::asks))
    .scene(
        Scene::with_cast("unexposed", "a status that the page may not read")
            .client("page", client::reads_headers)
            .server_at("server", web::unexposed),
    )
    .scene(
        Scene::with_cast("without_cors", "a server without CORS")
            .client("page", client::reads_headers)
            .server_at("server", web::without_cors),
    )
    .scene(
        Scene::with_cast("first", "three numbers, one by one, and a status")
            .client("client", client::sound)
            .server_at("server", web::serves)
            .for_any_server(),
    )
    .run()
}

/// A page, and a server whose numbers are all ready at once.
fn page<F>(name: &'static str, title: &'static str, client: fn(Network) -> F) -> Scene
where
    F: Future<Output = Outcome> + 'static,
{
    Scene::with_cast(name, title)
        .client("page", client)
        .server_at("server", web::at_once)
}

/// The same, and what lies between them cuts bytes anywhere.
fn in_pieces<F>(name: &'static str, title: &'static str, client: fn(Network) -> F) -> Scene
where
    F: Future<Output = Outcome> + 'static,
{
    Scene::with_cast(name, title)
        .client("page", client)
        .relay("proxy", proxy::in_pieces)
        .server_at("server", web::at_once)
        .elide_after(ELIDED)
        .live(Live::LabOnly(CUT))
}

/// Lines that differ only in numbers are shown this often.
const ELIDED: usize = 4;

/// A server that is killed between two numbers, and a proxy that does not say so.
fn truncated<F>(name: &'static str, title: &'static str, client: fn(Network) -> F) -> Scene
where
    F: Future<Output = Outcome> + 'static,
{
    Scene::with_cast(name, title)
        .client("page", client)
        .client("operator", client::kills)
        .relay("proxy", proxy::ends_bodies)
        .server_at("server", web::serves)
        .live(Live::LabOnly(KILLED))
}
