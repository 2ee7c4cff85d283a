//! Exercise 11: a client that stays responsive, whatever is not read.
//!
//! A program has up to 20 downloads open at a time, opens and drops many in its life, and reads them when
//! it likes, or not at all. Write its `Client`:
//! - `greet` is answered at once, however many downloads stand still.
//! - A download that is read goes on, however many others stand still.
//! - Each download gives every chunk of its file, in order, whenever it is read. Nothing is thrown
//!   away, and nothing is read ahead: at most 4 MiB of a file are under way.
//! - What was opened for a download is closed when it is dropped; everything, when the client is.
//!
//! Check it:     cargo run --bin lesson11 -- check

use tonic::{Status, Streaming};
use workbook::proto::files::FileChunk;

use super::network::Network;

/// The program's way to its server.
pub struct Client {}

impl Client {
    /// Connects. `network.connect(|endpoint| …)` opens a connection each time.
    pub async fn new(network: Network) -> Result<Self, Status> {
        let _ = network;
        todo!("connect, once or more, now or later")
    }

    /// Begins to download a file.
    pub async fn download(&self, file_id: &str) -> Result<Streaming<FileChunk>, Status> {
        let _ = file_id;
        todo!("FileServiceClient::download_file, over which connection?")
    }

    /// Says hello.
    pub async fn greet(&self, name: &str) -> Result<String, Status> {
        let _ = name;
        todo!("GreeterServiceClient::say_hi, over which connection?")
    }
}
