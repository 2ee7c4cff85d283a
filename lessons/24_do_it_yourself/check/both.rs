//! The two halves, one at each end of a connection.

use std::io;

use tokio_util::bytes::Bytes;
use workbook::grade::{AN_INSTANT, Finding, Verdict, ensure, within};

use super::super::frame::{Body, Code};
use super::Subject;
use super::queue::{CALL, Queue, to_u32};

/// Sends the bytes from one half to the other, over queues with one place.
pub async fn carries(halves: Subject, window: usize, bytes: &Bytes) -> Verdict {
    let (mut there, mut back) = (Queue::new(1), Queue::new(1));
    let writer = (halves.writer)(CALL, to_u32(window), there.frames.clone());
    let reader = (halves.reader)(CALL, to_u32(window), back.frames.clone());
    let connection = async {
        loop {
            let frame = tokio::select! {
                biased;
                Some(frame) = there.taken.recv() => frame,
                Some(frame) = back.taken.recv() => frame,
            };
            match frame.body {
                Body::Item(bytes) => {
                    if let Err(error) = reader.received(bytes) {
                        return error;
                    }
                }
                Body::End(_) => reader.ended(),
                Body::Credit(bytes) => writer.credit(bytes),
                _ => {}
            }
        }
    };
    let writes = async {
        writer.write(bytes.clone()).await?;
        writer.end(Code::Ok).await
    };
    let reads = async {
        let mut all = Vec::new();
        while let Some(bytes) = reader.read().await {
            all.extend_from_slice(&bytes);
        }
        all
    };
    let carried = async {
        tokio::select! {
            biased;
            refused = connection => Err(refused),
            (written, read) = async { futures::join!(writes, reads) } => written.map(|()| read),
        }
    };
    let late = "both halves were waiting, and bytes were missing";
    let read = within(AN_INSTANT, late, carried).await?;
    let read = read.map_err(|error: io::Error| Finding::seen(error.to_string()))?;
    ensure(read == *bytes, || {
        format!("{} bytes came, not those that were sent", read.len())
    })
}
