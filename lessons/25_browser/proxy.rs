//! What lies between a page and its server: something that cuts bytes anywhere, or ends a body for a server
//! that has gone.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy, split};
use tokio::task::JoinSet;
use tokio::time::sleep;
use tracing::{Instrument as _, info};
use workbook::Network;
use workbook::lesson::{Listener, Stream};

/// Bytes that pass at once: fewer than a frame's head and its message, and no multiple of the four characters
/// of a base64 group.
const PIECE: usize = 7;
/// From one piece to the next, so that each is read alone.
const BETWEEN: Duration = Duration::from_millis(1);
/// The chunk that ends a body in HTTP/1.1: RFC 9112, section 7.1.
const LAST_CHUNK: &[u8] = b"0\r\n\r\n";
/// What is read from a connection at once.
const BUFFER: usize = 8 * 1024;

/// Passes a few bytes at a time, as a slow link does.
pub async fn in_pieces(network: Network, listener: Listener) {
    relay(network, listener, |client, server| async {
        let (mut from_client, mut to_client) = split(client);
        let (mut from_server, mut to_server) = split(server);
        let there = copy(&mut from_client, &mut to_server);
        let back = async {
            let mut piece = [0; PIECE];
            loop {
                let read = from_server.read(&mut piece).await?;
                if read == 0 {
                    return to_client.shutdown().await;
                }
                to_client.write_all(&piece[..read]).await?;
                sleep(BETWEEN).await;
            }
        };
        tokio::select! {
            biased;
            back = back => back,
            there = there => there.map(drop),
        }
    })
    .await;
}

// ANCHOR: ends
/// Ends the body in good order when the server has gone, as some proxies do.
pub async fn ends_bodies(network: Network, listener: Listener) {
    relay(network, listener, |client, server| async {
        let (mut from_client, mut to_client) = split(client);
        let (mut from_server, mut to_server) = split(server);
        let there = copy(&mut from_client, &mut to_server);
        let back = async {
            let mut bytes = [0; BUFFER];
            while let Ok(read @ 1..) = from_server.read(&mut bytes).await {
                to_client.write_all(&bytes[..read]).await?;
            }
            info!(step = "ends", "the server has gone: ends the body");
            to_client.write_all(LAST_CHUNK).await
        };
        tokio::select! {
            biased;
            back = back => back,
            there = there => there.map(drop),
        }
    })
    .await;
}
// ANCHOR_END: ends

/// Opens a connection to the server for each that it accepts. They end with this future.
async fn relay<F>(
    network: Network,
    mut listener: Listener,
    pass_on: impl Fn(Stream, Stream) -> F + Copy + Send + 'static,
) where
    F: Future<Output = io::Result<()>> + Send,
{
    let mut connections = JoinSet::new();
    loop {
        let client = tokio::select! {
            biased;
            Some(_) = connections.join_next() => continue,
            client = listener.accept() => client,
        };
        let Some(client) = client else {
            return;
        };
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
