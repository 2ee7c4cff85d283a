//! The clients of this lesson's scenes.

use std::sync::Arc;
use std::time::Duration;

use futures::future::join;
use tokio::time::sleep;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Status};
use tracing::info;
use workbook::proto::files::get_response::Step;
use workbook::proto::files::transfer_service_client::TransferServiceClient;
use workbook::proto::files::{End, GetRequest};
use workbook::{Failure, Network, Outcome};

use super::attempt::attempt;
use super::broken::{self, Begins};
use super::disk::Disk as _;
use super::get::get;
use super::memory::{Memory, Wrote};
use super::note::{Note, PIECE, Says};
use super::put::put;
use super::source::Source;
use super::stores::{self, LATENCY, WINDOW};

/// A client of packets that are lost learns of it after a keepalive of 10 s and 5 s.
const PATIENT: (u64, u64) = (10, 5);
/// One that wants to know earlier.
const IMPATIENT: (u64, u64) = (2, 1);

type Client = TransferServiceClient<Channel>;

async fn connect(network: &Network, (interval, timeout): (u64, u64)) -> Result<Client, Failure> {
    if let Some(lab) = network.in_lab() {
        lab.link(network.host().as_str(), "server")
            .set_latency(LATENCY);
    }
    let settings = |endpoint: Endpoint| {
        endpoint
            .initial_stream_window_size(WINDOW)
            .http2_keep_alive_interval(Duration::from_secs(interval))
            .keep_alive_timeout(Duration::from_secs(timeout))
    };
    let channel = network.channel_with(settings).await?;
    Ok(TransferServiceClient::new(channel))
}

fn source(note: &Arc<Note>) -> Arc<dyn Source> {
    Arc::clone(note) as Arc<dyn Source>
}

fn say(result: Result<End, Status>) -> Outcome {
    if let Err(status) = result {
        let (code, reason) = (status.code(), status.message());
        info!(failed = ?code, "gives up: {code:?}: {reason}");
    }
    Ok(())
}

/// Stores a file, and reads ten bytes of it.
pub async fn whole(network: Network) -> Outcome {
    let note = source(&Arc::new(Note::of(6)));
    let mut client = connect(&network, PATIENT).await?;
    put(client.clone(), "note.bin", &note, PIECE, &Says).await?;
    let (name, offset, length) = ("note.bin".to_owned(), 32_000, 10);
    let part = GetRequest {
        name,
        offset,
        length,
    };
    let mut pieces = client.get(part).await?.into_inner();
    while let Some(response) = pieces.message().await? {
        match response.step {
            Some(Step::Size(size)) => info!(size, "the file has {size} bytes"),
            Some(Step::Piece(piece)) => {
                let (from, bytes) = (piece.offset, piece.data.len());
                info!(bytes, "{bytes} bytes from {from} on");
            }
            Some(Step::End(_)) | None => {}
        }
    }
    Ok(())
}

/// A client that begins in the wrong place, at an empty disk. Says what is stored in the end.
pub async fn wrong(network: Network, pieces: usize, begins: Begins, disk: Memory) -> Outcome {
    disk.format(None);
    let note = Arc::new(Note::of(pieces));
    let client = connect(&network, PATIENT).await?;
    say(broken::put(client, &source(&note), PIECE, begins, &Says).await)?;
    say_files(&disk);
    let stored = disk
        .open("note.bin")
        .and_then(|file| file.read(0, usize::MAX));
    let is_same = stored.is_ok_and(|stored| stored == note.bytes());
    info!(
        is_same,
        "stored as it was sent: {}",
        if is_same { "yes" } else { "no" }
    );
    Ok(())
}

/// A client that shows 100 % early, and a server whose disk has room for two of three pieces.
pub async fn early(network: Network, disk: Memory) -> Outcome {
    disk.format(Some(2 * PIECE));
    let client = connect(&network, PATIENT).await?;
    let note = source(&Arc::new(Note::of(3)));
    say(broken::put(client, &note, PIECE, broken::at_held, &Says).await)
}

