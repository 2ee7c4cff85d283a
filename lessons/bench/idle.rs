//! What an idle stream costs in memory: the server and the client are new processes for each sample, because
//! memory that was freed is used again.

use std::error::Error;
use std::fs;
use std::future::pending;
use std::rc::Rc;
use std::time::Duration;

use futures::{StreamExt as _, stream};
use tokio::io::AsyncReadExt as _;
use tokio::process::Command;
use tonic::Request;
use tonic::metadata::MetadataValue;

use crate::lean;
use crate::messages::Sample;
use crate::peers;
use crate::proto::stream::StreamRequest;
use crate::proto::stream::stream_service_client::StreamServiceClient;
use crate::server::{LEAN, WITH_TASK};
use crate::target::{Target, connect, started};
use crate::ways::{Way, way};

const STREAMS: usize = 10_000;
const CONNECTIONS: usize = 100;
/// How long both sides get to come to rest.
const REST: Duration = Duration::from_millis(300);

/// Of tonic both sides, and of peers that are programs of ours the server.
pub fn ways(peers: &[Rc<Target>]) -> Vec<Way> {
    let none: &[&str] = &[];
    let small = format!("server, no task, buffers of {} bytes", lean::BYTES);
    let of_tonic = [
        ("server, the handler has no task", none, false, 0),
        ("server, with a task and a queue", none, true, 0),
        (&small, &[LEAN], false, 0),
        ("client", none, false, 1),
    ];
    let mut ways: Vec<Way> = of_tonic
        .map(|(name, words, with_task, side)| {
            way(name.to_owned(), move || async move {
                of(Target::tonic_with(words).await?, with_task, side).await
            })
        })
        .into();
    for peer in peers.iter().filter(|peer| peer.process_id().is_some()) {
        let name = peer.name.clone();
        ways.push(way(format!("server, {name}"), move || {
            let name = name.clone();
            async move { of(peers::start(&name).await?, false, 0).await }
        }));
    }
    ways
}

/// One process gives two numbers; a sample is one of them.
async fn of(server: Target, with_task: bool, side: usize) -> Sample {
    let both = sample(server, STREAMS, CONNECTIONS, with_task).await?;
    let both: [f64; 2] = both.ok_or("not measured: memory is read from /proc, which Linux has")?;
    Ok(both[side])
}

/// Bytes of resident memory for each stream, at the server and at the client; `None` where they cannot be read.
/// The server is new, and ends with the sample.
async fn sample(
    server: Target,
    streams: usize,
    connections: usize,
    with_task: bool,
) -> Result<Option<[f64; 2]>, Box<dyn Error>> {
    let Some(before) = server.process_id().and_then(resident) else {
        return Ok(None);
    };
    let mut command = Command::new(std::env::current_exe()?);
    command.args([
        crate::HOLD,
        server.address(),
        &streams.to_string(),
        &connections.to_string(),
        if with_task { WITH_TASK } else { "-" },
    ]);
    let (_client, line) = started(command).await?;
    let of_client: f64 = line.parse()?;
    let after = server.process_id().and_then(resident);
    let of_server = after.ok_or("the server has ended")? - before;
    Ok(Some([
        of_server / streams as f64,
        of_client / streams as f64,
    ]))
}

/// The client's process: opens the streams, prints by how much it has grown, and waits.
pub async fn hold(words: &[String]) -> Result<(), Box<dyn Error>> {
    let [address, streams, connections, task] = words else {
        return Err("four words".into());
    };
    let (streams, connections): (usize, usize) = (streams.parse()?, connections.parse()?);
    let own = std::process::id();
    let before = resident(own).ok_or("no /proc")?;
    let mut held = Vec::with_capacity(streams);
    for _ in 0..connections {
        let client = StreamServiceClient::new(connect(address).await?);
        for _ in 0..streams / connections {
            // One message, so that the stream is in use, and then silence.
            let first = stream::iter([StreamRequest::default()]);
            let silence = stream::once(pending::<StreamRequest>());
            let mut request = Request::new(first.chain(silence));
            if task == WITH_TASK {
                let yes = MetadataValue::from_static("yes");
                request.metadata_mut().insert(WITH_TASK, yes);
            }
            let mut responses = client.clone().route(request).await?.into_inner();
            responses.message().await?;
            held.push(responses);
        }
    }
    tokio::time::sleep(REST).await;
    println!("{}", resident(own).ok_or("no /proc")? - before);
    let mut rest = Vec::new();
    tokio::io::stdin().read_to_end(&mut rest).await?;
    Ok(())
}

/// VmRSS of a process in bytes. Linux has it.
fn resident(process: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib * 1024.0)
}
