//! Exercise 11: a client that stays responsive beside unread downloads.
//!
//! A program has up to 20 downloads open at a time, and opens and drops many of them. It reads some of
//! them at once, some late and some never. Write its `Client`:
//! - `greet` is answered at once, however many downloads are unread. No call waits for the answer
//!   of another.
//! - A download that is read goes on, however many others are unread.
//! - Each download delivers every chunk of its file, in order, whenever it is read. No chunk is dropped,
//!   and none is read ahead: at most 4 MiB of a file are in flight.
//! - Whatever was opened for a download is closed when that download is dropped, and everything is closed
//!   when the client is dropped.
//! - The status of a call that fails is returned unchanged, and that of a connection that cannot be made.
//!
//! Check it:     cargo run --bin lesson11 -- check

use tonic::{Status, Streaming};
use workbook::proto::files::FileChunk;

use super::network::Network;

/// The program's connections to its server.
pub struct Client {}

impl Client {
    /// Connects. `network.connect(|endpoint| …)` opens a connection each time.
    pub async fn new(network: Network) -> Result<Self, Status> {
        let _ = network;
        todo!("connect: how often, and when?")
    }

    /// Begins to download a file.
    pub async fn download(&self, file_id: &str) -> Result<Streaming<FileChunk>, Status> {
        let _ = file_id;
        todo!("FileServiceClient::download_file, over which connection?")
    }

    /// Greets.
    pub async fn greet(&self, name: &str) -> Result<String, Status> {
        let _ = name;
        todo!("GreeterServiceClient::say_hi, over which connection?")
    }
}
