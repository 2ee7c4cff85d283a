//! What chapter 19 claims in numbers.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tonic::transport::Server;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_health::pb::health_server::HealthServer;
use tonic_health::server::{HealthReporter, HealthService};
use workbook::graceful::Shutdown;
use workbook::lab::{Lab, SERVER};
use workbook::run::What;
use workbook::wire::Direction::{ToClient, ToServer};
use workbook::wire::{Body, Frame};

use super::events::{Events, last, scene};
use super::frames::{grpc_status, headers};
use crate::support::facts::{assert_facts, fact};

#[test]
fn facts_of_lesson_19() {
    let [hang, in_order, age, grace] = ["hang", "in_order", "age", "grace"].map(of);
    for name in ["hang", "unread", "dropped", "watched"] {
        let far = of(name).frames(ToClient, goaway);
        let announced = [u32::MAX >> 1, 1];
        let lasts: Vec<u32> = far.iter().map(|(_, last)| *last).collect();
        assert_eq!(lasts, announced, "{name}: two GOAWAYs");
        assert_eq!(of(name).frames(ToClient, ping).len(), 1, "{name}: a PING");
    }
    for name in ["unread", "dropped"] {
        let told = of(name).frames(ToClient, grpc_status);
        assert!(
            told.iter().all(|(at, _)| at.as_secs() == 3600),
            "{name}: no status before the client reads"
        );
    }
    assert_eq!(of("in_order").text("client", "greeting"), "OK");
    assert!(
        in_order.time_of("balancer", "step", "leaves")
            < in_order.time_of("exchange", "step", "goaway")
    );
    let told = in_order.after("exchange", "step", "told");
    assert_eq!(told.frame(ToClient, grpc_status).1, "14");
    assert_eq!(
        of("elsewhere").numbers("client", "price"),
        [1, 2],
        "no price is missing"
    );
    assert_eq!(grace.frames(ToClient, goaway).len(), 0, "no notice at all");
    assert_eq!(
        grace.frames(ToServer, headers).len(),
        3,
        "all calls on one connection"
    );
    assert_eq!(
        age.numbers("client", "price").len(),
        11,
        "the stream is not ended"
    );
    assert_eq!(greetings(age), ["Cancelled", "OK"]);
    let sent = age.frames(ToServer, headers).len();
    assert_eq!(sent, 2, "nothing was sent of the call that is Cancelled");
    assert_eq!(greetings(grace), ["OK", "OK"]);
    assert_facts(
        "19_shutdown",
        &[
            fact(
                "goaway_ms",
                ms(hang.frame(ToClient, goaway).0),
                "ms after which the server sends GOAWAY",
            ),
            fact(
                "hang_s",
                step(hang, "returns").as_secs(),
                "s after which `serve` returns, when the client drops its stream after an hour",
            )
            .issue(1820),
            fact(
                "hang_prices",
                hang.count("client", "price"),
                "prices that the client gets after the signal",
            ),
            fact(
                "abort_stream",
                of("abort").text("client", "code"),
                "what a stream ends with, if the process ends at once",
            ),
            fact(
                "abort_greeting",
                of("abort").text("client", "greeting"),
                "what a greeting ends with that was being written",
            ),
            fact(
                "not_serving_ms",
                ms(step(in_order, "not_serving")),
                "ms after which health reports NOT_SERVING",
            ),
            fact(
                "notice_ms",
                ms(step(in_order, "goaway") - step(in_order, "not_serving")),
                "ms from then until GOAWAY",
            ),
            fact(
                "told_ms",
                ms(step(in_order, "told")),
                "ms after which the streams are told",
            ),
            fact(
                "told_code",
                in_order.text("client", "code"),
                "the code with which a stream ends that is told",
            ),
            fact(
                "returns_ms",
                ms(step(in_order, "returns")),
                "ms after which the last call ends, and `serve` returns",
            ),
            fact(
                "unread_s",
                step(of("unread"), "returns").as_secs(),
                "s after which a server without a deadline ends, when its client reads after an hour",
            ),
            fact(
                "unread_prices",
                of("unread").count("client", "price"),
                "prices that this client still gets",
            ),
            fact(
                "dropped_ms",
                ms(step(of("dropped"), "dropped")),
                "ms after which a server drops its future",
            ),
            fact(
                "dropped_prices",
                of("dropped")
                    .after("exchange", "step", "dropped")
                    .count("client", "price"),
                "prices that it sends after that, until the client disconnects",
            ),
            fact(
                "late_ms",
                ms(step(of("deadline"), "late")),
                "ms after which a process ends at its deadline",
            ),
            fact(
                "late_code",
                of("deadline").text("client", "code"),
                "what a client reads then that had not read",
            ),
            fact(
                "late_prices",
                of("deadline").count("client", "price"),
                "prices that had arrived before",
            ),
            fact(
                "silent_s",
                step(of("silent"), "returns").as_secs(),
                "s for which a connection that never sent a byte keeps a server (hyperium/hyper#4170)",
            ),
            fact(
                "silent_late_ms",
                ms(step(of("silent_deadline"), "late")),
                "ms after which the deadline ends that",
            ),
            fact(
                "watched_s",
                step(of("watched"), "returns").as_secs(),
                "s for which a client that watches the health keeps a server",
            ),
            fact(
                "watch_ends_ms",
                ms(step(of("watch_ends"), "returns")),
                "ms after which it ends, if the statuses are removed",
            ),
            fact(
                "age_ms",
                ms(age.frame(ToClient, goaway).0),
                "ms after which a connection with an age of 5 s gets GOAWAY",
            ),
            fact(
                "age_price_s",
                last(age.times("client", "price")).as_secs_f64(),
                "s after which its stream still brings a price",
            ),
            fact(
                "age_code",
                greetings(age)[0],
                "what the first call on it ends with after that",
            )
            .issue(2185),
            fact(
                "grace_goaways",
                grace.frames(ToClient, goaway).len(),
                "GOAWAYs that a connection with an age of 5 s and a grace of 3 s gets",
            )
            .issue(2877),
            fact(
                "grace_calls",
                grace.count("client", "greeting"),
                "calls that it still takes between 5 s and 8 s",
            )
            .issue(2877),
            fact(
                "grace_ms",
                ms(grace.time("client", "code")),
                "ms after which it is cut",
            )
            .issue(2877),
            fact(
                "grace_code",
                grace.text("client", "code"),
                "what its stream ends with",
            )
            .issue(2877),
            fact(
                "orders",
                orders(),
                "orders in which GOAWAY and the end of a stream leave a server, if both are caused in one instant",
            ),
        ],
    );
}

