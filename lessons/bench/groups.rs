//! What is measured: groups of ways to do the same thing. The first way of a group is what the others are
//! compared with.

use std::pin::Pin;
use std::rc::Rc;

use crate::messages::{self, Sample};
use crate::taps::Taps;
use crate::target::Target;
use crate::ways::{FEWER, Servers, Way, compared, way, with_channel};
use crate::{downloads, idle, trips};

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// Ways to do the same.
pub struct Group {
    pub name: &'static str,
    pub title: &'static str,
    /// What a sample counts.
    pub unit: &'static str,
    pub ways: Vec<Way>,
    /// Measured once in a `--quick` run: a sample takes seconds.
    pub is_slow: bool,
}

/// How much is done for one sample.
#[derive(Clone, Copy)]
pub struct Sizes {
    messages: i32,
    round_trips: i32,
    bytes: usize,
}

impl Sizes {
    pub fn of(quick: bool) -> Self {
        if quick {
            Self {
                messages: 100_000,
                round_trips: 3_000,
                bytes: 32 * MIB,
            }
        } else {
            Self {
                messages: 500_000,
                round_trips: 10_000,
                bytes: 128 * MIB,
            }
        }
    }
}

/// The groups that need the tap.
pub const TAPPED: [&str; 2] = ["tap", "tap_messages"];

/// All groups, in the order of the table.
pub fn all(servers: &Servers, sizes: Sizes) -> Vec<Group> {
    let tonic = &servers.tonic;
    let Sizes {
        messages,
        round_trips,
        bytes,
    } = sizes;
    let group = |name, title, unit, ways| Group {
        name,
        title,
        unit,
        ways,
        is_slow: false,
    };
    let only_tonic =
        |name: &'static str, count, sample| with_channel(name.to_owned(), tonic, count, sample);

    let mut record = compared(
        "messages that are ready",
        servers,
        ("record", messages),
        |channel, count| Box::pin(messages::record(channel, count)),
    );
    record.insert(
        1,
        only_tonic(
            "one by one, 500 a call",
            messages / FEWER,
            |channel, count| Box::pin(messages::record_one_by_one(channel, count)),
        ),
    );
    record.insert(
        2,
        only_tonic("100 points in a message", messages, |channel, count| {
            Box::pin(messages::batches(channel, count))
        }),
    );
    let mut route = compared(
        "messages that are ready",
        servers,
        ("route", messages),
        |channel, count| Box::pin(messages::route(channel, count)),
    );
    route.insert(
        1,
        only_tonic(
            "one by one, 500 a call",
            messages / FEWER,
            |channel, count| Box::pin(messages::route_one_by_one(channel, count)),
        ),
    );
    let mut calls = compared(
        "calls, one after the other",
        servers,
        ("calls", round_trips),
        |channel, count| Box::pin(messages::calls(channel, count)),
    );
    calls.insert(
        1,
        only_tonic("calls, 100 at once", round_trips * 3, |channel, count| {
            Box::pin(messages::calls_at_once(channel, count))
        }),
    );
    calls.insert(
        2,
        only_tonic(
            "a stream, one after the other",
            round_trips,
            |channel, count| Box::pin(messages::round_trips(channel, count)),
        ),
    );
    calls.insert(
        3,
        only_tonic(
            "a stream of messages that are ready",
            messages,
            |channel, count| Box::pin(messages::record(channel, count)),
        ),
    );
    vec![
        group(
            "list",
            "List: messages from the server",
            "messages/s",
            compared(
                "messages that are ready",
                servers,
                ("list", messages),
                |channel, count| Box::pin(messages::list(channel, count)),
            ),
        ),
        group(
            "record",
            "Record: messages from the client",
            "points/s",
            record,
        ),
        group(
            "route",
            "Route: messages there and back",
            "messages/s",
            route,
        ),
        group(
            "round_trips",
            "Round trips on one stream",
            "round trips/s",
            trips::rates(servers, round_trips),
        ),
        group(
            "sleeps",
            "How often a thread sleeps for a round trip, on both sides",
            "sleeps",
            trips::sleeps(servers, round_trips),
        ),
        group("calls", "Unary calls against a stream", "points/s", calls),
        group(
            "chunks",
            "A file, by the size of its chunks",
            "bytes/s",
            chunks(tonic, bytes),
        ),
        group(
            "first",
            "The first message, 5 ms after the headers",
            "s",
            first(tonic),
        ),
        group(
            "gzip",
            "gzip: bytes on the wire for each KiB of a file",
            "bytes/KiB",
            sizes_on_the_wire(tonic),
        ),
        group(
            "gzip_speed",
            "gzip: bytes of the file a second",
            "bytes/s",
            compressed(tonic, bytes / 4),
        ),
        group(
            TAPPED[0],
            "A file in chunks of 64 KiB, through a dev build of the tap",
            "bytes/s",
            tapped(servers, move |target| {
                Box::pin(async move {
                    downloads::chunks(target.channel().await?, 64 * KIB, bytes).await
                })
            }),
        ),
        group(
            TAPPED[1],
            "Route, one by one, through a dev build of the tap",
            "messages/s",
            tapped(servers, move |target| {
                Box::pin(async move {
                    messages::route_one_by_one(target.channel().await?, messages / FEWER).await
                })
            }),
        ),
        Group {
            is_slow: true,
            ..group(
                "idle",
                "Memory of an idle Route, of 10,000 on 100 connections",
                "bytes",
                idle::ways(&servers.peers),
            )
        },
    ]
}