/// The sound client at such a disk, which gets more room after the first failure.
pub async fn full(network: Network, disk: Memory) -> Outcome {
    disk.format(Some(2 * PIECE));
    let client = connect(&network, PATIENT).await?;
    let note = source(&Arc::new(Note::of(3)));
    say(put(client.clone(), "note.bin", &note, PIECE, &Says).await)?;
    say_files(&disk);
    disk.set_room(10 * PIECE);
    info!("there is room again");
    say(put(client, "note.bin", &note, PIECE, &Says).await)
}

/// The sound client.
pub async fn sound(network: Network, pieces: usize, disk: Memory) -> Outcome {
    disk.format(None);
    let note = source(&Arc::new(Note::of(pieces)));
    let client = connect(&network, PATIENT).await?;
    say(put(client, "note.bin", &note, PIECE, &Says).await)?;
    say_files(&disk);
    Ok(())
}

/// The sound client, with a file that is written anew after half a second.
pub async fn changing(network: Network, disk: Memory) -> Outcome {
    disk.format(None);
    let note = Arc::new(Note::of(20));
    let client = connect(&network, PATIENT).await?;
    let changes = async {
        sleep(Duration::from_millis(500)).await;
        info!("the file is written anew, as long as before");
        note.change();
    };
    let of_note = source(&note);
    let (stored, ()) = join(put(client, "note.bin", &of_note, PIECE, &Says), changes).await;
    say(stored)
}

/// A second client with another file of the same name.
pub async fn second(network: Network) -> Outcome {
    sleep(Duration::from_millis(160)).await;
    let note = source(&Arc::new(Note::edition(20, 9)));
    let client = connect(&network, PATIENT).await?;
    say(put(client, "note.bin", &note, PIECE, &Says).await)
}

/// A client that learns of lost packets after 3 s and calls every 2 s, whatever the code.
pub async fn insists(network: Network, disk: Memory) -> Outcome {
    disk.format(None);
    let note = source(&Arc::new(Note::of(20)));
    let mut client = connect(&network, IMPATIENT).await?;
    while let Err(status) = attempt(&mut client, "note.bin", &note, PIECE, &Says).await {
        let code = status.code();
        info!(?code, "{code:?}: {}", status.message());
        sleep(Duration::from_secs(2)).await;
    }
    Ok(())
}

/// Fetches a file to a disk of its own.
pub async fn fetches(network: Network, pieces: usize, disk: Memory) -> Outcome {
    disk.format(None);
    stores::keep(&disk, &Note::of(pieces))?;
    let client = connect(&network, PATIENT).await?;
    let here = Memory::default();
    let store = Arc::new(stores::of_lab(here.clone()));
    say(get(client, "note.bin", (&store, "note.bin"), &Says).await)?;
    say_files(&here);
    Ok(())
}

/// Stores a file at each of three servers; then their power is lost.
pub async fn powerless(network: Network, disks: [(&'static str, Memory, Wrote); 3]) -> Outcome {
    let note = source(&Arc::new(Note::of(2)));
    for (server, disk, wrote) in disks {
        disk.format(None);
        let channel = network.channel_to(server, |endpoint| endpoint).await?;
        let client = TransferServiceClient::new(channel);
        let stored = put(client, "note.bin", &note, PIECE, &Says).await?;
        let size = stored.size;
        disk.lose_power(wrote);
        let left = disk.files();
        let held = left.first().map(|(_, bytes)| *bytes);
        match held {
            Some(held) => info!(
                server,
                size, held, "{server}: {size} stored, power lost: {held} bytes left"
            ),
            None => info!(
                server,
                size,
                gone = true,
                "{server}: {size} stored, power lost: no file"
            ),
        }
    }
    Ok(())
}

/// Names that a server must not write to.
pub async fn hostile(network: Network) -> Outcome {
    let note = source(&Arc::new(Note::of(1)));
    let client = connect(&network, PATIENT).await?;
    for name in [
        "../note.bin",
        "/etc/passwd",
        "a\\b",
        ".note.bin.part",
        "nul",
        "",
    ] {
        let put = put(client.clone(), name, &note, PIECE, &Says).await;
        let code = put.err().map_or(Code::Ok, |status| status.code());
        info!(name, ?code, "{name:?}: {code:?}");
    }
    Ok(())
}

fn say_files(disk: &Memory) {
    for (name, bytes) in disk.files() {
        info!(left = bytes, "on the disk: {name}, {bytes} bytes");
    }
}
