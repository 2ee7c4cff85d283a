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

/// How many chunks may wait to be sent. A file is read from somewhere, and what waits here is in
/// memory: one chunk on its way and one behind it keep both sides busy.
const WAITING: usize = 2;

/// How many chunks the file of the scene `refused` has.
const CHUNKS: i32 = 1000;

// ANCHOR: record
pub async fn record(network: Network) -> Outcome {
    let mut client = StreamServiceClient::new(network.channel().await?);
    // A stream that exists before the call: its end is the end of the requests.
    let points = futures::stream::iter(1..=7).map(|number| {
        info!("sends {number}");
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
        .zip(text.chunks(10))
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
    // What is sent into `chunks` comes out of the stream that the call is given. The call must
    // run while we send, so both are awaited together: no task is spawned that could be forgotten.
    let (chunks, requests) = mpsc::channel(WAITING);
    let call = client.upload_file(ReceiverStream::new(requests));
    let (sent, answer) = tokio::join!(feed(chunks), call);

    info!("{sent} of {CHUNKS} chunks were taken");
    match answer {
        Ok(receipt) => info!("got total_size {}", receipt.into_inner().total_size),
        Err(status) => {
            info!(
                "the call failed with {:?}: {}",
                status.code(),
                status.message()
            );
        }
    }
    Ok(())
}

/// Sends a chunk every 10 ms, and says how many were taken.
async fn feed(chunks: mpsc::Sender<FileChunk>) -> i32 {
    for chunk_number in 0..CHUNKS {
        info!("sends chunk {chunk_number}");
        let chunk = FileChunk {
            file_name: "big.bin".to_owned(),
            data: vec![0; 10],
            chunk_number,
            ..FileChunk::default()
        };
        if chunks.send(chunk).await.is_err() {
            // The receiver is gone, and so is the request stream: the call is over. Why, only
            // the call itself knows.
            info!("nobody takes chunk {chunk_number}: stop");
            return chunk_number;
        }
        sleep(Duration::from_millis(10)).await;
    }
    CHUNKS
} // `chunks` is dropped here: the end of the stream, which half-closes the call.
// ANCHOR_END: refused

// ANCHOR: forgotten
pub async fn forgotten(network: Network) -> Outcome {
    let mut client = StreamServiceClient::new(network.channel().await?);
    let (points, requests) = mpsc::channel(WAITING);
    let call = client.record(ReceiverStream::new(requests));
    let feed = async {
        // Whether it was taken, the call will say.
        let _ = points.send(point(1)).await;
        info!("sent 1 point, and keeps the sender");
    };
    let ((), answer) = tokio::join!(feed, call);
    // Never reached: the server waits for the end of the points, and the end is `drop(points)`.
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
