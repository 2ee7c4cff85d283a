//! The clients of this lesson's scenes.

use std::time::Duration;

use futures::StreamExt as _;
use tokio::sync::mpsc;
use tokio::time::sleep;
use tokio_stream::wrappers::ReceiverStream;
use tracing::info;
use workbook::proto::files::FileChunk;
use workbook::proto::files::file_service_client::FileServiceClient;
use workbook::proto::stream::stream_service_client::StreamServiceClient;
use workbook::proto::stream::{StreamPoint, StreamRequest};
use workbook::{Network, Outcome};

use super::chunks::CHUNK;

/// How many chunks the mpsc channel holds. Each of them is in memory. Two suffice to keep the reader
/// and the connection busy: one chunk is being sent, and the next is ready.
const WAITING: usize = 2;

/// How many chunks the file of the scene `refused` has.
const CHUNKS: i32 = 1000;

/// The time from one of its chunks to the next: so long that a refusal arrives between two of them, and
/// the transcript shows which chunk meets it.
const PACE: Duration = Duration::from_millis(10);

// ANCHOR: record
pub async fn record(network: Network) -> Outcome {
    let mut client = StreamServiceClient::new(network.channel().await?);
    // All points are known before the call. When this stream ends, tonic half-closes the call.
    let points = futures::stream::iter(1..=7).map(|number| {
        info!(sent = number, "sends {number}");
        point(9999)
    });
    let reply = client.record(points).await?.into_inner();
    let answer = reply.pt.unwrap_or_default();
    info!("got the answer: {} sum up to {}", answer.name, answer.value);
    Ok(())
}
// ANCHOR_END: record

// ANCHOR: upload
pub async fn upload(network: Network) -> Outcome {
    let mut client = FileServiceClient::new(network.channel().await?);
    let text = b"gRPC sends messages where TCP sends only bytes.";
    let chunks: Vec<FileChunk> = (0..)
        .zip(text.chunks(CHUNK))
        .map(|(chunk_number, data)| FileChunk {
            file_name: "note.txt".to_owned(),
            data: data.to_vec(),
            chunk_number,
            ..FileChunk::default()
        })
        .collect();
    info!("sends {} bytes in {} chunks", text.len(), chunks.len());
    let receipt = client
        .upload_file(futures::stream::iter(chunks))
        .await?
        .into_inner();
    info!("got total_size {}: {}", receipt.total_size, receipt.message);
    Ok(())
}
// ANCHOR_END: upload

// ANCHOR: refused
pub async fn refused(network: Network) -> Outcome {
    let mut client = FileServiceClient::new(network.channel().await?);
    // What is sent into `chunks` comes out of the request stream. The call must run while we send,
    // so both are awaited together. No task is spawned that could outlive this function.
    let (chunks, requests) = mpsc::channel(WAITING);
    let call = client.upload_file(ReceiverStream::new(requests));
    let (taken, answer) = tokio::join!(produce(chunks), call);

    info!(taken, "{taken} of {CHUNKS} chunks were taken");
    match answer {
        Ok(receipt) => info!("got total_size {}", receipt.into_inner().total_size),
        Err(status) => {
            let (code, reason) = (status.code(), status.message());
            info!(?code, reason, "the call failed with {code:?}: {reason}");
        }
    }
    Ok(())
}

/// Sends a chunk every `PACE`, and returns how many the mpsc channel has taken.
async fn produce(chunks: mpsc::Sender<FileChunk>) -> i32 {
    for chunk_number in 0..CHUNKS {
        info!(chunk = chunk_number, "sends chunk {chunk_number}");
        let chunk = FileChunk {
            file_name: "big.bin".to_owned(),
            data: vec![0; CHUNK],
            chunk_number,
            ..FileChunk::default()
        };
        if chunks.send(chunk).await.is_err() {
            // The call is over, so tonic has dropped the request stream, and with it the receiver.
            // `send` cannot say why. The call's status does.
            info!(
                not_taken = chunk_number,
                "chunk {chunk_number} cannot be sent: stops"
            );
            return chunk_number;
        }
        sleep(PACE).await;
    }
    CHUNKS
} // `chunks` is dropped here. That ends the request stream, and so half-closes the call.
// ANCHOR_END: refused

// ANCHOR: forgotten
pub async fn forgotten(network: Network) -> Outcome {
    let mut client = StreamServiceClient::new(network.channel().await?);
    let (points, requests) = mpsc::channel(WAITING);
    let call = client.record(ReceiverStream::new(requests));
    let produce = async {
        // If the call is over, its status says why.
        let _ = points.send(point(1)).await;
        info!("sent 1 point, and keeps the sender");
    };
    let ((), answer) = tokio::join!(produce, call);
    // Never reached: the server answers when the points end, and this drop would end them.
    drop(points);
    let answer = answer?.into_inner().pt.unwrap_or_default();
    info!("got the answer: {}", answer.name);
    Ok(())
}
// ANCHOR_END: forgotten

fn point(value: i32) -> StreamRequest {
    StreamRequest {
        pt: Some(StreamPoint {
            name: "point".to_owned(),
            value,
        }),
    }
}