fn chunks(tonic: &Rc<Target>, total: usize) -> Vec<Way> {
    let sizes = [KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB, 4 * MIB];
    let each = sizes.map(|size| {
        let name = if size < MIB {
            format!("{} KiB", size / KIB)
        } else {
            format!("{} MiB", size / MIB)
        };
        // Small chunks take longer, and a rate does not depend on the size of the file.
        let total = if size < 16 * KIB { total / 4 } else { total };
        let target = Rc::clone(tonic);
        way(name, move || {
            let target = Rc::clone(&target);
            async move { downloads::chunks(target.channel().await?, size, total).await }
        })
    });
    each.into()
}

fn tapped(
    servers: &Servers,
    sample: impl Fn(Rc<Target>) -> Pin<Box<dyn Future<Output = Sample>>> + Copy + 'static,
) -> Vec<Way> {
    let mut targets = vec![("without a tap", &servers.tonic)];
    if let Some(Taps { quiet, printing }) = &servers.taps {
        targets.extend([("with --quiet", quiet), ("every frame printed", printing)]);
    }
    let each = targets.into_iter().map(|(name, target)| {
        let target = Rc::clone(target);
        way(name.to_owned(), move || sample(Rc::clone(&target)))
    });
    each.collect()
}

fn first(tonic: &Rc<Target>) -> Vec<Way> {
    let (with, without) = (Rc::clone(tonic), Rc::clone(tonic));
    vec![
        way("with TCP_NODELAY".to_owned(), move || {
            let target = Rc::clone(&with);
            async move { downloads::first_message(target.channel().await?).await }
        }),
        way("without it, at the server".to_owned(), move || {
            let target = Rc::clone(&without);
            async move { downloads::first_message(target.channel_without_nodelay().await?).await }
        }),
    ]
}

const COMPRESSIONS: [(&str, &str, bool); 4] = [
    ("as it is", "text", false),
    ("lines of a log", "text", true),
    ("zeros", "zeros", true),
    ("noise", "noise", true),
];

fn sizes_on_the_wire(tonic: &Rc<Target>) -> Vec<Way> {
    let each = COMPRESSIONS.map(|(name, kind, gzip)| {
        let target = Rc::clone(tonic);
        way(name.to_owned(), move || {
            let target = Rc::clone(&target);
            async move { downloads::bytes_for_a_kib(&target, kind, gzip).await }
        })
    });
    each.into()
}

fn compressed(tonic: &Rc<Target>, total: usize) -> Vec<Way> {
    let each = COMPRESSIONS.map(|(name, kind, gzip)| {
        let target = Rc::clone(tonic);
        way(name.to_owned(), move || {
            let target = Rc::clone(&target);
            async move { downloads::compressed(&target, kind, gzip, total).await }
        })
    });
    each.into()
}
