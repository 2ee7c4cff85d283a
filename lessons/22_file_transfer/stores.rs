//! The stores and servers of the scenes.

use std::sync::Arc;
use std::time::Duration;

use tonic::transport::Server;
use workbook::proto::files::transfer_service_server::TransferServiceServer;
use workbook::{Failure, HostRouter, Network};

use super::claims::Rule;
use super::commit::commit;
use super::disk::Disk as _;
use super::memory::Memory;
use super::note::{Note, PIECE};
use super::service::{Receives, Transfers};
use super::store::{Commit, Settings, Store};

/// One way, so that 64 KiB need 50 ms: a window, and the time until it is opened again.
pub const LATENCY: Duration = Duration::from_millis(25);
/// HTTP/2's own window; tonic asks for more.
pub const WINDOW: u32 = 65_535;

/// A server sends a PING when nothing has come for so long, and waits so long for its answer.
const KEEPALIVE: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(5));

const LAB: Settings = Settings {
    longest: 10_000_000,
    // Four pieces, so that a scene shows it. The programs sync every 8 MiB.
    sync_every: 64_000,
    rule: Rule::NewestWins,
    commit,
};

/// A sound store.
pub fn of_lab(disk: Memory) -> Store {
    Store::new(Arc::new(disk), LAB)
}

/// A server that appends what comes.
pub fn blind(network: &Network, disk: &Memory) -> HostRouter {
    serve(network, of_lab(disk.clone()), Receives::Blindly)
}

/// A sound server.
pub fn checked(network: &Network, disk: &Memory) -> HostRouter {
    serve(network, of_lab(disk.clone()), Receives::Checked)
}

/// A server where the first upload of a name keeps it.
pub fn first_wins(network: &Network, disk: &Memory) -> HostRouter {
    let rule = Rule::FirstWins;
    let store = Store::new(Arc::new(disk.clone()), Settings { rule, ..LAB });
    serve(network, store, Receives::Checked)
}

/// A server that gives files their names in its own way.
pub fn commits(network: &Network, disk: &Memory, commit: Commit) -> HostRouter {
    // The pieces are synced by the commit or not at all.
    let sync_every = u64::MAX;
    let settings = Settings {
        commit,
        sync_every,
        ..LAB
    };
    serve(
        network,
        Store::new(Arc::new(disk.clone()), settings),
        Receives::Checked,
    )
}

/// Puts a file on a disk.
pub fn keep(disk: &Memory, note: &Note) -> Result<(), Failure> {
    let kept = disk.append("note.bin", 0, &note.bytes());
    kept.map_err(|error| Failure::Other(error.to_string()))
}

fn serve(network: &Network, store: Store, receives: Receives) -> HostRouter {
    let transfers = Transfers {
        store: Arc::new(store),
        receives,
        piece: PIECE,
    };
    Server::builder()
        .layer(network.layer())
        .initial_stream_window_size(WINDOW)
        .http2_keepalive_interval(Some(KEEPALIVE.0))
        .http2_keepalive_timeout(Some(KEEPALIVE.1))
        .add_service(TransferServiceServer::new(transfers))
}
