//! The faulty server, which is built like the one of Go's net/rpc.

use std::io;
use std::sync::Arc;

use futures::{SinkExt as _, StreamExt as _};
use tokio::io::{WriteHalf, split};
use tokio::sync::Mutex;
use tokio_util::bytes::Bytes;
use tokio_util::codec::{FramedRead, FramedWrite};
use workbook::lesson::Stream;

use super::super::frame::{Body, Codec, Frame};
use super::super::methods;
use super::super::sizes::LONGEST_EVER;

// ANCHOR: server
type Answers = Arc<Mutex<FramedWrite<WriteHalf<Stream>, Codec>>>;

/// Serves one connection: a task for each request, and a lock around what is written.
pub async fn serve(stream: Stream) {
    let (read, write) = split(stream);
    let mut requests = FramedRead::new(read, Codec::new(LONGEST_EVER));
    let answers = FramedWrite::new(write, Codec::new(LONGEST_EVER));
    let answers = Arc::new(Mutex::new(answers));
    while let Some(Ok(frame)) = requests.next().await {
        tokio::spawn(answer(frame, Arc::clone(&answers)));
    }
}

/// Sends each item in one frame, and an empty one as the end.
async fn answer(request: Frame, answers: Answers) -> io::Result<()> {
    let Frame { call, body } = request;
    if let Body::Request(method) = body
        && let Some(mut items) = methods::items(&method)
    {
        while let Some(item) = items.next().await {
            let body = Body::Item(item);
            answers.lock().await.send(Frame { call, body }).await?;
        }
    }
    let body = Body::Item(Bytes::new());
    answers.lock().await.send(Frame { call, body }).await
}
// ANCHOR_END: server
