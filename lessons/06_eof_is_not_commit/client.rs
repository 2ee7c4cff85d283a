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

/// How many chunks may wait to be sent.
const WAITING: usize = 2;

/// The file, in its chunks.
const CHUNKS: [&[u8]; 3] = [b"EOF is ", b"not ", b"commit"];

/// Long enough for what was sent to arrive, in the lab at least.
const A_MOMENT: Duration = Duration::from_millis(10);

/// How long a client waits that hears nothing.
const PATIENCE: Duration = Duration::from_secs(60);

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

// ANCHOR: hang_up
pub async fn hang_up(network: Network) -> Outcome {
    let mut client = FileServiceClient::new(network.channel().await?);
    let (chunks, requests) = mpsc::channel(WAITING);
    let call = client.upload_file(ReceiverStream::new(requests));
    tokio::select! {
        biased;
        answer = call => say_answer(answer),
        () = async {
            send_all(&chunks).await;
            sleep(A_MOMENT).await;
        } => info!("hangs up"),
    }
    // The call has been dropped by now. Let the server hear of it.
    sleep(A_MOMENT).await;
    Ok(())
}
// ANCHOR_END: hang_up

// ANCHOR: five_ends
pub async fn five_ends(network: Network) -> Outcome {
    info!("1. half-close");
    complete(network.clone()).await?;

    info!("2. hang-up");
    hang_up(network.clone()).await?;

    info!("3. the feeding task panics");
    upload(&network, async |chunks| {
        let feeding = async move {
            send_all(&chunks).await;
            panic!("the fourth chunk cannot be read");
        };
        let feeder = tokio::spawn(feeding.in_current_span());
        // By now its panic has dropped `chunks`: a half-close. Nobody looks at how it ended.
        let _panicked = feeder.await;
    })
    .await?;

    if let Some(lab) = network.in_lab() {
        info!("4. nothing arrives any more");
        upload(&network, async |chunks| {
            send_all(&chunks).await;
            sleep(A_MOMENT).await;
            lab.partition();
            pending::<()>().await;
        })
        .await?;
        lab.repair();

        info!("5. the connection breaks");
        upload(&network, async |chunks| {
            send_all(&chunks).await;
            sleep(A_MOMENT).await;
            lab.cut();
            pending::<()>().await;
        })
        .await?;
    }
    Ok(())
}
// ANCHOR_END: five_ends

/// Calls, and feeds the call with `feed`, until it is answered or the client's patience ends.
async fn upload(network: &Network, feed: impl AsyncFnOnce(Sender)) -> Outcome {
    let mut client = FileServiceClient::new(network.channel().await?);
    let (chunks, requests) = mpsc::channel(WAITING);
    let call = async {
        let answer = client.upload_file(ReceiverStream::new(requests)).await;
        say_answer(answer);
    };
    let fed = async {
        feed(chunks).await;
        pending::<()>().await;
    };
    tokio::select! {
        biased;
        answered = timeout(PATIENCE, call) => {
            if answered.is_err() {
                info!("no answer for {} s: gives up", PATIENCE.as_secs());
            }
        }
        () = fed => {}
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
    info!("has sent {} chunks", CHUNKS.len());
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
    info!("says that this is all");
}

async fn send(chunks: &Sender, chunk: FileChunk) {
    // When nobody takes it the call is over, and its answer says why.
    let _ = chunks.send(chunk).await;
}

fn say_answer(answer: Result<Response<UploadResponse>, Status>) {
    match answer {
        Ok(receipt) => info!("got a receipt: {}", receipt.into_inner().message),
        Err(status) => {
            info!("failed with {:?}: {}", status.code(), status.message())
        }
    }
}
