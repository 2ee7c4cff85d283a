//! A client that is told on standard input what to do: `upload WAY`, `download WAY` or `code CASE`. The
//! other two clients, in `python/` and `node/`, are told the same.
//!
//! `upload` sends three chunks and `download` reads three; at the next line of the input the client goes
//! away in the way that was named, and keeps all else as it is until the line after that. `code` says what a
//! call came to.

use std::time::Duration;

use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines, Stdin, stdin};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::metadata::MetadataValue;
use tonic::transport::Channel;
use tonic::{Code, Request, Status};
use tracing::info;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;
use workbook::proto::files::file_service_client::FileServiceClient;
use workbook::proto::files::{DownloadFileRequest, FileChunk, Finish};
use workbook::{Failure, Network, Outcome};

/// Long enough for three messages on a machine that is busy.
const DEADLINE: Duration = Duration::from_millis(800);

/// Shorter than any server expects PINGs.
const PINGS_EVERY: Duration = Duration::from_millis(500);

/// More than the 16 KiB of headers that a tonic server reads by default.
const METADATA: usize = 20_000;

/// More than the limit of 4 MiB, as in `server.rs`.
const TOO_LONG: usize = 4 * 1024 * 1024 + 1024;

type Client = FileServiceClient<Channel>;

pub async fn told(network: Network) -> Outcome {
    let mut told = BufReader::new(stdin()).lines();
    let line = next(&mut told).await;
    let (what, how) = line.split_once(' ').unwrap_or((&line, ""));
    let pings = how.ends_with("_pings");
    let channel = network.channel_with(|endpoint| match pings {
        true => endpoint.http2_keep_alive_interval(PINGS_EVERY),
        false => endpoint,
    });
    match what {
        "upload" => upload(Client::new(channel.await?), how, &mut told).await,
        "download" => download(Client::new(channel.await?), how, &mut told).await,
        "code" => {
            let channel = channel.await?;
            say(code(&channel, how).await);
            next(&mut told).await;
        }
        _ => return Err(Failure::Usage(format!("not understood: {line:?}"))),
    }
    Ok(())
}

/// The next line of the input, empty at its end.
async fn next(told: &mut Lines<BufReader<Stdin>>) -> String {
    let line = told.next_line().await;
    line.ok().flatten().unwrap_or_default()
}

async fn upload(client: Client, way: &str, told: &mut Lines<BufReader<Stdin>>) {
    let (chunks, requests) = mpsc::channel(3);
    let mut request = Request::new(ReceiverStream::new(requests));
    let handle = request.cancellation_handle();
    if way == "deadline" {
        request.set_timeout(DEADLINE);
    }
    let mut caller = client.clone();
    let call = tokio::spawn(async move { caller.upload_file(request).await.map(drop) });
    for chunk_number in 0..3 {
        let file_name = "note.txt".to_owned();
        let chunk = FileChunk {
            file_name,
            chunk_number,
            ..FileChunk::default()
        };
        // A send fails when the call is over, which the play sees on the wire.
        let _ = chunks.send(chunk).await;
    }
    next(told).await;
    // What a way does not end is kept: the play sees only what the way itself sends.
    let mut kept = (Some(client), Some(chunks));
    match way {
        "complete" => {
            let finish = Some(Finish {
                chunks: 3,
                // The chunks hold no data.
                sha256: Sha256::digest([]).to_vec(),
            });
            let last = FileChunk {
                finish,
                ..FileChunk::default()
            };
            if let Some(chunks) = kept.1.take() {
                let _ = chunks.send(last).await;
            }
        }
        "half_close" => kept.1 = None,
        "producer_fails" => {
            let chunks = kept.1.take();
            tokio::spawn(async move {
                let _chunks = chunks;
                std::panic::resume_unwind(Box::new("the next chunk cannot be read"))
            });
        }
        // Aborting the task drops the call's future.
        "call_dropped" => call.abort(),
        "cancel" => handle.cancel(),
        // The call has a handle of its own to the connection.
        "channel_closed" => kept.0 = None,
        _ => {}
    }
    next(told).await;
}

async fn download(mut client: Client, way: &str, told: &mut Lines<BufReader<Stdin>>) {
    let mut request = Request::new(DownloadFileRequest::default());
    if way == "deadline" {
        request.set_timeout(DEADLINE);
    }
    let Ok(answer) = client.download_file(request).await else {
        return info!("the call is refused");
    };
    let mut chunks = answer.into_inner();
    for _ in 0..3 {
        let _ = chunks.message().await;
    }
    info!("read");
    next(told).await;
    match way {
        "cancel" => drop(chunks),
        "channel_closed" => drop(client),
        // Reads until the timeout ends the stream, if it does.
        _ => say(chunks.message().await.map(drop)),
    }
    next(told).await;
}

async fn code(channel: &Channel, case: &str) -> Result<(), Status> {
    if let "call_first" | "headers_first" | "queue_first" = case {
        return chat(channel.clone(), case == "queue_first").await;
    }
    let mut client = Client::new(channel.clone());
    if case == "upload_too_long" {
        let chunk = FileChunk {
            data: vec![0; TOO_LONG],
            ..FileChunk::default()
        };
        let requests =
            tokio_stream::StreamExt::chain(tokio_stream::once(chunk), tokio_stream::pending());
        return client.upload_file(requests).await.map(drop);
    }
    let file_id = case.to_owned();
    let mut request = Request::new(DownloadFileRequest { file_id });
    match case {
        "deadline" | "stream_deadline" => request.set_timeout(DEADLINE),
        "metadata" => {
            let value = MetadataValue::try_from("x".repeat(METADATA)).expect("it is ASCII");
            request.metadata_mut().insert("long", value);
        }
        _ => {}
    }
    let mut chunks = client.download_file(request).await?.into_inner();
    info!("answered");
    while chunks.message().await?.is_some() {}
    Ok(())
}

/// Awaits the call, and sends what the handler echoes: before, or when the call is answered. The first is
/// the client of lesson 08 that may wait for ever.
async fn chat(channel: Channel, queue_first: bool) -> Result<(), Status> {
    let (messages, requests) = mpsc::channel(1);
    if queue_first {
        let _ = messages.send(ChatMessage::default()).await;
    }
    let mut client = ChatServiceClient::new(channel);
    let mut echoes = client
        .chat(ReceiverStream::new(requests))
        .await?
        .into_inner();
    if !queue_first {
        let _ = messages.send(ChatMessage::default()).await;
    }
    echoes.message().await.map(drop)
}

/// The code, and whether there is a text: one that is long is not repeated.
fn say(outcome: Result<(), Status>) {
    let (code, text) = match outcome {
        Ok(()) => (Code::Ok, String::new()),
        Err(status) => (status.code(), status.message().to_owned()),
    };
    info!("code {code:?} {}: {text:.60}", text.len());
}
