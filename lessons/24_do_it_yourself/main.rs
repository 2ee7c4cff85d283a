//! Lesson 24, do it yourself: a streaming protocol made by hand, and what it lacks.

mod broken;
mod check;
mod exercise;
mod fixed;
mod frame;
mod lines;
mod methods;
mod programs;
mod sizes;
mod subject;
mod times;
mod wire;
mod with_broken;
mod with_fixed;

use std::process::ExitCode;
use std::time::Duration;

use workbook::lesson::Listener;
use workbook::{Lesson, Live, Network, Outcome, Scene, Signal};

use subject::SUBJECT;

/// Frames and lines that differ only in numbers are shown this often.
const ELIDED: usize = 4;

const LINK: Live =
    Live::LabOnly("its times are those of a link with latency, and only the lab has one");
const BUFFERS: Live = Live::LabOnly("over TCP the kernel's buffers hold items, too");
const LONG: Live = Live::LabOnly("it waits for ten seconds, which only the lab's clock can skip");
/// Everything has happened by then, and the client only waits.
const DROPPED: Live = Live::CutAfter(Duration::from_secs(1));
const METER: Live = Live::LabOnly("only the lab counts tasks");
const ONE_PROCESS: Live =
    Live::LabOnly("live, one process plays all hosts, so the server's cannot end alone");

fn main() -> ExitCode {
    Lesson::without_grpc(
        "24_do_it_yourself",
        "do it yourself",
        wire::toy,
        programs::mended,
        || check::check(SUBJECT),
    )
    .scene(broken(
        "large",
        "a large answer, and a small one behind it",
        with_broken::large,
        LINK,
    ))
    .scene(fixed(
        "parts",
        "the same, and the large one is sent in parts",
        with_fixed::parts,
        LINK,
    ))
    .scene(broken(
        "unread",
        "a call that is not read, and a bounded queue",
        with_broken::unread,
        BUFFERS,
    ))
    .scene(broken(
        "unbounded",
        "the same, and a queue that takes all that comes",
        with_broken::unbounded,
        BUFFERS,
    ))
    .scene(fixed(
        "window",
        "the same, and each call has a window",
        with_fixed::window,
        BUFFERS,
    ))
    .scene(broken(
        "dropped",
        "a client that drops its call",
        with_broken::dropped,
        LONG,
    ))
    .scene(fixed(
        "reset",
        "the same, and the drop sends a frame",
        with_fixed::reset,
        DROPPED,
    ))
    .scene(crashing(
        "cut",
        "a server that crashes in the second of two answers",
        programs::faulty_crashes,
        with_broken::cut,
    ))
    .scene(crashing(
        "end",
        "the same, and each answer has an end",
        programs::mended_crashes,
        with_fixed::end,
    ))
    .scene(broken(
        "leak",
        "a hundred calls that are dropped",
        with_broken::leak,
        METER,
    ))
    .scene(fixed(
        "emptied",
        "the same, and a drop empties the table",
        with_fixed::emptied,
        METER,
    ))
    .scene(
        cast(
            "first",
            "a call, and a method that there is not",
            programs::mended,
            with_fixed::first,
        )
        .for_any_server(),
    )
    .run()
}

fn broken<F>(name: &'static str, title: &'static str, client: fn(Network) -> F, live: Live) -> Scene
where
    F: Future<Output = Outcome> + 'static,
{
    cast(name, title, programs::faulty, client).live(live)
}

fn fixed<F>(name: &'static str, title: &'static str, client: fn(Network) -> F, live: Live) -> Scene
where
    F: Future<Output = Outcome> + 'static,
{
    cast(name, title, programs::mended, client).live(live)
}

fn crashing<P, F>(
    name: &'static str,
    title: &'static str,
    server: fn(Network, Listener, Signal) -> P,
    client: fn(Network) -> F,
) -> Scene
where
    P: Future<Output = ()> + Send + 'static,
    F: Future<Output = Outcome> + 'static,
{
    cast(name, title, server, client).live(ONE_PROCESS)
}

fn cast<P, F>(
    name: &'static str,
    title: &'static str,
    server: fn(Network, Listener, Signal) -> P,
    client: fn(Network) -> F,
) -> Scene
where
    P: Future<Output = ()> + Send + 'static,
    F: Future<Output = Outcome> + 'static,
{
    Scene::with_cast(name, title)
        .client("client", client)
        .program("server", server)
        .elide_after(ELIDED)
}
