//! The clients of this lesson's scenes: five ways to end an upload.

use std::future::pending;
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Response, Status};
use tracing::{Instrument as _, info};
use workbook::proto::files::file_service_client::FileServiceClient;
use workbook::proto::files::{FileChunk, Finish, UploadResponse};
use workbook::{Network, Outcome};

/// How many chunks the mpsc channel holds.
const WAITING: usize = 2;

/// The file, in its chunks.
const CHUNKS: [&[u8]; 3] = [b"EOF is ", b"not ", b"commit"];

/// In the lab, what was sent has arrived after this long.
const ARRIVED_AFTER: Duration = Duration::from_millis(10);

/// How long a client waits for an answer.
const GIVES_UP_AFTER: Duration = Duration::from_secs(60);

type Sender = mpsc::Sender<FileChunk>;

// ANCHOR: complete
pub async fn complete(network: Network) -> Outcome {
    upload(&network, async |chunks| {
        send_all(&chunks).await;
        finish(&chunks).await;
    })
    .await
}
// ANCHOR_END: complete

// ANCHOR: cancelled
pub async fn cancelled(network: Network) -> Outcome {
    let mut client = FileServiceClient::new(network.channel().await?);
    let (chunks, requests) = mpsc::channel(WAITING);
    let call = client.upload_file(ReceiverStream::new(requests));
    tokio::select! {
        biased;
        answer = call => say_answer(answer),
        () = async {
            send_all(&chunks).await;
            sleep(ARRIVED_AFTER).await;
        } => info!("drops the call"),
    }
    // `select!` has dropped the call, which cancels it. The RST_STREAM needs time to arrive.
    sleep(ARRIVED_AFTER).await;
    Ok(())
}
// ANCHOR_END: cancelled

// ANCHOR: five_ends
pub async fn five_ends(network: Network) -> Outcome {
    info!(end = 1, "1. half-close");
    complete(network.clone()).await?;

    info!(end = 2, "2. the client cancels");
    cancelled(network.clone()).await?;

    info!(end = 3, "3. the producer task panics");
    upload(&network, async |chunks| {
        let produce = async move {
            send_all(&chunks).await;
            panic!("the fourth chunk cannot be read");
        };
        let producer = tokio::spawn(produce.in_current_span());
        // The panic drops `chunks`, which half-closes the call. This client ignores how the task
        // has ended.
        let _panicked = producer.await;
    })
    .await?;

    if let Some(lab) = network.in_lab() {
        info!(end = 4, "4. the network drops everything");
        upload(&network, async |chunks| {
            send_all(&chunks).await;
            sleep(ARRIVED_AFTER).await;
            lab.partition();
            pending::<()>().await;
        })
        .await?;
        lab.repair();

        info!(end = 5, "5. the connection breaks");
        upload(&network, async |chunks| {
            send_all(&chunks).await;
            sleep(ARRIVED_AFTER).await;
            lab.cut();
            pending::<()>().await;
        })
        .await?;
    }
    Ok(())
}
// ANCHOR_END: five_ends

/// Calls, and runs `produce` to send chunks, until the call is answered or the client gives up.
async fn upload(network: &Network, produce: impl AsyncFnOnce(Sender)) -> Outcome {
    let mut client = FileServiceClient::new(network.channel().await?);
    let (chunks, requests) = mpsc::channel(WAITING);
    let call = async {
        let answer = client.upload_file(ReceiverStream::new(requests)).await;
        say_answer(answer);
    };
    let produced = async {
        produce(chunks).await;
        pending::<()>().await;
    };
    tokio::select! {
        biased;
        answered = timeout(GIVES_UP_AFTER, call) => {
            if answered.is_err() {
                let seconds = GIVES_UP_AFTER.as_secs();
                info!(waited_s = seconds, "no answer for {seconds} s: gives up");
            }
        }
        () = produced => {}
    }
    Ok(())
}

async fn send_all(chunks: &Sender) {
    for (chunk_number, data) in (0..).zip(CHUNKS) {
        let file_name = "note.txt".to_owned();
        send(
            chunks,
            FileChunk {
                file_name,
                data: data.to_vec(),
                chunk_number,
                finish: None,
            },
        )
        .await;
    }
    info!(sent = CHUNKS.len(), "has sent {} chunks", CHUNKS.len());
}

async fn finish(chunks: &Sender) {
    let sha256 = Sha256::digest(CHUNKS.concat()).to_vec();
    let finish = Finish {
        chunks: i32::try_from(CHUNKS.len()).unwrap_or(i32::MAX),
        sha256,
    };
    send(
        chunks,
        FileChunk {
            finish: Some(finish),
            ..FileChunk::default()
        },
    )
    .await;
    info!("has sent finish");
}

async fn send(chunks: &Sender, chunk: FileChunk) {
    // A send fails when the call is over. The answer to the call says why.
    let _ = chunks.send(chunk).await;
}

fn say_answer(answer: Result<Response<UploadResponse>, Status>) {
    match answer {
        Ok(receipt) => info!("got a receipt: {}", receipt.into_inner().message),
        Err(status) => {
            let (code, reason) = (status.code(), status.message());
            info!(?code, reason, "failed with {code:?}: {reason}");
        }
    }
}
