//! Lesson 18, resume: a channel connects again by itself, and a stream does not.

mod account;
mod attempts;
mod away;
mod backoff;
mod check;
mod client;
mod codes;
mod days;
mod exercise;
mod follow;
mod following;
mod herd;
mod inbox;
mod jitter;
mod log;
mod mortal;
mod operator;
mod received;
mod retry;
mod scenes;
mod subject;

use std::process::ExitCode;

use workbook::proto::events::event_service_server::SERVICE_NAME;
use workbook::{Lesson, Live, Scene};

use attempts::{any, from_behind_last, from_every_fifth, from_last, from_start, only_unavailable};
use days::{CLOSING, SLOW, STORED, growing};
use herd::{full_jitter, without_jitter};
use scenes::{ELIDED, ELIDED_LATER, FAULTS, of_absence, of_cuts, of_death, of_herd};
use scenes::{serve, several, short, stored};
use subject::SUBJECT;

fn main() -> ExitCode {
    Lesson::new("18_resume", "resume", &[SERVICE_NAME], short, || {
        check::check(SUBJECT)
    })
    .grpcurl(&[
        r#"-d '{"from":"4"}' ADDR events.v1.EventService/Follow"#,
        r#"-d '{"from":"1"}' ADDR events.v1.EventService/Follow"#,
        "ADDR events.v1.EventService/GetSnapshot",
    ])
    .scene(
        Scene::with_cast("broken", "a channel connects again, a stream does not")
            .client("client", client::restarted)
            .client("operator", operator::restarts)
            .server("server", stored)
            .live(Live::LabOnly(FAULTS)),
    )
    .scene(of_cuts(
        "start",
        "calls again from the start",
        (from_start, any),
    ))
    .scene(of_cuts(
        "unavailable",
        "calls again only on Unavailable",
        (from_behind_last, only_unavailable),
    ))
    .scene(of_cuts(
        "last",
        "calls again from the last event",
        (from_last, any),
    ))
    .scene(of_cuts(
        "fifth",
        "notes every fifth position",
        (from_every_fifth, any),
    ))
    .scene(of_cuts(
        "behind",
        "calls again from behind the last event",
        (from_behind_last, any),
    ))
    .scene(
        Scene::with_cast("codes", "which code for which cause")
            .client("client", codes::by_cause)
            .server_at("server", |network| several(network, STORED))
            .server_at("closing", |network| several(network, CLOSING))
            .server_at("growing", |network| several(network, growing()))
            .elide_after(ELIDED)
            .live(Live::LabOnly(FAULTS)),
    )
    .scene(
        Scene::with_cast("goaway", "the first call after a GOAWAY")
            .client("client", codes::goaway)
            .server("server", stored)
            .elide_after(ELIDED)
            .live(Live::LabOnly(FAULTS)),
    )
    .scene(of_herd(
        "herd",
        "a hundred clients without jitter",
        without_jitter,
    ))
    .scene(of_herd(
        "jitter",
        "a hundred clients with full jitter",
        full_jitter,
    ))
    .scene(
        Scene::with_cast("fixed", "a follower through all of it")
            .client("client", client::whole)
            .client("operator", operator::everything)
            .server("server", || serve(SLOW))
            .elide_after(ELIDED_LATER)
            .live(Live::LabOnly(FAULTS)),
    )
    .scene(
        Scene::with_cast("budget", "a server that does not come back")
            .client("client", client::whole)
            .client("operator", operator::crash)
            .server("server", stored)
            .elide_after(ELIDED_LATER)
            .live(Live::LabOnly(FAULTS)),
    )
    .scene(of_death(
        "early",
        "the position is noted first",
        async |network| mortal::dies(network, account::note_early).await,
    ))
    .scene(of_death(
        "late",
        "the position is noted last",
        async |network| mortal::dies(network, account::note_late).await,
    ))
    .scene(of_death(
        "together",
        "booked and noted in one write",
        async |network| mortal::dies(network, account::note_together).await,
    ))
    .scene(of_absence(
        "back",
        "back after 200 ms: nothing is missing",
        200,
    ))
    .scene(of_absence(
        "gone",
        "back after 600 ms: the position is gone",
        600,
    ))
    .scene(Scene::new("whole", "the log as it is", short, client::whole_of_any).for_any_server())
    .run()
}
