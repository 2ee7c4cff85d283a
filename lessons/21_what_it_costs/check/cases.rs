//! The cases of the check's tables: how the points come, when the server answers, and when a call is dropped.

use std::time::Duration;

use super::server::Plan;
use super::source::Points;
use super::{HOUR, KIB, MS, SECOND};

/// Points that end, and are all due at the server.
pub fn that_end() -> [(&'static str, Points); 5] {
    [
        ("no point", Points::none()),
        ("one point", Points::none().at_once(1)),
        ("250 points", Points::none().at_once(250)),
        ("300 points of 1,024 bytes", Points::none().sized(300, KIB)),
        ("a point every 7 ms", every(7)),
    ]
}

/// Points that end when a careless sender has nothing left.
pub fn that_leave_nothing() -> [(&'static str, Points); 3] {
    [
        ("no point", Points::none()),
        ("100 points", Points::none().at_once(100)),
        (
            "ten seconds of silence",
            Points::none().at_once(1).wait(SECOND * 10),
        ),
    ]
}

/// Points that do not end, and never fill a batch in time.
pub fn that_wait() -> [(&'static str, Points); 7] {
    let fifties = (0..6).fold(Points::none(), |points, _| points.at_once(50).wait(MS * 25));
    [
        ("one point, then silence", Points::none().at_once(1)),
        ("99 points, then silence", Points::none().at_once(99)),
        (
            "ten seconds of silence first",
            Points::none().wait(SECOND * 10).at_once(2),
        ),
        ("a point every 3 ms", every(3)),
        ("a point every 19 ms", every(19)),
        ("a point every 30 ms", every(30)),
        ("fifty points every 25 ms", fifties),
    ]
    .map(|(name, points)| (name, points.then_silence()))
}

/// Points of which some batch gets full, and how many batches there are.
pub fn that_fill() -> [(&'static str, (Points, usize)); 6] {
    let huge_one = Points::none().at_once(3).sized(1, 100_000).at_once(3);
    [
        ("101 points, then silence", (Points::none().at_once(101), 2)),
        ("100 points, then silence", (Points::none().at_once(100), 1)),
        // Their own bytes are 64 KiB, and with tags and lengths they are more.
        (
            "64 points of 1,024 bytes, then silence",
            (Points::none().sized(64, KIB), 2),
        ),
        (
            "300 points of 1,024 bytes",
            (Points::none().sized(300, KIB), 5),
        ),
        (
            "9 points of 30,000 bytes",
            (Points::none().sized(9, 30_000), 5),
        ),
        ("one of 100,000 bytes between small ones", (huge_one, 3)),
    ]
    .map(|(name, (points, batches))| (name, (points.then_silence(), batches)))
}

/// After how many batches the server answers, whether it refuses, and the points.
pub fn answers() -> [(&'static str, (usize, bool, Points)); 5] {
    let one = || Points::none().at_once(1).then_silence();
    [
        ("refused at once", (0, true, every(7).then_silence())),
        (
            "refused after 5 batches",
            (5, true, every(7).then_silence()),
        ),
        ("refused while no point comes", (1, true, one())),
        (
            "answered early with OK",
            (1, false, every(7).then_silence()),
        ),
        (
            "answered early with OK while no point comes",
            (1, false, one()),
        ),
    ]
}

/// When the connection breaks: the only point comes after 30 ms.
pub fn cuts() -> [(&'static str, Duration); 2] {
    [
        ("while it waits for a point", MS * 500),
        ("while a batch waits", MS * 40),
    ]
}

/// When the call is dropped, what the server does, and whether the link loses everything.
pub fn drops() -> [(&'static str, (Duration, Plan, bool)); 4] {
    [
        ("while a batch waits", (MS * 10, Plan::reads(), false)),
        ("between two batches", (MS * 150, Plan::reads(), false)),
        (
            "while the server does not read",
            (SECOND, Plan::busy_for(HOUR), false),
        ),
        ("in a black hole", (SECOND, Plan::reads(), true)),
    ]
}

fn every(ms: u32) -> Points {
    Points::none().every(MS * ms, 50)
}
