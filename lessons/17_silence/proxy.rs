//! A proxy that ends calls which are quiet. Like nginx and haproxy, it answers PINGs itself and passes none
//! on, and like haproxy it counts DATA frames alone.

use std::collections::BTreeSet;
use std::io;

use futures::StreamExt as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, ReadHalf, split};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tokio_util::bytes::BytesMut;
use tokio_util::codec::{FramedRead, LengthDelimitedCodec};
use tracing::{Instrument as _, info};
use workbook::Network;
use workbook::lesson::{Listener, Stream};

use super::times::PROXY_LIMIT;

/// The client's first bytes on a connection: RFC 9113, section 3.4.
const PREFACE: usize = 24;
/// The head of a frame: length (3 bytes), type, flags, stream (4 bytes).
const HEAD: usize = 9;
/// Frame types: RFC 9113, section 6.
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const PING: u8 = 6;
const ACK: u8 = 1;
/// RST_STREAM of 4 bytes, without its stream and its error code.
const RST_STREAM: [u8; 5] = [0, 0, 4, 3, 0];
const INTERNAL_ERROR: u32 = 2;

/// Accepts connections and opens one to the server for each. They end with this future.
pub async fn proxy(network: Network, mut listener: Listener) {
    let mut connections = JoinSet::new();
    while let Some(client) = listener.accept().await {
        let network = network.clone();
        let passed_on = async move {
            // How a connection ends is for its two ends to see.
            if let Ok(server) = network.connect("server").await {
                let _ = pass_on(client, server).await;
            }
        };
        connections.spawn(passed_on.in_current_span());
    }
}

// ANCHOR: pass_on
/// Passes frames on, until a side closes its connection or the calls have been quiet for too long.
async fn pass_on(client: Stream, server: Stream) -> io::Result<()> {
    let (mut from_client, mut to_client) = split(client);
    let (from_server, mut to_server) = split(server);
    let mut preface = [0; PREFACE];
    from_client.read_exact(&mut preface).await?;
    to_server.write_all(&preface).await?;
    let (mut from_client, mut from_server) = (frames(from_client), frames(from_server));
    let mut streams = BTreeSet::new();
    let quiet = sleep(PROXY_LIMIT);
    tokio::pin!(quiet);
    loop {
        let (frame, back, on) = tokio::select! {
            biased;
            frame = from_client.next() => (frame, &mut to_client, &mut to_server),
            frame = from_server.next() => (frame, &mut to_server, &mut to_client),
            () = &mut quiet, if !streams.is_empty() => break,
        };
        let Some(mut frame) = frame.transpose()? else {
            return Ok(());
        };
        match frame[3] {
            PING if frame[4] & ACK == 0 => {
                frame[4] |= ACK;
                back.write_all(&frame).await?;
                continue;
            }
            DATA => quiet.as_mut().reset(Instant::now() + PROXY_LIMIT),
            HEADERS if streams.insert(stream_of(&frame)) => {
                quiet.as_mut().reset(Instant::now() + PROXY_LIMIT);
            }
            _ => {}
        }
        on.write_all(&frame).await?;
    }
    info!(step = "cuts", "no message for 60 s: ends the call");
    for stream in streams {
        to_client.write_all(&RST_STREAM).await?;
        to_client.write_u32(stream).await?;
        to_client.write_u32(INTERNAL_ERROR).await?;
    }
    Ok(())
}
// ANCHOR_END: pass_on

/// Whole frames, their heads included.
fn frames(from: ReadHalf<Stream>) -> FramedRead<ReadHalf<Stream>, LengthDelimitedCodec> {
    LengthDelimitedCodec::builder()
        .length_field_length(3)
        .length_adjustment(HEAD as isize)
        .num_skip(0)
        .new_read(from)
}

fn stream_of(frame: &BytesMut) -> u32 {
    let id = [
        frame[HEAD - 4],
        frame[HEAD - 3],
        frame[HEAD - 2],
        frame[HEAD - 1],
    ];
    u32::from_be_bytes(id)
}
