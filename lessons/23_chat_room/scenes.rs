//! The scenes: who is in the room, and what happens to it.

use std::time::Duration;

use tonic::transport::Server;
use tracing::info;
use workbook::graceful::{End, Graceful, Shutdown};
use workbook::lesson::Listener;
use workbook::proto::rooms::room_service_server::{RoomServiceServer, SERVICE_NAME};
use workbook::{HostRouter, Live, Network, Scene, Signal};

use super::broken::{Joins, Naive};
use super::limits::{LIMITS, Limits, TOKEN};
use super::locked::Locked;
use super::rooms::Rooms;
use super::service::{Service, builder};
use super::token::Tokens;
use super::{client, crowd, operator};

const FAULTS: Live = Live::LabOnly("only the lab can break a connection at a given time");
const MINUTE: Live = Live::LabOnly("it lasts a minute, which only the lab's clock can skip");
const TIGHT: Live = Live::LabOnly("a message a millisecond, which a real clock does not keep");
const RACE: Live = Live::LabOnly("over TCP refusals and messages race");
const CROWD: Live = Live::LabOnly("`.ci/capstones` is the same over TCP");

/// Frames and lines that differ only in numbers are shown this often.
const ELIDED: usize = 3;
/// A token that expires in a scene.
const SHORT: Duration = Duration::from_secs(10);
/// Where a member says a message a millisecond, and the history has all of them.
const FAST: Limits = Limits {
    a_second: 1_000,
    history: 100,
    ..LIMITS
};
/// A room that keeps little.
const LITTLE: Limits = Limits { kept: 8, ..LIMITS };
/// A room that is soon full.
const SMALL: Limits = Limits {
    members: 2,
    ..LIMITS
};

pub fn all() -> Vec<Scene> {
    vec![
        naive(
            "missed",
            "the history is read, then bob subscribes",
            Joins::HistoryFirst,
            TOKEN,
        )
        .client("ada", client::talks)
        .client("bob", client::joins_meanwhile)
        .live(TIGHT),
        naive(
            "repeated",
            "bob subscribes, then the history is read",
            Joins::SubscribesFirst,
            TOKEN,
        )
        .client("ada", client::talks)
        .client("bob", client::joins_meanwhile)
        .live(TIGHT),
        room("seam", "one log, and a position in it", FAST, TOKEN)
            .client("ada", client::talks)
            .client("bob", client::joins_meanwhile)
            .live(TIGHT),
        cast("locked", "a lock is held while a member is waited for")
            .server("server", || {
                Server::builder()
                    .add_service(RoomServiceServer::new(Locked::new(Tokens::new(TOKEN))))
            })
            .client("slow", client::slow)
            .client("bob", client::reads)
            .client("ada", client::talks_steadily)
            .live(MINUTE),
        room(
            "slow",
            "each member reads the log at its own pace",
            LITTLE,
            Duration::from_secs(600),
        )
        .client("slow", client::slow)
        .client("bob", client::reads)
        .client("ada", client::talks_steadily)
        .live(MINUTE),
        naive(
            "ghost",
            "a member is cut off, and stays in the list",
            Joins::SubscribesFirst,
            TOKEN,
        )
        .client("bob", client::is_cut)
        .client("carol", client::looks)
        .client("operator", operator::cuts)
        .live(FAULTS),
        room(
            "gone",
            "the member is a value, and is dropped",
            LIMITS,
            Duration::from_secs(600),
        )
        .client("bob", client::is_cut)
        .client("carol", client::looks)
        .client("operator", operator::cuts)
        .live(FAULTS),
        naive(
            "overstays",
            "the token is checked when the call begins",
            Joins::SubscribesFirst,
            SHORT,
        )
        .client("bob", client::overstays)
        .live(MINUTE),
        room("expired", "the stay ends with its token", LIMITS, SHORT)
            .client("ada", |network| {
                client::member(network, "ada", &[(12_000, "twelve")], 15_000)
            })
            .client("bob", |network| {
                client::without_renewal(network, "bob", &[], 15_000)
            })
            .live(MINUTE),
        room("black_hole", "40 s without packets", LIMITS, TOKEN)
            .client("ada", |network| {
                let lines = &[(1_000, "one"), (10_000, "two"), (30_000, "three")];
                client::member(network, "ada", lines, 60_000)
            })
            .client("bob", |network| {
                client::member(network, "bob", &[(2_000, "here"), (3_000, "lost?")], 60_000)
            })
            .client("operator", operator::black_hole)
            .live(FAULTS),
        room("phone", "the newer stay of a name wins", LIMITS, TOKEN)
            .client("ada", |network| {
                client::member(network, "ada", &[(1_500, "one"), (6_500, "two")], 8_500)
            })
            .client("bob", |network| {
                client::later(network, 200, "bob", &[], 8_000)
            })
            .client("phone", |network| {
                client::later(network, 4_000, "bob", &[(1_500, "from my phone")], 4_200)
            }),
        room(
            "restart",
            "the server crashes, and is back after 2 s",
            LIMITS,
            TOKEN,
        )
        .client("ada", |network| {
            let lines = &[
                (1_000, "one"),
                (2_000, "two"),
                (3_000, "three"),
                (6_000, "four"),
            ];
            client::member(network, "ada", lines, 9_000)
        })
        .client("bob", |network| {
            client::member(network, "bob", &[(2_600, "well?")], 9_000)
        })
        .client("operator", operator::restarts)
        .live(FAULTS),
        // One connection: tonic tells its connections of the end in random order (tokio's `watch`).
        cast("shutdown", "the server is asked to end")
            .program("server", ends)
            .client("ada", |network| client::until_told(network, "ada"))
            .live(FAULTS),
        room("limits", "too long, too fast, too many", SMALL, TOKEN)
            .client("ada", client::tries)
            .live(RACE),
        room("thousand", "a thousand members", LIMITS, TOKEN)
            .client("crowd", crowd::thousand)
            .live(CROWD),
        room("chat", "two members talk", LIMITS, TOKEN)
            .client("client", |network| {
                client::member(network, "ada", &[(500, "hi"), (1_700, "good")], 2_500)
            })
            .client("bob", |network| {
                client::later(network, 200, "bob", &[(1_100, "hello, ada")], 2_000)
            })
            .for_any_server(),
    ]
}

