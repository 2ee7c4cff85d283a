//! More servers: sound ones that need all that a promise allows, and others that break one in a way that a
//! careless test does not see.

use std::time::Duration;

use tonic::transport::Server;

use super::super::faulty_calls::InTurn;
use super::super::faulty_more::{CallsItCancelled, ChangesTheCode, LosesThePoints, StoresNothing};
use super::super::promise::Promise;
use super::super::servers::{Named, serve, serve_with, server};
use super::super::service::Sound;
use super::super::sound::{LetsGoLate, WithTasks};

/// Nearly the 32 points that a server may make for a client that does not read.
const QUEUE: usize = 24;
/// Twice this is nearly the minute in which a server may notice that its client has vanished.
const SLOW_KEEPALIVE: Duration = Duration::from_secs(25);
/// Nearly a minute that a subscriber waits for another one.
const FOR_A_WHILE: Duration = Duration::from_secs(50);

/// They keep all promises, and need nearly all that these allow.
pub const JUST_SOUND: [Named; 3] = [
    server("the sound server with a long queue", |lab| {
        serve(lab, WithTasks { queue: QUEUE })
    }),
    server("the sound server that lets go late", |lab| {
        serve(lab, LetsGoLate)
    }),
    server("the sound server with a slow keepalive", |lab| {
        let slow = Server::builder()
            .http2_keepalive_interval(Some(SLOW_KEEPALIVE))
            .http2_keepalive_timeout(Some(SLOW_KEEPALIVE));
        serve_with(lab, slow, Sound)
    }),
];

/// Each breaks that promise in another way.
pub const ALSO_FAULTY: [(Promise, Named); 5] = [
    (
        Promise::Stored,
        server("the server that stores nothing", |lab| {
            serve(lab, StoresNothing)
        }),
    ),
    (
        Promise::Broken,
        server("the server that changes the code", |lab| {
            serve(lab, ChangesTheCode)
        }),
    ),
    (
        Promise::Broken,
        server("the server that loses the points before an error", |lab| {
            serve(lab, LosesThePoints)
        }),
    ),
    (
        Promise::Deadline,
        server("the server that calls it cancelled", |lab| {
            serve(lab, CallsItCancelled)
        }),
    ),
    (
        Promise::Neighbours,
        server(
            "the server that waits for each subscriber for 50 s",
            |lab| serve(lab, InTurn::waiting(FOR_A_WHILE)),
        ),
    ),
];
