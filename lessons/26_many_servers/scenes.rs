//! The scenes: who takes part, and what stands behind the rooms.

use std::time::Duration;

use workbook::{HostRouter, Live, Network, Outcome, Scene};

use super::broken::{
    self, Position, Worth, any, behind_last, from_last, from_now_on, only_unavailable,
};
use super::client::{self, Comes, LAST, lobby};
use super::in_process::InProcess;
use super::lab_broker::{self, BROKER};
use super::{operator, servers};

const FAULTS: &str = "only the lab can kill a server at a given time";
const RACES: &str = "on the real clock the listeners and the speaker race";
const MINUTES: &str = "it takes ten minutes, which only the lab's clock can skip";

/// Frames and lines that differ only in numbers are shown this often.
const ELIDED: usize = 2;

pub fn all() -> Vec<Scene> {
    vec![
        of_two(
            "broken",
            "two servers, each with rooms of its own",
            servers::alone,
        ),
        with_broker(of_two(
            "fixed",
            "two servers, and a broker behind them",
            servers::brokered,
        )),
        Scene::with_cast("worlds", "a position of one server, used at the other")
            .client("carol", client::moves_between_worlds)
            .server_at("a", servers::alone)
            .server_at("b", servers::alone),
        of_kills(
            "from_now",
            "20 kills, and the member listens from now on",
            |network| client::resumes(network, (from_now_on as Position, any as Worth)),
        ),
        of_kills(
            "last",
            "20 kills, and the member asks for its last message again",
            |network| client::resumes(network, (from_last as Position, any as Worth)),
        ),
        of_kills(
            "unavailable",
            "20 kills, and the member moves only on Unavailable",
            |network| {
                client::resumes(
                    network,
                    (behind_last as Position, only_unavailable as Worth),
                )
            },
        ),
        of_kills(
            "moves",
            "20 kills, and the member goes on behind its last message",
            client::moves,
        ),
        of_outage(
            "buffered",
            "the broker is down, and the server says OK",
            servers::buffered,
        ),
        of_outage(
            "outage",
            "the broker is down, and the server says so",
            servers::brokered,
        ),
        of_answer(
            "again",
            "an answer is lost, and the message is said again",
            "",
        ),
        of_answer("same_id", "the same, and the message has an id", "bob-1"),
        of_seam("seam", "history first, and then from now on", |client| {
            Box::pin(broken::history_then_listen(client, lobby(), LAST))
        }),
        of_seam("overlap", "from now on, and then history", |client| {
            Box::pin(broken::listen_then_history(client, lobby(), LAST))
        }),
        of_seam("cursor", "one call, behind a position", |client| {
            Box::pin(client::listen_behind(client, lobby(), LAST))
        }),
        of_eight(
            "late",
            "a server that comes late gets no stream",
            servers::brokered,
        ),
        of_eight("age", "the same, and no stream grows old", servers::aging),
        Scene::new(
            "whole",
            "one server, one member",
            servers::one,
            client::whole,
        )
        .for_any_server(),
    ]
}

/// Ada is at a, bob is at b.
fn of_two(name: &'static str, title: &'static str, server: fn(&Network) -> HostRouter) -> Scene {
    let (first, second) = (Duration::from_millis(100), Duration::from_millis(200));
    Scene::with_cast(name, title)
        .client("ada", move |network| client::talks(network, "a", first))
        .client("bob", move |network| client::talks(network, "b", second))
        .server_at("a", server)
        .server_at("b", server)
}

/// Adds the broker, with a disk that outlives its crashes.
fn with_broker(scene: Scene) -> Scene {
    let disk = InProcess::default();
    scene.server_at(BROKER, move |network| lab_broker::serve(network, &disk))
}

/// Ada listens at the server that is killed next, bob speaks to the broker.
fn of_kills<F>(name: &'static str, title: &'static str, ada: fn(Network) -> F) -> Scene
where
    F: Future<Output = Outcome> + 'static,
{
    let scene = Scene::with_cast(name, title)
        .client("operator", operator::kills)
        .client("ada", ada)
        .client("bob", client::publishes)
        .server_at("a", servers::brokered)
        .server_at("b", servers::brokered);
    with_broker(scene)
        .elide_after(ELIDED)
        .live(Live::LabOnly(FAULTS))
}

/// Ada listens at a, bob speaks at b, and the broker is down for two seconds.
fn of_outage(name: &'static str, title: &'static str, b: fn(&Network) -> HostRouter) -> Scene {
    let scene = Scene::with_cast(name, title)
        .client("operator", operator::outage)
        .client("ada", client::moves)
        .client("bob", client::says)
        .server_at("a", servers::brokered)
        .server_at("b", b);
    with_broker(scene)
        .elide_after(ELIDED)
        .live(Live::LabOnly(FAULTS))
}

/// Bob's server is killed between the broker's answer and its own.
fn of_answer(name: &'static str, title: &'static str, id: &'static str) -> Scene {
    let scene = Scene::with_cast(name, title)
        .client("operator", operator::loses_an_answer)
        .client("bob", move |network| client::says_again(network, id))
        .server_at("a", servers::brokered)
        .server_at("b", servers::brokered);
    with_broker(scene).live(Live::LabOnly(FAULTS))
}

/// Twenty listeners come while bob speaks.
fn of_seam(name: &'static str, title: &'static str, comes: Comes) -> Scene {
    let scene = Scene::with_cast(name, title)
        .client("operator", operator::is_far)
        .client("listeners", move |network| client::come(network, comes))
        .client("bob", client::publishes)
        .server_at("a", servers::brokered);
    with_broker(scene)
        .elide_after(ELIDED)
        .live(Live::LabOnly(RACES))
}

/// Eight members, and a second server that starts after ten seconds.
fn of_eight(name: &'static str, title: &'static str, server: fn(&Network) -> HostRouter) -> Scene {
    let scene = Scene::with_cast(name, title)
        .client("operator", operator::starts_late)
        .client("members", client::eight)
        .client("bob", client::says_late)
        .server_at("a", server)
        .server_at("b", server);
    with_broker(scene)
        .elide_after(ELIDED)
        .live(Live::LabOnly(MINUTES))
}
