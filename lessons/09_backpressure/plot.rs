//! Made, delivered and read over time, as lines of text.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};
use tonic::transport::Server;
use tracing::info;
use workbook::lab::Lab;
use workbook::proto::files::file_service_server::FileServiceServer;
use workbook::{Failure, Network, Outcome};

use super::client::{DEFAULT_WINDOW, download, next};
use super::files::{Files, Producer};

/// How often a line is drawn.
const SAMPLE: Duration = Duration::from_millis(200);
/// How long the client reads nothing.
const UNREAD_FOR: Duration = Duration::from_secs(1);
/// From then on it reads a chunk this often.
const READ_EVERY: Duration = Duration::from_millis(20);
/// When the plot ends.
const LENGTH: Duration = Duration::from_secs(3);

/// How many chunks one sign of the plot stands for.
const SCALE: usize = 4;

/// Draws a line of the plot every 200 ms while a client reads.
pub async fn plot(network: Network) -> Outcome {
    let Some(lab) = network.in_lab() else {
        return Err(Failure::Other("the plot needs the lab".to_owned()));
    };
    // The plot looks at both sides at the same instant, so it serves a counter of its own.
    let made = Arc::new(AtomicUsize::new(0));
    let producer = Producer::Counted(Arc::clone(&made));
    lab.serve(Server::builder().add_service(FileServiceServer::new(Files { producer })));

    let mut chunks = download(&network, DEFAULT_WINDOW, 10_000).await?;
    let read = AtomicUsize::new(0);
    let reads = async {
        let begin = Instant::now() + UNREAD_FOR;
        sleep_until(begin).await;
        let mut ticks = interval(READ_EVERY);
        loop {
            ticks.tick().await;
            if next(&mut chunks).await?.is_none() {
                return Ok(());
            }
            read.fetch_add(1, Ordering::Relaxed);
        }
    };
    let draws = async {
        info!("read, delivered, made; each # = - is {SCALE} chunks");
        let mut samples = interval(SAMPLE);
        samples.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let end = Instant::now() + LENGTH;
        while samples.tick().await < end {
            let counts = [&read, &*made].map(|count| count.load(Ordering::Relaxed));
            draw(counts[0], delivered(lab), counts[1]);
        }
    };
    tokio::select! {
        biased;
        () = draws => Ok(()),
        outcome = reads => outcome,
    }
}

/// Messages that the wire has carried to the client, read or not.
fn delivered(lab: &Lab) -> usize {
    let calls = lab.calls();
    let messages = calls.last().map_or(0, |call| call.response.messages);
    usize::try_from(messages).unwrap_or(usize::MAX)
}

fn draw(read: usize, delivered: usize, made: usize) {
    let bar = |sign: &str, from: usize, to: usize| sign.repeat(to / SCALE - from / SCALE);
    let signs = [
        bar("#", 0, read),
        bar("=", read, delivered),
        bar("-", delivered, made),
    ];
    info!(
        read,
        delivered,
        made,
        "{read:>3} {delivered:>3} {made:>3} {}",
        signs.concat()
    );
}
