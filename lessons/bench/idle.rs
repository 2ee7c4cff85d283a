//! What an idle stream costs in memory: the server and the client are new processes for each sample, because
//! memory that was freed is used again.

use std::error::Error;
use std::fs;
use std::future::pending;
use std::time::Duration;

use futures::{StreamExt as _, stream};
use tokio::io::AsyncReadExt as _;
use tokio::process::Command;
use tonic::Request;
use tonic::metadata::MetadataValue;

use crate::proto::stream::StreamRequest;
use crate::proto::stream::stream_service_client::StreamServiceClient;
use crate::server::WITH_TASK;
use crate::target::{Target, connect, started};

/// How long both sides get to come to rest.
const REST: Duration = Duration::from_millis(300);

/// Bytes of resident memory for each stream, at the server and at the client; `None` where they cannot be read.
pub async fn sample(
    streams: usize,
    connections: usize,
    with_task: bool,
) -> Result<Option<[f64; 2]>, Box<dyn Error>> {
    let server = Target::tonic().await?;
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