fn of(name: &str) -> Events {
    scene("19", name)
}

/// When the exchange says this step.
fn step(scene: Events, step: &str) -> Duration {
    scene.time_of("exchange", "step", step)
}

fn ms(time: Duration) -> u128 {
    time.as_millis()
}

fn greetings(scene: Events) -> Vec<&'static str> {
    let greetings = scene.lines("client", "greeting");
    greetings
        .filter_map(|fields| fields.text("greeting"))
        .collect()
}

/// The last stream that a GOAWAY names.
fn goaway(frame: &Frame) -> Option<u32> {
    match frame.body {
        Body::GoAway { last, code: 0, .. } => Some(last),
        _ => None,
    }
}

fn ping(frame: &Frame) -> Option<()> {
    matches!(frame.body, Body::Ping { ack: false }).then_some(())
}

/// In how many orders the two leave a server. Of 40 runs, 28 had one order and 12 the other, so that 80
/// runs of the same order mean that tonic has changed.
fn orders() -> usize {
    let runs = (0..80).map(|_| goaway_is_first());
    runs.collect::<std::collections::BTreeSet<bool>>().len()
}

/// A stream of the health service ends in the instant of the GOAWAY.
fn goaway_is_first() -> bool {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sees = Arc::clone(&seen);
    let lab = Lab::watched(move |event| {
        if let What::Frame { frame, .. } = &event.what
            && frame.direction == ToClient
        {
            let first = match goaway(frame).is_some() {
                true => Some(true),
                false => grpc_status(frame).map(|_| false),
            };
            sees.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .extend(first);
        }
    });
    lab.run(async |lab| {
        let (mut health, shutdown) = (HealthReporter::new(), Shutdown::default());
        let service = HealthServer::new(HealthService::from_health_reporter(health.clone()));
        let router = Server::builder().add_service(service);
        let closed = shutdown.closed();
        let process = lab.host(SERVER).process(|incoming, _| async move {
            // Its end is what counts.
            let _ = router.serve_with_incoming_shutdown(incoming, closed).await;
        });
        let channel = lab.channel().await.expect("it listens");
        let watch = HealthClient::new(channel)
            .watch(HealthCheckRequest::default())
            .await;
        let mut watch = watch.expect("it answers").into_inner();
        watch.message().await.expect("it serves");
        lab.sleep(Duration::from_millis(10)).await;
        shutdown.close();
        health.clear_service_status("").await;
        assert!(watch.message().await.expect("it ends well").is_none());
        drop(process);
    });
    let seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    seen[0]
}
