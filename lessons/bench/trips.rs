//! Round trips on one stream, by the threads that take part in them.

use std::pin::Pin;

use tonic::transport::Channel;

use crate::messages::{Sample, round_trips};
use crate::switches::counted;
use crate::ways::{Servers, Way, compared, on_one_thread, with_channel};

const ECHO: &str = "a message and its echo";

/// How many a second.
pub fn rates(servers: &Servers, count: i32) -> Vec<Way> {
    let mut ways: Vec<Way> = in_threads(servers, count).into();
    // The first of these is tonic as usual, once more.
    let with_peers = compared(ECHO, servers, ("round_trips", count), trips);
    ways.extend(with_peers.into_iter().skip(1));
    ways
}

/// How often a thread sleeps for one of them.
pub fn sleeps(servers: &Servers, count: i32) -> Vec<Way> {
    let [usual, server, both] = in_threads(servers, count);
    vec![
        counted(usual, &servers.tonic, count),
        counted(server, &servers.on_one_thread, count),
        counted(both, &servers.on_one_thread, count),
    ]
}

fn in_threads(servers: &Servers, count: i32) -> [Way; 3] {
    let one = &servers.on_one_thread;
    [
        with_channel(ECHO.to_owned(), &servers.tonic, count, trips),
        with_channel("the server on one thread".to_owned(), one, count, trips),
        on_one_thread("client and server on one thread each", one, count, trips),
    ]
}

fn trips(channel: Channel, count: i32) -> Pin<Box<dyn Future<Output = Sample>>> {
    Box::pin(round_trips(channel, count))
}