fn cast(name: &'static str, title: &'static str) -> Scene {
    Scene::with_cast(name, title).elide_after(ELIDED)
}

fn naive(name: &'static str, title: &'static str, joins: Joins, lasts: Duration) -> Scene {
    cast(name, title).server_at("server", move |_| {
        let naive = Naive::new(Tokens::new(lasts), joins);
        Server::builder().add_service(RoomServiceServer::new(naive))
    })
}

/// A scene with the sound room. Its messages outlive its server.
fn room(name: &'static str, title: &'static str, limits: Limits, lasts: Duration) -> Scene {
    let rooms = Rooms::new(limits);
    cast(name, title).server_at("server", move |network| -> HostRouter {
        let service = Service::new(rooms.clone(), Tokens::new(lasts), Shutdown::default());
        builder().layer(network.layer()).add_service(service)
    })
}

// ANCHOR: ends
/// A server that ends as lesson 19 says, two seconds after it began.
async fn ends(network: Network, incoming: Listener, asked: Signal) {
    let shutdown = Shutdown::default();
    let service = Service::new(Rooms::new(LIMITS), Tokens::new(TOKEN), shutdown.clone());
    let router = builder().layer(network.layer()).add_service(service);
    let graceful = Graceful {
        shutdown: shutdown.clone(),
        health: tonic_health::server::HealthReporter::new(),
        services: &[SERVICE_NAME],
        notice: Duration::ZERO,
        deadline: Duration::from_secs(5),
    };
    let signal = async {
        tokio::select! {
            biased;
            () = asked => {}
            () = tokio::time::sleep(Duration::from_secs(2)) => {}
        }
        info!(step = "sigterm", "SIGTERM");
    };
    let serving = router.serve_with_incoming_shutdown(incoming, shutdown.closed());
    match graceful.run(serving, signal).await {
        Ok(End::Drained) => info!(step = "returns", "all stays have ended: the process ends"),
        Ok(End::Late) => info!(step = "late", "the deadline: the process ends"),
        Err(error) => info!(step = "fails", "serve fails: {error}"),
    }
}
// ANCHOR_END: ends
