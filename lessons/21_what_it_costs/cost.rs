//! What a piece of work costs: time, and in the lab the frames and the bytes of messages.

use tokio::time::Instant;
use tracing::info;
use workbook::Network;
use workbook::lab::Lab;
use workbook::wire::Direction::{ToClient, ToServer};
use workbook::wire::{Traffic, grouped};

/// Counts from the moment when it is made.
pub struct Cost<'a> {
    network: &'a Network,
    began: Instant,
    before: Option<[Traffic; 2]>,
}

impl<'a> Cost<'a> {
    pub fn from_now(network: &'a Network) -> Self {
        Self {
            network,
            began: Instant::now(),
            before: network.in_lab().map(traffic),
        }
    }

    /// Logs what `work` has cost.
    pub fn log(&self, work: &str) {
        let took = self.began.elapsed();
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        info!(ms, "{work}: {} s", took.as_secs_f64());
        let now = self.network.in_lab().map(traffic);
        let Some(([server_before, client_before], [to_server, to_client])) = self.before.zip(now)
        else {
            // Over TCP nothing reads the frames.
            return;
        };
        let (sent, got) = (to_server - server_before, to_client - client_before);
        info!(
            sent_frames = sent.frames,
            sent_data = sent.data_frames,
            sent_bytes = sent.data_bytes,
            "sent {} frames: {} of DATA, with {} bytes",
            grouped(sent.frames),
            grouped(sent.data_frames),
            grouped(sent.data_bytes),
        );
        info!(
            got_frames = got.frames,
            got_data = got.data_frames,
            got_bytes = got.data_bytes,
            "got {} frames: {} of DATA, with {} bytes",
            grouped(got.frames),
            grouped(got.data_frames),
            grouped(got.data_bytes),
        );
    }
}

/// What the lab has carried so far, to its server and to its client.
fn traffic(lab: &Lab) -> [Traffic; 2] {
    [lab.traffic(ToServer), lab.traffic(ToClient)]
}
