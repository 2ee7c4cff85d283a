//! The scenes: who takes part, and on which disk.

use workbook::{Live, Scene};

use super::memory::{Memory, Wrote};
use super::{broken, client, commit, operator, stores};

const FAULTS: &str = "only the lab can break a connection at a given time";
const RACES: &str = "over TCP the last messages and the answer to them race";

/// Frames and lines that differ only in numbers are shown this often.
const ELIDED: usize = 3;

type Router = fn(&workbook::Network, &Memory) -> workbook::HostRouter;

/// A client and a server with a disk.
fn on_disk<F>(
    name: &'static str,
    title: &'static str,
    server: Router,
    client: fn(workbook::Network, Memory) -> F,
) -> (Scene, Memory)
where
    F: Future<Output = workbook::Outcome> + 'static,
{
    let disk = Memory::default();
    let (of_client, of_server) = (disk.clone(), disk.clone());
    let scene = Scene::with_cast(name, title)
        .client("client", move |network| client(network, of_client.clone()))
        .server_at("server", move |network| server(network, &of_server))
        .elide_after(ELIDED)
        .live(Live::LabOnly(FAULTS));
    (scene, disk)
}

pub fn all() -> Vec<Scene> {
    let (own_count, _) = on_disk(
        "hole",
        "the client trusts its own count",
        stores::blind,
        |network, disk| client::wrong(network, 20, broken::at_own_count, disk),
    );
    let (start, _) = on_disk(
        "doubled",
        "the client begins at 0 again",
        stores::blind,
        |network, disk| client::wrong(network, 20, broken::at_start, disk),
    );
    let (place, _) = on_disk(
        "place",
        "a server that checks the place of each piece",
        stores::checked,
        |network, disk| client::wrong(network, 20, broken::at_own_count, disk),
    );
    let (rest, _) = on_disk(
        "rest",
        "a digest of the last call's bytes only",
        stores::checked,
        |network, disk| client::wrong(network, 20, broken::at_held, disk),
    );
    let (cut, _) = on_disk(
        "cut",
        "the client goes on where the server says",
        stores::checked,
        |network, disk| client::sound(network, 20, disk),
    );
    let (fixed, _) = on_disk(
        "fixed",
        "a cut, a crash, and 20 s without packets",
        stores::checked,
        |network, disk| client::sound(network, 60, disk),
    );
    let (early, _) = on_disk(
        "early",
        "100 % when the last byte was sent",
        stores::checked,
        client::early,
    );
    let (full, _) = on_disk(
        "full",
        "the disk is full, and then it is not",
        stores::checked,
        client::full,
    );
    let (changed, _) = on_disk(
        "changed",
        "the file is written anew between two calls",
        stores::checked,
        client::changing,
    );
    let (first, _) = on_disk(
        "first",
        "lost packets, and the first upload keeps the name",
        stores::first_wins,
        client::insists,
    );
    let (newest, _) = on_disk(
        "newest",
        "lost packets, and the newest upload wins",
        stores::checked,
        client::insists,
    );
    let (two, _) = on_disk(
        "two",
        "two files of one name",
        stores::checked,
        |network, disk| client::sound(network, 20, disk),
    );
    let (fetched, _) = on_disk(
        "get",
        "a download goes on where it ended",
        stores::checked,
        |network, disk| client::fetches(network, 20, disk),
    );
    let (replaced, disk) = on_disk(
        "replaced",
        "another file takes the name between two calls",
        stores::checked,
        |network, disk| client::fetches(network, 20, disk),
    );
    vec![
        Scene::with_cast("whole", "a file, and ten bytes of it")
            .client("client", client::whole)
            .server_at("server", |network| {
                stores::checked(network, &Memory::default())
            })
            .live(Live::Same)
            .for_any_server(),
        own_count.client("operator", operator::cuts),
        start.client("operator", operator::cuts),
        place.client("operator", operator::cuts),
        rest.client("operator", operator::cuts),
        cut.client("operator", operator::cuts),
        fixed.client("operator", operator::everything),
        early.live(Live::LabOnly(RACES)),
        full.live(Live::LabOnly(RACES)),
        changed.client("operator", operator::cuts),
        first.client("operator", operator::loses_packets),
        newest.client("operator", operator::loses_packets),
        two.client("second", client::second),
        fetched.client("operator", operator::cuts),
        replaced.client("operator", move |network| {
            operator::replaces(network, disk.clone())
        }),
        powerless(),
        Scene::with_cast("names", "names that would leave the folder")
            .client("client", client::hostile)
            .server_at("server", |network| {
                stores::checked(network, &Memory::default())
            }),
    ]
}

/// Three servers, each with its own way to end an upload.
fn powerless() -> Scene {
    let disks = [(); 3].map(|()| Memory::default());
    let [rename, bytes, both] = disks.clone();
    let losses = move || {
        let [rename, bytes, both] = disks.clone();
        [
            ("rename", rename, Wrote::Names),
            ("bytes", bytes, Wrote::Nothing),
            ("both", both, Wrote::Nothing),
        ]
    };
    Scene::with_cast("power", "three ways to end an upload, and a loss of power")
        .client("client", move |network| {
            client::powerless(network, losses())
        })
        .server_at("rename", move |network| {
            stores::commits(network, &rename, broken::rename_only)
        })
        .server_at("bytes", move |network| {
            stores::commits(network, &bytes, broken::sync_bytes_only)
        })
        .server_at("both", move |network| {
            stores::commits(network, &both, commit::commit)
        })
}
